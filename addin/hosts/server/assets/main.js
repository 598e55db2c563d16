// The task pane: the buttons, the questions before a command, what it says afterwards, undo, and the token.
import { blobOf, look, readFile, takeSteps } from "./workbook.js";

const { texts, groups } = JSON.parse(document.getElementById("fenji-pane").textContent);
const buttons = groups.flatMap((group) => group.buttons);
const $ = (id) => document.getElementById(id);
// The last step, kept as long as the workbook is open: what it changed, what takes it back, and what stood there then.
let last = null;
let lang = "en";
let answer = null;
let running = null; // the button whose command runs

const say = (text) => text[lang];
const said = (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), say(texts[key]));

// What the server tells xlwings' JavaScript to call with the answer.
async function fenjiAnswer(context, given) {
  answer = given;
  if (given.status !== "done") return;
  if (given.steps.length) await change(context, given);
  if (given.show) await show(context, given.show);
}

// Changes the workbook as the answer says; when Excel refuses a part of it, all of it is taken back.
async function change(context, given) {
  try {
    await takeSteps(context, given.steps);
  } catch (error) {
    console.error(error);
    answer = { status: "failed", message: said("halfway", { reason: error.message }) }; // unless all can be taken back
    await takeSteps(context, given.back);
    answer.message = said("refused", { reason: error.message });
    return;
  }
  last = { command: running.command, time: now(), steps: given.steps, back: given.back, isUndone: false };
  last.seen = await look(context, last.back);
}

async function show(context, name) {
  const sheet = context.workbook.worksheets.getItemOrNullObject(name);
  await context.sync();
  if (!sheet.isNullObject) sheet.activate();
  await context.sync();
}

const now = () => new Date().toLocaleTimeString(lang === "zh" ? "zh-CN" : "en", { hour: "2-digit", minute: "2-digit", hour12: false });

// A click on a button, in the ribbon or in the pane.
async function start(command, argument) {
  if (running) return;
  const button = buttons.find((one) => one.command === command);
  clearAll();
  if (!localStorage.getItem("fenjiToken") && config.authProviders.includes("fenji")) {
    $("fenji-access").open = true;
    tell("failed", said("token_first"));
    $("fenji-token").elements.token.focus();
    return;
  }
  if (argument === undefined && (button.question || button.choices.length)) return ask(button);
  await run(button, argument ?? "");
}

function ask(button) {
  const form = $("fenji-question");
  const field = form.elements.answer;
  const choice = form.elements.choice;
  const hasChoices = button.choices.length > 0;
  form.dataset.command = button.command;
  $("fenji-asked").textContent = hasChoices ? say(button.label) : say(button.question);
  $("fenji-asked").htmlFor = hasChoices ? "fenji-choice" : "fenji-answer-text";
  choice.replaceChildren(...button.choices.map((one) => new Option(say(one.label), one.value)));
  choice.hidden = !hasChoices;
  field.hidden = hasChoices;
  field.value = "";
  form.hidden = false;
  (hasChoices ? choice : field).focus();
}

async function run(button, argument) {
  running = button;
  busy(true, said("running", { command: say(button.label) }));
  answer = null;
  try {
    if (button.command === "undo") await undo();
    else await onServer(button, argument);
    await handOver();
  } catch (error) {
    console.error(error);
    answer = { status: "failed", message: said("broken", { reason: error.message ?? error }) };
  }
  running = null;
  busy(false);
  tell(answer.status, answer.message);
}

async function onServer(button, argument) {
  const access = await globalThis.getAuth();
  const request = {
    command: button.command,
    lang,
    argument,
    workbook: button.sends ? await readFile() : "",
    keep_charts: Office.context.platform !== Office.PlatformType.OfficeOnline,
  };
  $("global-error-alert").querySelector("span").textContent = "";
  await xlwings.runPython({
    scriptName: "fenji",
    auth: access.token,
    headers: { "Auth-Provider": access.provider },
    include: "/",
    errorDisplayMode: "taskpane",
    args: [request],
  });
  if (answer === null) answer = { status: "failed", message: unanswered() };
}

