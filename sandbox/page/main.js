// Starts the page and keeps it in step with the sandbox's receipts.
import * as bar from "./bar.js";
import * as groups from "./groups.js";
import { look, make, tried } from "./net.js";
import { open } from "./phone.js";
import * as trouble from "./trouble.js";
import { choose, current, label, t } from "./words.js";

const frame = document.getElementById("case");
let server = null;
let consoleUrl = null;
let reloading = null;
let begun = false;
let businesses = [];
let phones = [];
let phone = null;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function drawServer() {
  const pill = document.getElementById("server");
  pill.className = server === null ? "pill" : server ? "pill up" : "pill down";
  pill.textContent = t(server === null ? "server_unknown" : server ? "server_up" : "server_down");
  for (const away of document.querySelectorAll(".away")) away.hidden = server !== false;
}

async function checkServer() {
  const was = server;
  server = (await look("server")).up;
  drawServer();
  if (server !== was) showCase(true);
}

function showCase(again = false) {
  const person = phone.chosen;
  document.getElementById("case-title").textContent = t("case_of", { name: person.stranger ? person.phone : person.name });
  const ready = Boolean(consoleUrl && server && frame.dataset.spoken === "yes");
  frame.hidden = !ready;
  document.getElementById("no-case").hidden = ready;
  const why = server === false ? "no_server" : "no_case";
  document.getElementById("no-case-what").textContent = t(why);
  document.getElementById("no-case-help").textContent = t(`${why}_help`);
  if (!ready) return;
  const conversation = (person.phone ?? person.user_id).replace(/[^\w.]/g, "");
  const desk = phone.key ? `/of/${phone.key}` : "";
  const address = `${consoleUrl}/console${desk}/cases/latest?conversation=${encodeURIComponent(conversation)}&lang=${current()}`;
  // The case view keeps itself up to date; setting its address again would lose its place.
  if (frame.getAttribute("src") !== address || again) frame.src = address;
}

function showCaseSoon() {
  clearTimeout(reloading);
  reloading = setTimeout(openCase, 700);
}

const openCase = tried(async () => {
  const chat = await phone.chat();
  frame.dataset.spoken = chat.messages.length ? "yes" : "no";
  showCase();
});

function hear(events) {
  const kinds = events.map((event) => event.kind);
  const about = (start) => kinds.some((kind) => kind.startsWith(start));
  const work = [];
  if (about("whatsapp.") || about("clock")) work.push(...phones.map((each) => each.refresh()));
  if (about("telegram.")) work.push(groups.refresh());
  if (events.some((event) => event.result !== undefined && event.result !== 200)) work.push(checkServer());
  if (["whatsapp.inbound", "whatsapp.send", "telegram.edit", "telegram.send", "clock"].some(about)) showCaseSoon();
  return Promise.all(work);
}

async function follow(seq) {
  for (let last = seq; ;) {
    try {
      const told = await look(`events?after=${last}&wait=20`);
      last = told.last;
      await hear(told.events);
      const state = await look("state");
      consoleUrl = state.console_url;
      bar.update({ ...state, timezone: inHand().timezone });
      document.getElementById("gone").hidden = true;
    } catch {
      document.getElementById("gone").hidden = false;
      await pause(1500);
    }
  }
}

function relabel() {
  label();
  document.title = t("title");
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === current()));
  }
}

function speak(language) {
  choose(language);
  relabel();
  return begun ? redraw() : null;
}

function redraw() {
  bar.draw();
  drawServer();
  trouble.draw();
  for (const each of phones) each.draw(each === phone);
  drawPhones();
  groups.draw();
  showCase();
  return Promise.all([...phones.map((each) => each.refresh()), groups.refresh()]);
}

const inHand = () => businesses[phones.indexOf(phone)];

// With several businesses the people, the groups and the case are those of the phone in hand.
function drawPhones() {
  document.getElementById("phones").replaceChildren(...phones.map((each) =>
    make("button", { type: "button", "aria-pressed": String(each === phone), onclick: () => take(each) }, each.business)));
}

async function take(other, again = false) {
  // A phone taken up before the page stands is the one it opens with.
  if (!begun) phone = other;
  else if (other !== phone) {
    phone = other;
    for (const each of phones) each.hold(each === phone);
    drawPhones();
    bar.zone(inHand().timezone);
    groups.show(inHand());
    await groups.refresh();
  } else if (!again) return;
  if (begun) await openCase();
}

async function start() {
  // The switch works from the first moment: what is drawn later is drawn in the language chosen by then.
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  choose(current());
  relabel();
  const state = await look("state");
  consoleUrl = state.console_url;
  bar.start();
  bar.update(state);
  const own = { key: "", business: state.business, timezone: state.timezone };
  const beside = state.beside.flatMap((other) => other.lanes);
  businesses = [{ ...own, lanes: state.lanes.filter((lane) => !beside.includes(lane)) }, ...state.beside];
  for (const business of businesses) phones.push(await open(business, take));
  phone ??= phones[0];
  document.getElementById("phones").hidden = phones.length < 2;
  // Two phones stand side by side where there is room; of more the one in hand is shown.
  if (phones.length > 1) document.querySelector("main").classList.add(phones.length === 2 ? "several" : "switched");
  await groups.start(businesses);
  begun = true;
  groups.show(inHand());
  await redraw();
  document.getElementById("reload").addEventListener("click", () => showCase(true));
  trouble.start();
  await openCase();
  await checkServer();
  setInterval(() => checkServer().catch(() => {}), 5000);
  setInterval(() => phones.forEach((each) => each.refresh()), 4000);
  await follow(state.seq);
}

start();
