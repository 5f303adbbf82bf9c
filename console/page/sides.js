// What belongs to a case beside its turns: deliveries, approvals, operations, evidence, clocks, steps, audit.
import { chip, el, quote } from "./dom.js";
import { clock, moment, named, t } from "./words.js";

const TICKS = { queued: "🕓", attempting: "⋯", accepted: "✓", delivered: "✓✓", read: "✓✓", failed: "✕", unknown: "?", dropped: "–" };

function block(name, rows, help) {
  if (!rows.length) return el("section", { class: `block ${name} none` }, el("h2", {}, t(name), el("small", {}, t(`no_${name}`))));
  return el("section", { class: `block ${name}` }, el("h2", {}, t(name), el("small", {}, rows.length)), help && el("p", { class: "hint" }, help), rows);
}

const row = (icon, first, at, ...more) => el("div", { class: "row" }, icon, el("div", {}, el("div", { class: "first" }, el("div", { class: "what" }, first), at && el("time", { datetime: at, title: moment(at) }, clock(at))), more));
const hint = (...text) => el("div", { class: "hint" }, ...text);

export const ledger = (data) => block("ledger", data.ledger.map((it) => {
  const done = it.kind === "send_message" ? it.state : it.state === "accepted" ? "done" : it.state;
  const ticks = el("span", { class: `ticks ${it.state}`, title: named("delivery", done), role: "img", "aria-label": named("delivery", done) }, TICKS[it.state] ?? it.state);
  return row(ticks, [named("effect", it.kind), " ", el("span", { class: "soft" }, it.kind === "run_operation" ? named("action", it.about) : it.about)], it.changed_at,
    hint(named("delivery", done), it.attempts > 1 ? ` · ${t("attempts", { n: it.attempts })}` : "", it.by && it.by !== "B" ? ` · ${t("in_words_of", { by: it.by })}` : ""),
    it.text ? el("div", { class: "clip", title: it.text }, quote(it.text)) : null,
    it.error ? el("div", { class: "error" }, it.error) : null);
}));

export const approvals = (data) => block("approvals", data.approvals.map((it) => row(
  chip(`approval ${it.state}`, named("approval", it.state)),
  [el("b", {}, named("kind", it.kind))], it.decided_at ?? it.requested_at,
  hint(it.decided_by ? t("by", { by: it.decided_by }) : t("decide_by", { at: moment(it.deadline) }),
    it.reminders ? ` · ${t("reminders", { n: it.reminders })}` : "", it.additions ? ` · ${t("additions", { n: it.additions })}` : ""),
  data.revealed && it.asks !== data.case.request ? quote(it.asks) : null,
  it.operation ? hint(t("releases", { what: named("action", it.operation) })) : null,
  it.checked.length ? el("details", { class: "fold", key: `checked-${it.id}` }, el("summary", {}, t("checked", { n: it.checked.length })), el("ul", {}, it.checked.map((line) => el("li", {}, line)))) : null,
  it.why && data.revealed ? hint(it.why) : null,
  hint(el("code", { title: t("digest_help") }, `${it.id} · ${it.digest}`)))));

export const operations = (data) => block("operations", data.operations.map((it) => row(
  chip(`result ${it.status}`, named("result", it.status)), named("action", it.action), it.at,
  it.details ? hint(it.details) : null, it.noted ? quote(it.noted) : null, it.rev ? hint(`rev ${it.rev}`) : null)));

export const evidence = (data) => block("evidence", data.evidence.map((it) => row(
  el("span", { class: "icon", "aria-hidden": "true" }, "📎"), named("message", it.kind), it.at, it.caption && data.revealed ? quote(it.caption) : null)), t("evidence_help"));

export const timers = (data) => block("timers", data.timers.filter((it) => it.state === "armed").map((it) => row(
  el("span", { class: "icon", "aria-hidden": "true" }, "⏱"), [named("timer", it.timer), " · ", el("span", { class: "soft" }, moment(it.due_at))], null)));

export const transitions = (data) => block("transitions", data.transitions.map((it) => row(
  el("span", { class: "letter", title: named("role", it.actor) }, it.actor.length === 1 ? it.actor : "☺"),
  [named("state", it.old), " → ", el("b", {}, named("state", it.new))], it.at,
  it.actor.length > 1 ? hint(it.actor) : null)));

export const audit = (data) => block("audit", data.audit.map((it) => row(
  el("span", { class: "letter", title: named("role", it.actor) }, it.actor.length === 1 ? it.actor : "☺"),
  [`${it.service} · ${it.action}`, it.result === "success" ? "" : chip("late", it.result)], it.at,
  it.reason ? hint(it.reason) : null, it.approver ? hint(t("by", { by: it.approver })) : null,
  it.notes && data.revealed ? hint(it.notes) : null)));
