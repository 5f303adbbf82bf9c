// The Telegram groups: messages as they stand, their buttons, and who presses them.
import { act, inZone, look, make, notify, tried } from "./net.js";
import { t } from "./words.js";

const ALLOWED = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "PRE", "A", "BLOCKQUOTE", "TG-SPOILER", "SPAN"]);
const STRANGER_ID = 99999001;
const room = document.getElementById("room");
const box = document.getElementById("reply-words");
let lanes = [];
let lane = "coach";
let staff = [];
let every = [];
const people = {};
let replyTo = null;
const shown = {};
const counted = {};
const answered = new Set();

export async function start(businesses) {
  every = businesses.flatMap((business) => business.lanes);
  for (const { key } of businesses) people[key] = (await look(`people?business=${key}`)).staff;
  document.getElementById("reply").addEventListener("submit", (event) => { event.preventDefault(); reply(); });
  document.getElementById("person").addEventListener("change", draw);
  document.getElementById("reply-cancel").addEventListener("click", () => answerTo(null));
  for (const name of every) for (const told of (await look(`telegram/chat/${name}`)).answers) answered.add(told.id);
  show(businesses[0]);
  await refresh();
}

// The groups shown are those of the phone in hand.
export function show(business) {
  lanes = business.lanes;
  lane = lanes.find((name) => plain(name) === "coach") ?? lanes[0];
  staff = people[business.key];
  answerTo(null);
  draw();
}

// Another business's groups are named after it as well.
const plain = (name) => name.split("@")[0];

const person = () => {
  const id = Number(document.getElementById("person").value);
  return { id, name: id === STRANGER_ID ? t("stranger") : staff.find((member) => member.telegram_user_id === id)?.name };
};

export function draw() {
  const select = document.getElementById("person");
  const kept = select.value;
  const members = staff.map((member) => make("option", { value: member.telegram_user_id }, `${member.name} (${member.roles.join(", ")})`));
  select.replaceChildren(...members, make("option", { value: STRANGER_ID }, t("stranger")));
  if ([...select.options].some((option) => option.value === kept)) select.value = kept;
  box.placeholder = t("reply_placeholder", { name: person().name });
  drawTabs();
  for (const name of every) delete shown[name];
}

function drawTabs() {
  document.getElementById("lanes").replaceChildren(...lanes.map((name) => {
    const fresh = (counted[name]?.now ?? 0) - (counted[name]?.seen ?? 0);
    return make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "room", "aria-selected": String(name === lane), onclick: () => open(name) },
      t(plain(name)), fresh > 0 && make("span", { class: "badge" }, String(fresh)));
  }));
  room.setAttribute("aria-labelledby", `tab-${lane}`);
}

async function open(name) {
  lane = name;
  answerTo(null);
  delete shown[name];
  await refresh();
}

export const refresh = tried(async () => {
  for (const name of every) {
    const chat = await look(`telegram/chat/${name}`);
    counted[name] = { now: chat.messages.length, seen: name === lane ? chat.messages.length : counted[name]?.seen ?? 0 };
    tell(chat.answers);
    const drawn = JSON.stringify(chat.messages);
    if (name !== lane || drawn === shown[name]) continue;
    const below = room.scrollHeight - room.scrollTop - room.clientHeight < 80 || !shown[name];
    shown[name] = drawn;
    room.replaceChildren(...(chat.messages.length ? chat.messages.map(card) : [empty()]));
    if (below) room.scrollTop = room.scrollHeight;
  }
  drawTabs();
});

function tell(answers) {
  for (const told of answers) {
    if (answered.has(told.id)) continue;
    answered.add(told.id);
    if (told.text) notify(told.text, told.alert ? "bad" : "info");
  }
}

function empty() {
  return make("div", { class: "empty" }, make("span", { class: "big", "aria-hidden": "true" }, plain(lane) === "incident" ? "🌤️" : "☕"),
    make("strong", {}, t(`empty_${plain(lane)}`)), make("p", {}, t(`empty_${plain(lane)}_help`)));
}

function card(message) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const keys = rows.map((row) => make("div", { class: "row" }, ...row.map((key) =>
    make("button", { type: "button", class: "key", onclick: () => press(message.message_id, key.callback_data ?? key.text) }, key.text))));
  const time = inZone(new Date((message.edit_date ?? message.date) * 1000), { hour: "2-digit", minute: "2-digit" });
  const quoted = message.reply_to_message;
  return make("article", { class: `card ${message.from.is_bot ? "bot" : "human"}`, "data-id": message.message_id },
    make("header", {}, make("strong", {}, message.from.first_name), make("span", { class: "meta" }, message.edit_date ? `${t("edited")} · ` : "", time)),
    quoted && make("blockquote", {}, (quoted.text ?? "").slice(0, 90)), attached(message), rendered(message), ...keys,
    make("button", { type: "button", class: "link", onclick: () => answerTo(message) }, t("reply")));
}

function attached(message) {
  if (!message.file) return null;
  const src = `/sandbox/telegram/file/${message.message_id}`;
  if (message.file.kind === "photo") return make("img", { class: "photo", src, alt: t("file_photo") });
  if (message.file.kind === "voice") return make("audio", { class: "voice", src, controls: "" });
  return make("p", { class: "meta" }, `📎 ${t("file_document")} · ${message.file.mime}`);
}

// Telegram's HTML is rebuilt tag by tag, so nothing but its own few tags can reach the page.
function rendered(message) {
  const body = make("div", { class: "body" });
  if (!message.html) { body.textContent = message.text; return body; }
  copy(new DOMParser().parseFromString(message.html, "text/html").body, body);
  return body;
}

function copy(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) into.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE) {
      const target = ALLOWED.has(node.tagName) ? make(node.tagName === "A" ? "u" : node.tagName.toLowerCase()) : into;
      copy(node, target);
      if (target !== into) into.append(target);
    }
  }
}

const press = tried(async (messageId, button) => {
  const { id, name } = person();
  await act("telegram/press", { chat: lane, user_id: id, name, message_id: messageId, button });
});

function answerTo(message) {
  replyTo = message;
  document.getElementById("replying").hidden = !message;
  document.getElementById("replying-words").textContent = message ? `${t("reply_to")}: ${message.text.slice(0, 70)}` : "";
  if (message) box.focus();
}

const reply = tried(async () => {
  const text = box.value.trim();
  if (!text) return;
  const { id, name } = person();
  const told = await act("telegram/say", { chat: lane, user_id: id, name, text, reply_to: replyTo?.message_id });
  if (!told.seen_by_bot) notify(t("unseen"));
  box.value = "";
  answerTo(null);
  await refresh();
});
