// One turn: what came in, what the gate said and why, who worked on it, what was let through and what was not.
import { chip, el, quote } from "./dom.js";
import { clock, moment, named, spoken, t } from "./words.js";

const ROLES = ["A", "B", "C", "D", "E", "F"];
const ICONS = { message_received: "💬", human_spoke: "🎧", operation_done: "⚙️", approval_given: "🧑", operator_command: "🎛️", outside_reply: "🎛️", payment_requested: "💳", payment_settled: "⚙️", payment_returned: "↩️", delivery_failed: "✋", window_closed: "⏸️", deadline_passed: "⏰", reminder_fell_due: "🔔", session_must_move: "📆", order_moved: "📦", bill_news: "🧾", dependency_changed: "🔌" };
const KINDS = { image: "🖼️", audio: "🎤", document: "📄", location: "📍", reaction: "🙂", revoke: "🗑️" };
const EFFECTS = { send_message: "↗", post_to_lane: "📣", run_operation: "⚙️", request_payment: "💳", refund_payment: "↩️", close_payment: "🔒", open_approval: "🙋", close_approval: "🔏", start_timer: "⏱", stop_timer: "⏹", remember: "🧠", push_delta: "🔄", attach_evidence: "📎", write_audit: "🖋", note_gap: "❓" };
const LOUD = ["send_message", "run_operation", "open_approval", "close_approval"];

export function turnCard(turn, revealed, newest) {
  if (turn.unreadable) return el("p", { class: "turn broken" }, t("unreadable", { n: turn.turn }));
  const { verdict } = turn;
  const summary = el("summary", {},
    el("b", {}, t("turn", { n: turn.turn })), el("time", { datetime: turn.at, title: moment(turn.at) }, clock(turn.at)),
    tiers(verdict), el("span", { class: "decision" }, named("decision", verdict.decision)),
    verdict.urgent && chip("late", t("urgent")), el("span", { class: "fill" }), route(turn.roles));
  const held = turn.steps.flatMap((step) => step.held.map((item) => heldLine(step, item)));
  return el("details", { class: `turn ${verdict.tier}`, key: `turn-${turn.turn}`, open: newest },
    summary,
    part("came_in", turn.came_in.map((event) => eventLine(event, revealed))),
    part("why", [el("ul", { class: "rules" }, verdict.rules.map((rule) => el("li", {}, spoken(rule), " ", el("code", {}, rule.rule)))), notes(turn)]),
    part("worked", turn.steps.map((step) => stepLine(step))),
    held.length ? part("held", held) : null);
}

function tiers({ floor, tier }) {
  const now = chip(`tier ${tier}`, tier, t(`tier.${tier}`));
  if (floor === tier) return now;
  return el("span", { class: "fell", title: t("floor_help", { floor, tier }) }, chip(`tier ${floor} floor`, floor), "→", now);
}

// Six letters always in the same place; those that were visited are lit, with the order they came in.
function route(visited) {
  const order = (who) => visited.flatMap((name, place) => (name === who ? [place + 1] : []));
  const box = (who, face) => {
    const steps = order(who);
    const title = `${named("role", who)}${steps.length ? ` · ${t("visited", { n: steps.join(", ") })}` : ""}`;
    return el("span", { class: steps.length ? `lit lit${Math.min(steps[0], 6)}` : "dim", title }, face, steps.length ? el("sup", {}, steps.join(",")) : null);
  };
  const label = visited.map((who) => named("role", who)).join(" → ");
  return el("span", { class: "route", role: "img", "aria-label": label }, ROLES.map((role) => box(role, role)), visited.includes("person") && box("person", "☺"));
}

const part = (name, content) => el("div", { class: `part ${name}` }, el("h3", {}, t(name)), el("div", {}, content));

