// A customer's phone: who writes, what was said, and the ways to say more.
import { act, inZone, look, make, tried } from "./net.js";
import { current, t } from "./words.js";

const list = document.getElementById("people");
const first = document.getElementById("phone");
const STRANGER = { key: "+6281277770000", name: "", phone: "+6281277770000", stranger: true };
// Where the sandbox's providers show a bill; what is sent there pays it.
const PAY_PAGE = /https?:\/\/\S+?\/(?:midtrans\/v2\/qris\/[^\s/]+\/qr-code|midtrans\/snap\/v4\/redirection\/[^\s/]+|xendit\/web\/[^\s/]+)/;
const strangerTries = {
  id: ["Halo kak, boleh tanya harganya?", "buka sampai jam berapa ya?", "invoice INV-2026-0101-001, email saya contoh@example.com"],
  en: ["Hi, may I ask what it costs?", "What time do you close?", "Invoice INV-2026-0101-001, email me@example.com"],
};

const initials = (name) => name.split(/\s+/).map((part) => part[0]).join("").slice(0, 2).toUpperCase();
const hue = (text) => [...text].reduce((sum, mark) => (sum * 31 + mark.codePointAt(0)) % 360, 7);

// One phone for each business: the first is in the page, every other one a copy of it beside the last.
export async function open({ key, business, timezone }, onChoose) {
  if (key) {
    const copy = first.cloneNode(true);
    for (const node of [copy, ...copy.querySelectorAll("[id]")]) node.id += `-${key}`;
    for (const node of [copy, ...copy.querySelectorAll("[aria-labelledby]")]) node.setAttribute("aria-labelledby", `chat-name-${key}`);
    document.getElementById("groups").before(copy);
  }
  const personas = (await look(`people?business=${key}`)).personas;
  return new Phone(key, business, timezone, personas, onChoose);
}

