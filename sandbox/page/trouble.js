// What the server itself holds to be down, told above everything else until it is back.
import { inZone, look, make } from "./net.js";
import { t } from "./words.js";

const EVERY_MS = 1000;
const list = document.getElementById("trouble");
let shown = [];

export function draw() {
  list.hidden = !shown.length;
  list.replaceChildren(...shown.map((it) => {
    const at = inZone(new Date(it.since), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return make("li", { class: it.level },
      make("strong", {}, (it.business ? `${it.business}: ` : "") + t("degraded_of", { name: t(it.name) })), ` ${t(`level_${it.level}`)} · `,
      `${t("degraded_since", { at, n: it.cases })} ${t(`paused_${it.name}`)} `, make("code", {}, it.id));
  }));
}

async function check() {
  const told = (await look("incidents")).incidents;
  if (JSON.stringify(told) === JSON.stringify(shown)) return;
  shown = told;
  draw();
}

export const start = () => setInterval(() => check().catch(() => {}), EVERY_MS);