function notes({ verdict, requests, reads }) {
  const said = [];
  if (requests.length) said.push(t("understood", { what: requests.map((r) => `${named("intent", r.intent)} ${Math.round(r.confidence * 100)}%`).join(", ") }));
  if (verdict.signals.length) said.push(t("signals", { what: verdict.signals.map((s) => s.replaceAll("_", " ")).join(", ") }));
  if (verdict.missing) said.push(t("missing_fact", { what: named("waiting", verdict.missing) }));
  if (verdict.a_approval !== "none") said.push(t(verdict.a_approval === "human" ? "a_human" : "a_role"));
  const down = [...new Set(reads.map((read) => read.down).filter(Boolean))];
  if (down.length) said.push(t("down", { what: down.join(", ") }));
  if (reads.length) said.push(t("reads", { n: reads.length }));
  return said.length ? el("p", { class: "hint" }, said.join(" · ")) : null;
}

function eventLine(event, revealed) {
  const icon = KINDS[event.kind] ?? ICONS[event.type];
  const words = {
    message_received: () => (revealed && event.text ? quote(event.text) : t("message_withheld", { kind: named("message", event.kind), n: event.letters })),
    human_spoke: () => t("spoke"),
    operation_done: () => `${named("action", event.action)}: ${named("result", event.status)}`,
    approval_given: () => t("decided", { by: event.by, decision: named("given", event.decision) }),
    outside_reply: () => t("answered_outside", { by: event.by }),
    operator_command: () => t("commanded", { by: event.by, command: event.command }),
    payment_requested: () => t(event.made ? "payable" : "not_payable", { invoice: event.invoice }),
    payment_returned: () => t(event.made ? "returned" : "not_returned", { invoice: event.invoice }),
    payment_settled: () => t("paid", { invoice: event.invoice }),
    delivery_failed: () => t("unheard", { why: event.why }),
    window_closed: () => t("window_closed"),
    deadline_passed: () => t("ran_out", { timer: named("timer", event.timer) }),
    bill_news: () => `${event.invoice}: ${named("bill", event.stage)}`,
    order_moved: () => t("order_moved", { order: event.order, status: named("order", event.status) }),
    session_must_move: () => t("must_move", { at: moment(event.start) }),
    reminder_fell_due: () => t("near", { at: moment(event.start) }),
    dependency_changed: () => t(event.up ? "came_back" : "went_down", { name: event.name }),
  }[event.type]();
  const also = event.type !== "message_received" && event.text && revealed ? quote(event.text) : null;
  return el("div", { class: "event" }, el("span", { class: "icon", "aria-hidden": "true" }, icon), el("div", {}, words, also));
}

function stepLine(step) {
  const loud = step.kept.filter((effect) => LOUD.includes(effect.type));
  const quiet = step.kept.filter((effect) => !LOUD.includes(effect.type));
  const nothing = !step.kept.length && !step.held.length && !step.replaced;
  return el("div", { class: "step" },
    el("span", { class: "letter", title: named("role", step.role) }, step.role === "person" ? "☺" : step.role),
    el("div", {},
      loud.map((effect) => el("div", { class: "kept" }, el("span", { class: "icon" }, EFFECTS[effect.type]), el("div", {}, effectText(effect), effect.text && effect.text !== "…" ? quote(effect.text) : null))),
      quiet.length ? el("div", { class: "hint" }, quiet.map((effect) => effectText(effect)).join(" · ")) : null,
      step.replaced ? el("div", { class: "hint" }, t("replaced", { n: step.replaced })) : null,
      nothing ? el("div", { class: "hint" }, t(step.role === "person" ? "waited" : "no_effect")) : null));
}

function effectText(effect) {
  const about = effect.action ? named("action", effect.action)
    : effect.kind ? named("kind", effect.kind)
    : effect.timer ? `${named("timer", effect.timer)} ${moment(effect.due_at)}`
    : effect.lane ? effect.lane
    : effect.template ? `${effect.template}${effect.pages.length ? ` · ${effect.pages.join(", ")}` : ""}`
    : effect.state ? named("approval", effect.state) : "";
  return about ? `${named("effect", effect.type)}: ${about}` : named("effect", effect.type);
}

function heldLine(step, item) {
  return el("div", { class: "withheld" }, el("span", { class: "icon", "aria-hidden": "true" }, "✋"),
    el("div", {}, el("b", {}, `${step.role} · ${named("effect", item.type)}`), item.rules.map((rule) => el("div", {}, spoken(rule), " ", el("code", {}, rule.rule)))));
}
