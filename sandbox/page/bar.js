// The control bar: the clock, and what is broken.
import { act, inZone, make, setZone, tried } from "./net.js";
import { t } from "./words.js";

const face = document.getElementById("time");
let state = null;
let fetched = 0;

export function start() {
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.advance) }));
  }
  document.getElementById("morning").addEventListener("click", () => move({ advance_seconds: untilMorning() }));
  document.getElementById("flow").addEventListener("click", () => move(state.clock.mode === "frozen" ? { flow: true } : { freeze_at: "now" }));
  setInterval(tick, 500);
}

export function update(next) {
  state = next;
  fetched = performance.now();
  setZone(state.timezone);
  draw();
}

export function zone(name) {
  state.timezone = name;
  setZone(name);
  tick();
}

export function draw() {
  if (!state) return;
  tick();
  const frozen = state.clock.mode === "frozen";
  document.getElementById("flow").textContent = frozen ? `▶ ${t("go")}` : `❚❚ ${t("stop")}`;
  face.classList.toggle("frozen", frozen);
  document.getElementById("frozen").textContent = frozen ? t("frozen") : "";
  document.getElementById("sources").replaceChildren(...state.dependencies.map((name) => {
    const down = state.down.includes(name);
    return make("button", { type: "button", class: "source", "aria-pressed": String(down), title: t("break_help", { name: t(name) }), onclick: () => depend(name, down) },
      make("i", { "aria-hidden": "true" }), t(name), down && make("em", {}, t("broken")));
  }));
  const waiting = state.pending_webhooks + state.held_webhooks;
  document.getElementById("waiting").textContent = waiting ? t("waiting", { n: waiting }) : "";
}

function virtual() {
  const passed = state.clock.mode === "flowing" ? performance.now() - fetched : 0;
  return new Date(new Date(state.clock.now).getTime() + passed);
}

function tick() {
  if (!state) return;
  const day = inZone(virtual(), { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const time = inZone(virtual(), { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  face.textContent = time;
  document.getElementById("day").textContent = `${day} · ${state.timezone === "Asia/Jakarta" ? "WIB" : state.timezone}`;
}

function untilMorning() {
  const parts = inZone(virtual(), { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, "en-GB").split(":").map(Number);
  const passed = parts[0] * 3600 + parts[1] * 60 + parts[2];
  return ((9 * 3600 - passed + 86400) % 86400) || 86400;
}

const move = tried(async (how) => {
  state.clock = await act("clock", how);
  fetched = performance.now();
  draw();
});

const depend = tried(async (name, up) => {
  state.down = (await act("dependencies", { name, up })).down;
  draw();
});
