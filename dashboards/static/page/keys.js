/* The keyboard, search as one types, and copying. Everything it does can be done without it.

   / search   ? the keys   g and a letter: to a page (a[data-key])   j k through the rows of a table, Enter opens one
   A row opens at its data-href, else at its first link. Keys of a page itself: elements with data-press="a" are clicked
   or focused by that letter; what they are called is their text or title.   <button data-copy="text"> copies */
const search = document.getElementById("search");
const typing = (at) => at.matches("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("main tbody tr")].filter((row) => row.dataset.href || row.querySelector("a[href]"));
let going = 0;

/** One row at a time is the chosen one: that of the keys, and of the focus. */
export function choose(row, show = true) {
  for (const each of document.querySelectorAll("tr.chosen")) each.classList.remove("chosen");
  row.classList.add("chosen");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  if (show) row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("chosen"));
  choose(all[Math.min(all.length - 1, Math.max(0, at < 0 && by < 0 ? 0 : at + by))]);
}

function enter(row) {
  const link = row.querySelector("a[href]");
  location.assign(row.dataset.href || link.href);
}

function press(key) {
  const there = document.querySelector(`[data-press="${CSS.escape(key)}"]`);
  if (!there || there.disabled) return false;
  if (there.matches("input:not([type=submit]), textarea, select")) there.focus();
  else there.click();
  return true;
}

const keys = {
  "/": () => search && (search.focus(), search.select()),
  "?": () => show(),
  j: () => step(1),
  k: () => step(-1),
  g: () => { going = Date.now(); },
};

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && at.matches && at.matches("tr.chosen")) return enter(at);
  if (!at.matches || typing(at) || document.querySelector("dialog[open]")) return undefined;
  if (Date.now() - going < 1500) {
    going = 0;
    const way = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (way) { event.preventDefault(); way.click(); }
    return undefined;
  }
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  else if (event.key.length === 1 && press(event.key)) event.preventDefault();
  return undefined;
});

// ---- the keys, as a list
function show() {
  const list = document.getElementById("keys");
  if (!list || !list.showModal) return;
  const more = list.querySelector("[data-more]");
  more.replaceChildren();
  const line = (text, ...signs) => {
    const name = document.createElement("dt");
    for (const sign of signs) {
      const key = document.createElement("kbd");
      key.textContent = sign;
      name.append(key, " ");
    }
    const what = document.createElement("dd");
    what.textContent = text;
    more.append(name, what);
  };
  for (const each of document.querySelectorAll("[data-press]")) line(each.title || each.textContent.trim() || each.name, each.dataset.press);
  for (const each of document.querySelectorAll("a[data-key]")) line(each.textContent, "g", each.dataset.key);
  list.showModal();
}

// ---- search as one types
if (search) {
  const found = document.createElement("ul");
  found.className = "found";
  found.id = "found";
  found.hidden = true;
  found.setAttribute("role", "listbox");
  found.setAttribute("aria-label", search.labels[0] ? search.labels[0].textContent : "");
  search.after(found);
  for (const [name, value] of [["role", "combobox"], ["aria-controls", "found"], ["aria-expanded", "false"], ["aria-autocomplete", "list"]]) search.setAttribute(name, value);
  let waiting = null;
  let asked = null;

  const close = () => { found.hidden = true; search.setAttribute("aria-expanded", "false"); search.removeAttribute("aria-activedescendant"); };
  const chosen = () => found.querySelector("[aria-selected=true]");

  function list(hits) {
    found.replaceChildren(...hits.map((hit, place) => {
      const item = document.createElement("li");
      item.id = `found-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const link = document.createElement("a");
      link.href = hit.address;
      link.tabIndex = -1;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = ` ${[hit.kind, hit.note].filter(Boolean).join(" · ")}`;
      link.append(hit.text, kind);
      item.append(link);
      return item;
    }));
    found.hidden = !hits.length;
    search.setAttribute("aria-expanded", String(Boolean(hits.length)));
  }

  async function ask() {
    if (asked) asked.abort();
    const words = search.value.trim();
    if (words.length < 2) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`/search/suggestions?q=${encodeURIComponent(words)}`, { signal: asked.signal, headers: { accept: "application/json" } });
      if (answer.ok && document.activeElement === search) list(await answer.json());
    } catch { /* asked again with the next letter; Enter asks for the page */ }
    return undefined;
  }

  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  search.addEventListener("blur", () => setTimeout(close, 200));
  search.addEventListener("keydown", (event) => {
    const all = [...found.children];
    if (event.key === "Escape") { close(); search.blur(); }
    if (event.key === "Enter" && !found.hidden && chosen()) { event.preventDefault(); chosen().firstChild.click(); }
    if (found.hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const at = all.indexOf(chosen()) + (event.key === "ArrowDown" ? 1 : -1);
    const next = all[(at + all.length) % all.length];
    for (const each of all) each.setAttribute("aria-selected", String(each === next));
    search.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  });
}

// ---- copying; on plain http a browser gives no clipboard, but still lets a selection be copied
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  return undefined;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
});
