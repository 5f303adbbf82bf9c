// Builds elements from plain values. Text only ever becomes text nodes, so nothing a customer wrote can be markup.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "key") node.dataset.key = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

// What somebody wrote: in an island of its own, so that its direction marks end with it.
export const quote = (text) => el("blockquote", { dir: "auto" }, text);

export const chip = (kind, text, title) => el("span", { class: `chip ${kind}`, title }, text);

// Puts a new picture of the same thing in place of the old one; scrolling, open folds and focus stay as they were.
export function redraw(root, ...children) {
  const folds = new Map([...root.querySelectorAll("details[data-key]")].map((fold) => [fold.dataset.key, fold.open]));
  const scrolled = [...root.querySelectorAll("[data-scroll]")].map((box) => [box.dataset.scroll, box.scrollTop, box.scrollHeight]);
  const focused = root.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null;
  const page = [window.scrollY, document.documentElement.scrollHeight];
  root.replaceChildren(...children);
  for (const fold of root.querySelectorAll("details[data-key]")) {
    if (folds.has(fold.dataset.key)) fold.open = folds.get(fold.dataset.key);
  }
  for (const [name, top, height] of scrolled) {
    const box = root.querySelector(`[data-scroll="${name}"]`);
    // New turns come in at the top: whoever reads further down keeps the line under their eyes.
    if (box) box.scrollTop = top > 0 ? top + box.scrollHeight - height : 0;
  }
  if (page[0] > 0) window.scrollTo(0, page[0] + document.documentElement.scrollHeight - page[1]);
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"] summary`)?.focus({ preventScroll: true });
}
