// Talking to the sandbox's control API.
async function answer(response) {
  const told = await response.json();
  if (!response.ok) throw new Error(told.error ?? response.statusText);
  return told;
}

export const look = async (path) => answer(await fetch(`/sandbox/${path}`));

export const act = async (path, body) =>
  answer(await fetch(`/sandbox/${path}`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  }));

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function notify(text, kind = "info") {
  const shelf = document.getElementById("notices");
  const note = make("div", { class: `notice ${kind}`, role: "status" }, text);
  shelf.append(note);
  setTimeout(() => note.remove(), 5000);
}

export const tried = (action) => async (...given) => {
  try {
    return await action(...given);
  } catch (error) {
    notify(error.message, "bad");
    return null;
  }
};

let zone = "Asia/Jakarta";
export const setZone = (name) => { zone = name; };
export const inZone = (date, options, locale = document.documentElement.lang === "id" ? "id-ID" : "en-GB") =>
  new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(date);
