// The workbook that is open in Excel: hands out its file, takes the steps the server sends, looks at what stands there.

const SLICE = 4194304; // bytes; the most Office hands out at once
const CELLS_AT_ONCE = 20000;
const CHARACTERS_AT_ONCE = 1000000; // Excel on the web takes five million bytes a request

// The workbook as Excel would save it, in base64.
export async function readFile() {
  const file = await asked((done) => Office.context.document.getFileAsync(Office.FileType.Compressed, { sliceSize: SLICE }, done));
  try {
    const parts = [];
    for (let i = 0; i < file.sliceCount; i++) {
      const slice = await asked((done) => file.getSliceAsync(i, done));
      parts.push(new Uint8Array(slice.data));
    }
    return await base64(new Blob(parts));
  } finally {
    file.closeAsync(() => {});
  }
}

function asked(call) {
  return new Promise((resolve, reject) =>
    call((result) => (result.status === Office.AsyncResultStatus.Succeeded ? resolve(result.value) : reject(new Error(result.error.message)))),
  );
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

export function blobOf(text) {
  return new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]);
}

// Takes the steps in their order; each request to Excel carries as many as it can.
export async function takeSteps(context, steps) {
  const sending = new Sending(context);
  for (let i = 0; i < steps.length; i++) {
    if (steps[i].kind === "name") {
      const names = [];
      while (steps[i]?.kind === "name") names.push(steps[i++]);
      i--;
      await takeNames(context, names);
    } else {
      await TAKE[steps[i].kind](context, steps[i], sending);
    }
  }
  await context.sync();
}

async function takeNames(context, steps) {
  const known = steps.map((step) => namesOf(context, step).getItemOrNullObject(step.name));
  await context.sync();
  steps.forEach((step, i) => {
    if (step.refers_to === null) {
      if (!known[i].isNullObject) known[i].delete();
    } else if (known[i].isNullObject) {
      namesOf(context, step).add(step.name, step.refers_to);
    } else {
      known[i].formula = step.refers_to;
    }
  });
}

function namesOf(context, step) {
  return step.sheet === null ? context.workbook.names : context.workbook.worksheets.getItem(step.sheet).names;
}

// Sends what is queued before it becomes too much for one request.
class Sending {
  constructor(context) {
    this.context = context;
    this.waiting = 0;
  }

  async add(characters) {
    this.waiting += characters;
    if (this.waiting < CHARACTERS_AT_ONCE) return;
    this.waiting = 0;
    await this.context.sync();
  }
}

const TAKE = {
  async delete_sheet(context, step) {
    const sheet = context.workbook.worksheets.getItemOrNullObject(step.sheet);
    await context.sync();
    if (sheet.isNullObject) return;
    sheet.delete();
    await context.sync();
  },

  async insert_sheets(context, step) {
    const there = sheetsNamed(context, step.sheets);
    await context.sync();
    const taken = step.sheets.filter((_, i) => !there[i].isNullObject);
    if (taken.length) throw new Error(`There is a sheet '${taken[0]}' already.`);
    const place = step.after ? { positionType: "After", relativeTo: step.after } : { positionType: "Beginning" };
    context.workbook.insertWorksheetsFromBase64(step.workbook, { sheetNamesToInsert: step.sheets, ...place });
    await context.sync();
  },

  async resize_table(context, step) {
    context.workbook.tables.getItem(step.table).resize(rangeOf(context, step));
  },

  async cells(context, step, sending) {
    for (const { range, rows } of partsOf(context, step)) {
      range.formulas = rows;
      await sending.add(JSON.stringify(rows).length);
    }
  },

  async format(context, step) {
    const range = rangeOf(context, step);
    if ("number_format" in step) range.numberFormat = step.number_format;
    if ("fill" in step) step.fill ? (range.format.fill.color = step.fill) : range.format.fill.clear();
    if ("bold" in step) range.format.font.bold = step.bold;
    if ("italic" in step) range.format.font.italic = step.italic;
    if ("size" in step) range.format.font.size = step.size;
    if ("font_color" in step) range.format.font.color = step.font_color;
    if ("wrap" in step) range.format.wrapText = step.wrap;
    if ("horizontal" in step) range.format.horizontalAlignment = step.horizontal[0].toUpperCase() + step.horizontal.slice(1);
  },

  async column_width(context, step) {
    rangeOf(context, step).format.columnWidth = step.points;
  },

  async print_area(context, step) {
    const sheet = context.workbook.worksheets.getItem(step.sheet);
    sheet.pageLayout.setPrintArea(step.address || sheet.getRange());
  },

  async refresh_pivots(context, step) {
    await context.sync();
    context.workbook.worksheets.getItem(step.sheet).pivotTables.refreshAll();
  },

  async pivot(context, step) {
    const sheet = context.workbook.worksheets.getItem(step.sheet);
    const pivot = sheet.pivotTables.add(step.name, context.workbook.tables.getItem(step.table), sheet.getRange(step.cell));
    const field = (name) => pivot.hierarchies.getItem(name);
    for (const name of step.rows) pivot.rowHierarchies.add(field(name));
    for (const name of step.columns) pivot.columnHierarchies.add(field(name));
    for (const name of step.filters) pivot.filterHierarchies.add(field(name));
    for (const value of step.values) {
      const data = pivot.dataHierarchies.add(field(value.field));
      data.summarizeBy = value.function;
      data.name = value.name;
      if (value.number_format) data.numberFormat = value.number_format;
    }
    await context.sync();
  },

  async chart(context, step) {
    const sheet = context.workbook.worksheets.getItem(step.sheet);
    const chart = sheet.charts.add(step.type, referred(context, step.series[0].values), "Columns");
    chart.name = step.name;
    for (const side of ["left", "top", "width", "height"]) chart[side] = step[side];
    step.series.forEach((wanted, i) => drawSeries(context, i ? chart.series.add(wanted.name) : chart.series.getItemAt(0), wanted));
    chart.title.visible = step.title !== null;
    if (step.title_formula) chart.title.setFormula(step.title_formula);
    else if (step.title !== null) chart.title.text = step.title;
    chart.legend.visible = step.legend !== null;
    if (step.legend) chart.legend.position = step.legend[0].toUpperCase() + step.legend.slice(1);
    if (step.category_axis) drawAxis(chart.axes.categoryAxis, step.category_axis, false);
    if (step.value_axis) drawAxis(chart.axes.valueAxis, step.value_axis, true);
    await context.sync();
  },
};

