// How a case stands with its clock. The text is renewed every second, the rest only when the case moves.
import { chip } from "./dom.js";
import { moment, span, t } from "./words.js";

const SOON_MINUTES = 15;
const QUIET = ["answered", "resolved", "closed", "awaiting_customer"];

function standing(due, state, now) {
  if (!due || QUIET.includes(state)) return { kind: "calm", text: t("sla_none") };
  const left = (new Date(due) - now) / 60000;
  if (left < 0) return { kind: "late", text: t("sla_late", { span: span(left) }) };
  return { kind: left <= SOON_MINUTES ? "soon" : "fine", text: t("sla_left", { span: span(left) }) };
}

export function slaChip(due, state, now) {
  const { kind, text } = standing(due, state, now);
  const made = chip(`sla ${kind}`, text, due ? t("sla_due", { at: moment(due) }) : undefined);
  made.dataset.due = due ?? "";
  made.dataset.state = state;
  return made;
}

export function sinceText(at, now) {
  return span((now - new Date(at)) / 60000);
}

export function tick(now) {
  for (const made of document.querySelectorAll(".sla")) {
    const { kind, text } = standing(made.dataset.due, made.dataset.state, now);
    if (made.textContent !== text) made.textContent = text;
    made.className = `chip sla ${kind}`;
  }
  for (const made of document.querySelectorAll("[data-since]")) {
    const text = sinceText(made.dataset.since, now);
    if (made.textContent !== text) made.textContent = text;
  }
}
