// One case: who and how it stands on top, its turns, and what belongs to it.
import { chip, el, quote, redraw } from "./dom.js";
import { approvals, audit, evidence, ledger, operations, timers, transitions } from "./sides.js";
import { sinceText, slaChip } from "./sla.js";
import { turnCard } from "./turn.js";
import { link, named, otherLanguage, t } from "./words.js";

const top = document.getElementById("top");

export function drawCase(main, data, now, following) {
  redraw(top, ...header(data, now, following));
  const turns = data.turns.map((turn, place) => turnCard(turn, data.revealed, place === 0));
  const earlier = data.earlier_turns ? el("p", { class: "hint" }, t("earlier_turns", { n: data.earlier_turns })) : null;
  const story = el("section", { class: "column story", "data-scroll": "story", "aria-label": t("story"), tabindex: 0 },
    el("h2", {}, t("story"), el("small", {}, t("newest_first"))), turns, earlier);
  const middle = el("section", { class: "column", "data-scroll": "middle", "aria-label": t("ledger") },
    ledger(data), approvals(data), operations(data), evidence(data));
  const last = el("section", { class: "column", "data-scroll": "last", "aria-label": t("transitions") },
    timers(data), transitions(data), audit(data));
  redraw(main, story, el("div", { class: "sides", "data-scroll": "sides" }, middle, last));
}

export function drawNone(main, why) {
  top.replaceChildren(el("div", { class: "line" }, ...bar()));
  redraw(main, el("div", { class: "empty" }, el("span", { class: "big", "aria-hidden": "true" }, "🗂️"),
    el("strong", {}, t(why)), el("p", {}, t(`${why}_help`))));
  main.removeAttribute("aria-busy");
}

export function bar(back = true) {
  return [
    back && el("a", { class: "back", href: link("cases", false), title: t("all_cases") }, "☰"),
    el("span", { class: "fill" }),
    el("a", { class: "tongue", href: otherLanguage() }, t("other_language")),
  ].filter(Boolean);
}

function header(data, now, following) {
  const it = data.case;
  const [back, , tongue] = bar();
  const line = el("div", { class: "line" }, tongue, back,
    el("strong", { class: "number" }, it.id),
    chip(`tier ${it.tier}`, it.tier, t(`tier.${it.tier}`)),
    chip(`state ${it.state}`, named("state", it.state)),
    slaChip(it.due_at, it.state, now),
    fact("owner", named("owner", it.owner)),
    it.taken_by && fact("taken_by", named("owner", it.taken_by)),
    fact("intent", named("intent", it.intent)),
    fact("customer", el("bdi", {}, it.customer)),
    fact("language", named("language", it.language)),
    !ended(it) && it.waiting_for && fact("waiting_for", named("waiting", it.waiting_for)),
    it.reopened > 0 && fact("reopened", `${it.reopened}×`),
    ended(it) && it.disposition && fact("ended", named("disposition", it.disposition)),
    ended(it) && it.cause && fact("cause", it.cause),
    ended(it) && it.gap && fact("gap", named("gap", it.gap)),
    el("span", { class: "fact" }, el("i", {}, t("moved")), el("span", { "data-since": it.updated_at }, sinceText(it.updated_at, now))));
  const asked = data.revealed && it.request ? el("div", { class: "asked", title: it.request }, el("i", {}, t("request")), quote(it.request)) : null;
  const masked = data.revealed ? null : el("p", { class: "masked" }, t("masked"));
  return [line, beside(data, following), asked, masked].filter(Boolean);
}

const ended = (it) => it.state === "resolved" || it.state === "closed";
const fact = (name, value) => el("span", { class: "fact" }, el("i", {}, t(name)), value);

// A conversation can have several cases: all are at hand, and `latest` goes where it moves.
function beside(data, following) {
  if (data.beside.length < 2) return null;
  const tabs = data.beside.map((line) => el("a", {
    href: link(`cases/${line.id}`), class: "tab", "aria-current": line.id === data.case.id ? "true" : undefined,
  }, el("b", {}, line.id.split("-").at(-1)), ` ${named("intent", line.intent)} `, chip(`state ${line.state}`, named("state", line.state))));
  const latest = el("a", { href: link("cases/latest"), class: "tab latest", "aria-pressed": String(following), title: t("follow_help") }, t("follow"));
  const canFollow = new URLSearchParams(location.search).get("conversation");
  return el("nav", { class: "beside", "aria-label": t("beside") }, canFollow && latest, tabs);
}