function drawSeries(context, series, wanted) {
  series.name = wanted.name;
  series.setValues(referred(context, wanted.values));
  if (wanted.categories) series.setXAxisValues(referred(context, wanted.categories));
  series.chartType = wanted.type;
  if (wanted.secondary) series.axisGroup = "Secondary";
  if (wanted.fill) series.format.fill.setSolidColor(wanted.fill);
  if (wanted.line) series.format.line.color = wanted.line;
  if (wanted.gap !== null) series.gapWidth = wanted.gap;
  wanted.points.forEach((color, i) => color && series.points.getItemAt(i).format.fill.setSolidColor(color));
  series.hasDataLabels = wanted.labels !== null;
  if (wanted.labels !== null) {
    series.dataLabels.numberFormat = wanted.labels;
    if (wanted.type === "Pie" || wanted.type === "Doughnut") {
      series.dataLabels.showValue = false;
      series.dataLabels.showPercentage = true;
    }
  }
}

function drawAxis(axis, wanted, isValues) {
  axis.visible = wanted.visible;
  axis.title.visible = wanted.title !== null;
  if (wanted.title !== null) axis.title.text = wanted.title;
  axis.reversePlotOrder = wanted.reverse;
  if (isValues) {
    axis.numberFormat = wanted.number_format;
    if (wanted.minimum !== null) axis.minimum = wanted.minimum;
    if (wanted.maximum !== null) axis.maximum = wanted.maximum;
  }
}

// A digest of what stands where `steps` would write, and of which sheets they would delete or bring are there.
export async function look(context, steps) {
  const wanted = [...new Set(steps.flatMap((step) => (step.kind === "cells" || step.kind === "delete_sheet" ? [step.sheet] : (step.sheets ?? []))))];
  const there = sheetsNamed(context, wanted);
  await context.sync();
  const known = new Set(wanted.filter((_, i) => !there[i].isNullObject));
  const seen = wanted.map((name) => known.has(name));
  const waiting = [];
  let cells = 0;
  for (const step of steps.filter((one) => one.kind === "cells" && known.has(one.sheet))) {
    for (const part of partsOf(context, step)) {
      part.range.load("formulas");
      waiting.push(part.range);
      cells += part.rows.length * part.rows[0].length;
      if (cells < CELLS_AT_ONCE) continue;
      await context.sync();
      seen.push(digest(waiting.splice(0)));
      cells = 0;
    }
  }
  await context.sync();
  seen.push(digest(waiting));
  return JSON.stringify(seen);
}

function digest(ranges) {
  const text = JSON.stringify(ranges.map((range) => range.formulas));
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return sum;
}

function sheetsNamed(context, names) {
  return names.map((name) => context.workbook.worksheets.getItemOrNullObject(name));
}

// The cells of a step in parts that one request can carry.
function* partsOf(context, step) {
  const whole = rangeOf(context, step);
  const width = step.formulas[0].length;
  const height = Math.max(1, Math.floor(CELLS_AT_ONCE / width));
  if (step.formulas.length <= height) {
    yield { range: whole, rows: step.formulas };
    return;
  }
  for (let first = 0; first < step.formulas.length; first += height) {
    const rows = step.formulas.slice(first, first + height);
    yield { range: whole.getCell(first, 0).getResizedRange(rows.length - 1, width - 1), rows };
  }
}

function rangeOf(context, step) {
  return context.workbook.worksheets.getItem(step.sheet).getRange(step.address);
}

// The range a chart's formula means: 'My sheet'!$A$2:$A$9.
function referred(context, formula) {
  const at = formula.lastIndexOf("!");
  const sheet = formula.slice(0, at).replace(/^'|'$/g, "").replaceAll("''", "'");
  return context.workbook.worksheets.getItem(sheet).getRange(formula.slice(at + 1).replaceAll("$", ""));
}
