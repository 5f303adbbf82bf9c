// Sees from the address what to show, and keeps it as it stands.
import { drawCase, drawNone } from "./case.js";
import { el } from "./dom.js";
import { drawList } from "./list.js";
import { follow } from "./live.js";
import { tick } from "./sla.js";
import { drawTrouble } from "./trouble.js";
import { base, language, t, useZone } from "./words.js";

const shown = location.pathname.match(/\/cases\/([^/]+)$/)?.[1] ?? null;
const main = document.getElementById("main");
const banner = document.getElementById("gone");
const embedded = window.self !== window.top;

document.documentElement.lang = language;
document.body.className = `${shown ? "one" : "many"}${embedded ? " embedded" : ""}`;
document.title = t("title");

const api = new URL(shown ? `${base}/api/cases/${shown}` : `${base}/api/cases`, location);
const conversation = new URLSearchParams(location.search).get("conversation");
if (conversation) api.searchParams.set("conversation", conversation);

follow(new URL(`${base}/api/incidents`, location), {
  changed(data) {
    useZone(data.zone);
    drawTrouble(document.getElementById("trouble"), data.incidents);
  },
  ticked() {},
  missing() {},
  gone() {},
});

follow(api, {
  changed(data, now) {
    useZone(data.zone);
    main.removeAttribute("aria-busy");
    if (!shown) drawList(main, data, now);
    else if (data.case) drawCase(main, data, now, shown === "latest");
    else drawNone(main, "empty");
  },
  ticked: tick,
  missing: () => drawNone(main, "missing"),
  gone(away) {
    banner.hidden = !away;
    banner.replaceChildren(el("strong", {}, t("gone")), ` ${t("gone_help")}`);
    document.body.classList.toggle("stale", away);
  },
});