// What xlwings' JavaScript says when the server did not answer.
function unanswered() {
  const alert = $("global-error-alert");
  const reason = alert.querySelector("span").textContent;
  alert.classList.add("d-none");
  return said("broken", { reason });
}

// Takes the last step back, or does it again; both are the same with their lists changed over.
async function undo() {
  if (last === null) {
    answer = { status: "failed", message: said("nothing_to_undo") };
    return;
  }
  await Excel.run(async (context) => {
    if ((await look(context, last.back)) !== last.seen) {
      answer = { status: "failed", message: said("changed_since") };
      return;
    }
    await takeSteps(context, last.back);
    last = { ...last, steps: last.back, back: last.steps, isUndone: !last.isUndone };
    last.seen = await look(context, last.back);
    const label = say(buttons.find((one) => one.command === last.command).label);
    answer = { status: "done", message: said(last.isUndone ? "undone" : "redone", { command: label, time: last.time }) };
  });
}

// What comes beside the message: a new workbook, a page, a copy.
async function handOver() {
  if (answer.open) await Excel.createWorkbook(answer.open);
  if (answer.page) showPage(answer.page);
  if (answer.download) await offer(answer.download);
}

function showPage(page) {
  const frame = $("fenji-page");
  frame.srcdoc = page;
  frame.hidden = false;
}

async function offer(name) {
  const link = $("fenji-copy");
  link.href = URL.createObjectURL(blobOf(await readFile()));
  link.download = name;
  link.textContent = name;
  link.hidden = false;
  link.focus();
}

function clearAll() {
  for (const id of ["fenji-question", "fenji-page", "fenji-copy", "fenji-message"]) $(id).hidden = true;
}

function tell(status, message) {
  const place = $("fenji-message");
  place.className = `fenji-${status}`;
  place.textContent = message;
  place.hidden = false;
}

function busy(on, message) {
  document.body.setAttribute("aria-busy", String(on));
  for (const one of document.querySelectorAll("#fenji-buttons button")) one.disabled = on;
  if (on) tell("running", message);
}

// The same buttons as in the ribbon, for the keyboard and for Excel without it.
function draw() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = said(place.dataset.text);
  $("fenji-buttons").replaceChildren(
    ...groups.map((group) => {
      const section = document.createElement("section");
      const title = document.createElement("h2");
      title.textContent = say(group.label);
      section.append(title, ...group.buttons.map(drawn));
      return section;
    }),
  );
}

function drawn(button) {
  const made = document.createElement("button");
  made.type = "button";
  made.id = `fenji-${button.command}`;
  made.textContent = say(button.label);
  made.title = say(button.tip);
  made.addEventListener("click", () => start(button.command));
  return made;
}

function associate(id, command, argument) {
  Office.actions.associate(id, async (event) => {
    try {
      await Office.addin.showAsTaskpane();
      await start(command, argument);
    } finally {
      event.completed();
    }
  });
}

Office.onReady(() => {
  lang = (Office.context.displayLanguage || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
  draw();
  xlwings.registerCallback(fenjiAnswer);
  for (const button of buttons) {
    if (!button.choices.length) associate(button.id, button.command);
    button.choices.forEach((choice, i) => associate(`${button.id}.${i + 1}`, button.command, choice.value));
  }
  $("fenji-access").open = !localStorage.getItem("fenjiToken");
  $("fenji-access").hidden = !config.authProviders.includes("fenji");
  document.body.dataset.ready = "true";
});

$("fenji-question").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const given = form.elements.choice.hidden ? form.elements.answer.value : form.elements.choice.value;
  form.hidden = true;
  run(buttons.find((one) => one.command === form.dataset.command), given);
});

$("fenji-question").addEventListener("reset", (event) => (event.target.hidden = true));

$("fenji-token").addEventListener("submit", (event) => {
  event.preventDefault();
  localStorage.setItem("fenjiToken", event.target.elements.token.value.trim());
  event.target.elements.token.value = "";
  $("fenji-access").open = false;
  tell("done", said("token_saved"));
});
