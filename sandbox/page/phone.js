// The customer's phone: who writes, what was said, and the ways to say more.
import { act, inZone, look, make, tried } from "./net.js";
import { current, t } from "./words.js";

const list = document.getElementById("people");
const screen = document.getElementById("chat");
const composer = document.getElementById("words");
let personas = [];
let chosen = null;
let shown = "";
let onChoose = () => {};

const STRANGER = { key: "+6281277770000", name: "", phone: "+6281277770000", stranger: true };
const strangerTries = {
  id: ["Halo kak, harga les vokal berapa ya?", "jadwal anak saya kapan?", "invoice INV-2026-0101-001, email saya contoh@example.com"],
  en: ["Hi, how much are lessons?", "When is my next lesson?", "Invoice INV-2026-0101-001, email me@example.com"],
};

export const who = () => chosen;

export async function start(business, chooseHook) {
  document.getElementById("chat-name").textContent = business;
  document.getElementById("chat-face").textContent = initials(business);
  onChoose = chooseHook;
  personas = (await look("people")).personas;
  chosen = personas[0] ?? STRANGER;
  document.getElementById("composer").addEventListener("submit", (event) => { event.preventDefault(); sendWords(); });
  composer.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendWords(); }
  });
  composer.addEventListener("input", grow);
  document.getElementById("burst").addEventListener("click", sendBurst);
  document.getElementById("photo").addEventListener("click", () => say({ kind: "image", caption: composer.value.trim() || undefined }, true));
  document.getElementById("voice").addEventListener("click", () => say({ kind: "audio" }));
  draw();
  await refresh();
}

export function draw() {
  list.replaceChildren(...personas.map(entry), entry(STRANGER));
  list.querySelector("[aria-pressed=true]")?.closest("li").scrollIntoView({ block: "nearest" });
  drawTries();
  shown = "";
}

function entry(persona) {
  const active = persona.key === chosen.key || (persona.stranger && chosen.stranger);
  const name = persona.stranger ? t("unknown") : persona.name;
  const about = persona.stranger ? t("unknown_about") : persona[`about_${current()}`];
  const button = make("button", {
    type: "button", class: "person", "aria-pressed": String(Boolean(active)), onclick: () => choose(persona),
  },
  make("span", { class: "face", style: `--hue:${hue(persona.key)}`, "aria-hidden": "true" }, persona.stranger ? "?" : initials(name)),
  make("span", { class: "who" }, make("strong", {}, name), make("small", {}, about || persona.phone || persona.username || "")));
  if (!(persona.stranger && active)) return make("li", {}, button);
  const number = make("input", { value: chosen.phone, "aria-label": t("number"), inputmode: "tel",
    onchange: (event) => choose({ ...STRANGER, key: event.target.value, phone: event.target.value }) });
  return make("li", {}, button, make("label", { class: "number" }, t("number"), number));
}

const initials = (name) => name.split(/\s+/).map((part) => part[0]).join("").slice(0, 2).toUpperCase();
const hue = (text) => [...text].reduce((sum, mark) => (sum * 31 + mark.codePointAt(0)) % 360, 7);

async function choose(persona) {
  chosen = persona;
  draw();
  await refresh();
  onChoose();
  composer.focus();
}

function drawTries() {
  const tries = chosen.stranger ? strangerTries[current()] : chosen[`try_${current()}`];
  const chips = (tries ?? []).map((words) =>
    make("button", { type: "button", class: "chip", onclick: () => say({ kind: "text", text: words }) }, words));
  document.getElementById("tries").replaceChildren(...chips);
}

export const refresh = tried(async () => {
  const asked = chosen.key;
  const chat = await look(`whatsapp/chat/${encodeURIComponent(asked)}`);
  if (asked !== chosen.key) return;
  document.getElementById("chat-state").textContent = chat.typing ? t("typing") : t("online");
  document.getElementById("chat-state").classList.toggle("typing", chat.typing);
  const drawn = JSON.stringify(chat);
  if (drawn === shown) return;
  shown = drawn;
  const closed = chat.messages.length > 0 && !chat.window_open;
  const typing = chat.typing && make("div", { class: "bubble theirs dots", "aria-label": t("typing") }, make("i"), make("i"), make("i"));
  screen.replaceChildren(...(chat.messages.length ? chat.messages.map((message) => bubble(message, chat.messages)) : [empty(chat.name)]), ...(typing ? [typing] : []),
    ...(closed ? [make("p", { class: "aside" }, t("window_closed"))] : []));
  screen.scrollTop = screen.scrollHeight;
});

