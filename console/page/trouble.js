// What is down now, for everybody who looks at a case: it may well be why the case waits.
import { chip, el } from "./dom.js";
import { moment, named, t } from "./words.js";

export function drawTrouble(list, incidents) {
  list.hidden = !incidents.length;
  list.replaceChildren(...incidents.map((it) => el("li", { class: it.level },
    el("strong", {}, t("trouble", { name: named("dependency", it.name) })), " ",
    chip(`level ${it.level}`, named("level", it.level)), " ",
    el("span", {}, t("trouble_since", { at: moment(it.since), n: it.cases })), " ",
    el("span", { class: "hint" }, `${t("trouble_paused")} ${named("paused", it.name)}`), " ",
    el("span", { class: "hint" }, it.manual ? t("trouble_by_hand", { why: it.why }) : it.why), " ",
    el("code", {}, it.id))));
}
