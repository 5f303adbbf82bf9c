// The reader's language, from the address (?lang=), and times in the desk's zone.
import en from "./words_en.js";
import indonesian from "./words_id.js";

const asked = new URLSearchParams(location.search);
export const language = asked.get("lang") === "en" ? "en" : "id";
const words = language === "en" ? en : indonesian;
const locale = language === "en" ? "en-GB" : "id-ID";
let zone = "UTC";

// Where this desk's console is: with several desks each has an address of its own.
export const base = location.pathname.replace(/\/cases(\/[^/]*)?$/, "");

export const useZone = (name) => { zone = name; };

export function t(name, values = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// A name from the system (a state, a decision, a kind) in words; as it is, where there are none.
export const named = (group, name) => words[`${group}.${name}`] ?? String(name ?? "").replace(/^faq\./, "FAQ: ").replaceAll("_", " ");

export const spoken = (both) => both[language];

const formats = {};
function format(kind, options, at) {
  const key = `${kind}${zone}`;
  formats[key] ??= new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  return formats[key].format(new Date(at));
}

export const clock = (at) => format("clock", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, at);
export const moment = (at) => format("moment", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);

export function span(minutes) {
  const whole = Math.round(Math.abs(minutes));
  if (whole < 1) return t("moments");
  if (whole < 60) return t("minutes", { n: whole });
  if (whole < 48 * 60) return t(whole % 60 ? "hours_minutes" : "hours", { h: Math.floor(whole / 60), m: whole % 60 });
  return t("days", { n: Math.round(whole / 1440) });
}

// An address of ours that keeps the language and the conversation the reader came with.
export function link(path, keep = true) {
  const kept = new URLSearchParams();
  if (keep && asked.get("conversation")) kept.set("conversation", asked.get("conversation"));
  kept.set("lang", language);
  return `${base}/${path}?${kept}`;
}

export function otherLanguage() {
  const other = new URLSearchParams(asked);
  other.set("lang", language === "en" ? "id" : "en");
  return `${location.pathname}?${other}`;
}