function empty(name) {
  return make("div", { class: "empty" }, make("span", { class: "big", "aria-hidden": "true" }, "👋"),
    make("strong", {}, chosen.stranger ? t("empty_chat_unknown") : t("empty_chat", { name })), make("p", {}, t("empty_chat_help")));
}

function bubble(message, all) {
  const mine = message.from === "customer";
  const quoted = message.reply_to && all.find((other) => other.id === message.reply_to);
  const time = inZone(new Date(message.at * 1000), { hour: "2-digit", minute: "2-digit" });
  const tick = message.status === "failed" ? make("span", { class: "bad" }, t("failed"))
    : mine && make("span", { class: `ticks ${message.status}`, "aria-label": message.status }, "✓✓");
  const body = make("div", { class: `bubble ${mine ? "mine" : "theirs"} ${message.type}` },
    quoted && make("blockquote", {}, (quoted.text || t("voice_note")).slice(0, 90)), media(message),
    message.text && formatted(message.text), make("span", { class: "meta" }, time, " ", tick),
    message.reaction && make("span", { class: "reaction" }, message.reaction));
  const replies = (message.buttons ?? []).map((choice) => make("button", { type: "button", class: "choice",
    onclick: () => say({ kind: message.choice === "list" ? "list_reply" : "button_reply", ...choice, reply_to: message.id }) }, choice.title));
  return make("div", { class: `line ${mine ? "right" : "left"}`, "data-id": message.id }, body,
    replies.length > 0 && make("div", { class: "choices" }, ...replies));
}

function media(message) {
  if (message.type === "revoked") return make("em", { class: "meta" }, t("revoked"));
  if (message.type === "audio") return make("span", { class: "voice" }, "▶ ", make("span", { class: "wave", "aria-hidden": "true" }), ` ${t("voice_note")}`);
  if (message.type === "document") return make("a", { class: "file", href: `/sandbox/media/${message.media_id}`, download: message.filename ?? "" }, `📄 ${message.filename ?? t("document")}`);
  if (message.type === "image" && message.media_id) return make("img", { src: `/sandbox/media/${message.media_id}`, alt: t("photo"), onload: () => { screen.scrollTop = screen.scrollHeight; } });
  return null;
}

// WhatsApp's own marks: *bold*, _italic_, ~struck~.
function formatted(text) {
  const said = make("span", { class: "said" });
  const marks = { "*": "b", _: "i", "~": "s" };
  let rest = 0;
  for (const found of text.matchAll(/(?<![\w*_~])([*_~])(?=\S)(.+?)(?<=\S)\1(?![\w*_~])/g)) {
    said.append(text.slice(rest, found.index), make(marks[found[1]], {}, found[2]));
    rest = found.index + found[0].length;
  }
  said.append(text.slice(rest));
  return said;
}

function grow() {
  composer.style.height = "auto";
  composer.style.height = `${Math.min(composer.scrollHeight, 110)}px`;
}

const say = tried(async (message, clear = false) => {
  const name = chosen.stranger ? undefined : chosen.name;
  await act("whatsapp/send", { from: chosen.key, name, ...message });
  if (clear) { composer.value = ""; grow(); }
  await refresh();
});

function sendWords() {
  const text = composer.value.trim();
  if (text) say({ kind: "text", text }, true);
}

async function sendBurst() {
  const text = composer.value.trim();
  const lines = (text.includes("\n") ? text : text ? text.replace(/([.!?,])\s+/g, "$1\n") : t("burst_sample")).split("\n");
  for (const line of lines.filter((each) => each.trim())) await say({ kind: "text", text: line.trim() });
  composer.value = "";
  grow();
}