class Phone {
  constructor(key, business, timezone, personas, onChoose) {
    this.key = key;
    this.business = business;
    this.timezone = timezone;
    this.personas = personas;
    this.onChoose = onChoose;
    this.chosen = personas[0] ?? STRANGER;
    this.shown = "";
    this.screen = this.at("chat");
    this.composer = this.at("words");
    this.at("chat-name").textContent = business;
    this.at("chat-face").textContent = initials(business);
    this.root.addEventListener("focusin", () => this.onChoose(this));
    this.root.addEventListener("pointerdown", () => this.onChoose(this));
    this.at("composer").addEventListener("submit", (event) => { event.preventDefault(); this.sendWords(); });
    this.composer.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.sendWords(); }
    });
    this.composer.addEventListener("input", () => this.grow());
    this.at("burst").addEventListener("click", () => this.sendBurst());
    this.at("photo").addEventListener("click", () => this.say({ kind: "image", caption: this.composer.value.trim() || undefined }, true));
    this.at("voice").addEventListener("click", () => this.say({ kind: "audio" }));
    this.refresh = tried(() => this.look());
    this.say = tried((message, clear) => this.send(message, clear));
    this.pay = tried((address) => this.paid(address));
  }

  get root() { return this.at("phone"); }

  at(name) { return document.getElementById(this.key ? `${name}-${this.key}` : name); }

  // Whose people are listed; nothing on the phone itself is drawn anew, or the press that took it would get lost.
  hold(inHand) {
    this.root.classList.toggle("active", inHand);
    if (!inHand) return;
    list.replaceChildren(...this.personas.map((persona) => this.entry(persona)), this.entry(STRANGER));
    list.querySelector("[aria-pressed=true]")?.closest("li").scrollIntoView({ block: "nearest" });
  }

  draw(inHand) {
    this.hold(inHand);
    this.drawTries();
    this.shown = "";
  }

  entry(persona) {
    const active = persona.key === this.chosen.key || (persona.stranger && this.chosen.stranger);
    const name = persona.stranger ? t("unknown") : persona.name;
    const about = persona.stranger ? t("unknown_about") : persona[`about_${current()}`];
    const button = make("button", {
      type: "button", class: "person", "aria-pressed": String(Boolean(active)), onclick: () => this.choose(persona),
    },
    make("span", { class: "face", style: `--hue:${hue(persona.key)}`, "aria-hidden": "true" }, persona.stranger ? "?" : initials(name)),
    make("span", { class: "who" }, make("strong", {}, name), make("small", {}, about || persona.phone || persona.username || "")));
    if (!(persona.stranger && active)) return make("li", {}, button);
    const number = make("input", { value: this.chosen.phone, "aria-label": t("number"), inputmode: "tel",
      onchange: (event) => this.choose({ ...STRANGER, key: event.target.value, phone: event.target.value }) });
    return make("li", {}, button, make("label", { class: "number" }, t("number"), number));
  }

  async choose(persona) {
    this.chosen = persona;
    this.draw(true);
    await this.refresh();
    this.onChoose(this, true);
    this.composer.focus();
  }

  drawTries() {
    const tries = this.chosen.stranger ? strangerTries[current()] : this.chosen[`try_${current()}`];
    const chips = (tries ?? []).map((words) =>
      make("button", { type: "button", class: "chip", onclick: () => this.say({ kind: "text", text: words }) }, words));
    this.at("tries").replaceChildren(...chips);
  }

  chat() {
    return look(`whatsapp/chat/${encodeURIComponent(this.chosen.key)}?business=${this.key}`);
  }

  async look() {
    const asked = this.chosen.key;
    const chat = await this.chat();
    if (asked !== this.chosen.key) return;
    this.at("chat-state").textContent = chat.typing ? t("typing") : t("online");
    this.at("chat-state").classList.toggle("typing", chat.typing);
    const drawn = JSON.stringify(chat);
    if (drawn === this.shown) return;
    this.shown = drawn;
    const closed = chat.messages.length > 0 && !chat.window_open;
    const typing = chat.typing && make("div", { class: "bubble theirs dots", "aria-label": t("typing") }, make("i"), make("i"), make("i"));
    this.screen.replaceChildren(...(chat.messages.length ? chat.messages.map((message) => this.bubble(message, chat.messages)) : [this.empty(chat.name)]), ...(typing ? [typing] : []),
      ...(closed ? [make("p", { class: "aside" }, t("window_closed"))] : []));
    this.screen.scrollTop = this.screen.scrollHeight;
  }

  empty(name) {
    return make("div", { class: "empty" }, make("span", { class: "big", "aria-hidden": "true" }, "👋"),
      make("strong", {}, this.chosen.stranger ? t("empty_chat_unknown") : t("empty_chat", { name })), make("p", {}, t("empty_chat_help")));
  }

  bubble(message, all) {
    const mine = message.from === "customer";
    const quoted = message.reply_to && all.find((other) => other.id === message.reply_to);
    const time = inZone(new Date(message.at * 1000), { timeZone: this.timezone, hour: "2-digit", minute: "2-digit" });
    const tick = message.status === "failed" ? make("span", { class: "bad" }, t("failed"))
      : mine && make("span", { class: `ticks ${message.status}`, "aria-label": message.status }, "✓✓");
    const body = make("div", { class: `bubble ${mine ? "mine" : "theirs"} ${message.type}` },
      quoted && make("blockquote", {}, (quoted.text || t("voice_note")).slice(0, 90)), media(message, this.screen),
      message.text && formatted(message.text), make("span", { class: "meta" }, time, " ", tick),
      message.reaction && make("span", { class: "reaction" }, message.reaction));
    const replies = (message.buttons ?? []).map((choice) => make("button", { type: "button", class: "choice",
      onclick: () => this.say({ kind: message.choice === "list" ? "list_reply" : "button_reply", ...choice, reply_to: message.id }) }, choice.title));
    return make("div", { class: `line ${mine ? "right" : "left"}`, "data-id": message.id }, body,
      replies.length > 0 && make("div", { class: "choices" }, ...replies),
      !mine && this.payable(message));
  }

  // A way to pay that the sandbox plays is paid where it is shown; every other link stays words.
  payable(message) {
    const address = (message.text ?? "").match(PAY_PAGE)?.[0];
    if (!address) return null;
    return make("div", { class: "choices" }, make("button", { type: "button", class: "choice pay", onclick: () => this.pay(address) }, t("pay")));
  }

  async paid(address) {
    const answer = await fetch(new URL(new URL(address).pathname, location), { method: "POST" });
    if (!answer.ok) throw new Error(answer.statusText);
    await this.refresh();
  }

  grow() {
    this.composer.style.height = "auto";
    this.composer.style.height = `${Math.min(this.composer.scrollHeight, 110)}px`;
  }

  async send(message, clear = false) {
    const name = this.chosen.stranger ? undefined : this.chosen.name;
    await act("whatsapp/send", { from: this.chosen.key, name, business: this.key, ...message });
    if (clear) { this.composer.value = ""; this.grow(); }
    await this.refresh();
  }

  sendWords() {
    const text = this.composer.value.trim();
    if (text) this.say({ kind: "text", text }, true);
  }

  async sendBurst() {
    const text = this.composer.value.trim();
    const lines = (text.includes("\n") ? text : text ? text.replace(/([.!?,])\s+/g, "$1\n") : t("burst_sample")).split("\n");
    for (const line of lines.filter((each) => each.trim())) await this.say({ kind: "text", text: line.trim() });
    this.composer.value = "";
    this.grow();
  }
}

function media(message, screen) {
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
