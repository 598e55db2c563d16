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

// Takes the steps in their order.
export async function takeSteps(context, steps) {
  const sending = new Sending(context);
  for (const step of steps) await TAKE[step.kind](context, step, sending);
  await context.sync();
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
    for (const name of step.sheets) {
      const there = context.workbook.worksheets.getItemOrNullObject(name);
      await context.sync();
      if (!there.isNullObject) throw new Error(`There is a sheet '${name}' already.`);
    }
    const place = step.after ? { positionType: "After", relativeTo: step.after } : { positionType: "Beginning" };
    context.workbook.insertWorksheetsFromBase64(step.workbook, { sheetNamesToInsert: step.sheets, ...place });
    await context.sync();
  },

  async resize_table(context, step) {
    context.workbook.tables.getItem(step.table).resize(rangeOf(context, step));
  },

  async cells(context, step, sending) {
    const whole = rangeOf(context, step);
    const width = step.formulas[0].length;
    for (const [first, rows] of inParts(step.formulas, width)) {
      const part = rows.length === step.formulas.length ? whole : whole.getCell(first, 0).getResizedRange(rows.length - 1, width - 1);
      part.formulas = rows;
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

  async name(context, step) {
    const names = step.sheet === null ? context.workbook.names : context.workbook.worksheets.getItem(step.sheet).names;
    const known = names.getItemOrNullObject(step.name);
    await context.sync();
    if (step.refers_to === null) {
      if (!known.isNullObject) known.delete();
    } else if (known.isNullObject) {
      names.add(step.name, step.refers_to);
    } else {
      known.formula = step.refers_to;
    }
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
  const seen = [];
  for (const step of steps) {
    if (step.kind === "cells") seen.push(await lookAtCells(context, step));
    const names = step.kind === "delete_sheet" ? [step.sheet] : step.kind === "insert_sheets" ? step.sheets : [];
    for (const name of names) {
      const sheet = context.workbook.worksheets.getItemOrNullObject(name);
      await context.sync();
      seen.push(!sheet.isNullObject);
    }
  }
  return JSON.stringify(seen);
}

async function lookAtCells(context, step) {
  const sheet = context.workbook.worksheets.getItemOrNullObject(step.sheet);
  await context.sync();
  if (sheet.isNullObject) return null;
  const width = step.formulas[0].length;
  let digest = 0;
  for (const [first, rows] of inParts(step.formulas, width)) {
    const part = sheet.getRange(step.address).getCell(first, 0).getResizedRange(rows.length - 1, width - 1);
    part.load("formulas");
    await context.sync();
    digest = digested(JSON.stringify(part.formulas), digest);
  }
  return digest;
}

function digested(text, digest) {
  for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) | 0;
  return digest;
}

// Rows in parts that one request can carry: number of the first row, and the rows.
function* inParts(rows, width) {
  const height = Math.max(1, Math.floor(CELLS_AT_ONCE / width));
  for (let first = 0; first < rows.length; first += height) yield [first, rows.slice(first, first + height)];
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
