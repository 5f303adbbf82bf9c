// All cases: open ones first, the soonest due on top.
import { bar } from "./case.js";
import { chip, el, redraw } from "./dom.js";
import { sinceText, slaChip } from "./sla.js";
import { language, link, named, t } from "./words.js";

const SETTLED = ["resolved", "closed"];
const COLUMNS = ["case", "state_title", "tier_title", "owner", "intent", "quiet_for", "sla"];

export function drawList(main, data, now) {
  const open = data.cases.filter((line) => !SETTLED.includes(line.state));
  document.getElementById("top").replaceChildren(el("div", { class: "line" }, el("h1", {}, t("title")), desks(data.desks),
    el("span", { class: "fact" }, t("counts", { open: open.length, all: data.cases.length })), ...bar(false)));
  if (!data.cases.length) {
    redraw(main, el("div", { class: "empty" }, el("span", { class: "big", "aria-hidden": "true" }, "🗂️"), el("strong", {}, t("empty")), el("p", {}, t("empty_help"))));
    return;
  }
  redraw(main, el("div", { class: "column", "data-scroll": "list", tabindex: 0, "aria-label": t("all_cases") },
    el("table", {},
      el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, t(name))))),
      el("tbody", {}, data.cases.map((line) => row(line, now))))));
}

// With several desks each has a list of its own; this goes from one to the other.
function desks(all) {
  return all.length > 1 && el("nav", { class: "desks", "aria-label": t("desks") }, all.map((desk) => el("a", {
    href: `${desk.path}/cases?lang=${language}`, class: "tab", "aria-current": desk.here ? "page" : undefined,
  }, desk.title)));
}

function row(line, now) {
  return el("tr", { class: SETTLED.includes(line.state) ? "settled" : "" },
    el("td", {}, el("a", { href: link(`cases/${line.id}`, false) }, line.id), el("div", { class: "hint" }, el("bdi", {}, line.customer))),
    el("td", {}, chip(`state ${line.state}`, named("state", line.state))),
    el("td", {}, chip(`tier ${line.tier}`, line.tier, t(`tier.${line.tier}`))),
    el("td", {}, named("owner", line.owner)),
    el("td", {}, named("intent", line.intent)),
    el("td", { class: "soft", "data-since": line.updated_at }, sinceText(line.updated_at, now)),
    el("td", {}, slaChip(line.due_at, line.state, now)));
}
