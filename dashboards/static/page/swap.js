/* Parts of an open page are replaced by what the server writes there now, and nobody loses what they were at.

   <div id="..." data-live>            is replaced where it differs
   <details id="...">, .scroll[id]     stay open and stay where they are through a replacement
   fields, focus, the chosen row       stay as they are

   Other scripts: document gets "noc:swap" after parts were replaced (detail: the new elements). */
import { tick } from "../ages.js";
import { choose } from "./keys.js";

const RELEASED_MS = 60; // a click comes a moment after its button was released
const AIMED_MS = 300; // a pointer that moved on something that can be clicked is about to click it
const READ_PX = 120; // from the top of the window: what stands there is read, or about to be
const LONGEST_MS = 15000; // nobody keeps a page old by moving a mouse over it
let pressed = false;
let aimedAt = 0;
let swappedAt = Date.now();

addEventListener("pointerdown", () => { pressed = true; }, { capture: true, passive: true });
for (const name of ["pointerup", "pointercancel", "blur"]) {
  addEventListener(name, () => setTimeout(() => { pressed = false; }, RELEASED_MS), { capture: true, passive: true });
}
addEventListener("pointermove", (event) => {
  if (event.pointerType === "mouse" && event.target.closest && event.target.closest("a, button, summary, label, select")) aimedAt = Date.now();
}, { capture: true, passive: true });

/** Between press and release, and as a hand comes to it, nothing may move away: the click would miss, or take another. */
function clicking() {
  return pressed || (Date.now() - aimedAt < AIMED_MS && Date.now() - swappedAt < LONGEST_MS);
}

/** Whether somebody is at something that a replacement would take away. */
export function busy() {
  if (clicking()) return true;
  const field = document.activeElement;
  const filling = field && field.matches("input:not([type=search]), textarea, select") && field.closest("main");
  const selection = getSelection();
  const selecting = selection && !selection.isCollapsed && String(selection).trim();
  return Boolean(filling || selecting || document.querySelector("dialog[open]"));
}

function keep(old, fresh) {
  for (const each of old.querySelectorAll("details[id], .scroll[id]")) {
    const twin = fresh.querySelector(`#${CSS.escape(each.id)}`);
    if (twin && each.localName === "details") twin.open = each.open;
  }
  for (const each of old.querySelectorAll("input[name], select[name], textarea[name]")) fill(each, fresh);
  const moved = [...old.querySelectorAll(".scroll[id]")].map((each) => [each.id, each.scrollLeft, each.scrollTop]);
  const focus = old.contains(document.activeElement) ? path(old, document.activeElement) : null;
  const chosen = old.querySelector("tr.chosen");
  const row = chosen && known(chosen);
  return () => {
    for (const [id, left, top] of moved) {
      const twin = document.getElementById(id);
      if (twin) [twin.scrollLeft, twin.scrollTop] = [left, top];
    }
    const again = focus && find(fresh, focus);
    if (again) again.focus({ preventScroll: true });
    const same = row && [...fresh.querySelectorAll("tr")].find((each) => known(each) === row);
    if (same) choose(same, false); // where it stands now; of one that is gone no other takes the place
  };
}

function known(row) { // by where it leads to
  const link = row.querySelector("a[href]");
  return row.dataset.href || (link ? link.getAttribute("href") : "");
}

function fill(field, fresh) { // what somebody chose or typed is not taken away
  const same = [...fresh.querySelectorAll(`${field.localName}[name="${CSS.escape(field.name)}"]`)];
  if (field.type === "checkbox" || field.type === "radio") {
    const twin = same.find((each) => each.value === field.value);
    if (twin && field.checked !== field.defaultChecked) twin.checked = field.checked;
  } else if (same.length === 1 && field.type !== "hidden" && "value" in field) {
    const chosen = field.localName === "select" ? [...field.options].some((each) => each.selected !== each.defaultSelected) : field.value !== field.defaultValue;
    if (chosen) same[0].value = field.value;
  }
}

function path(within, element) {
  const same = [...within.querySelectorAll(element.localName)].filter((each) => twins(each, element));
  return { id: element.id, name: element.localName, href: element.getAttribute("href"), value: element.value, place: same.indexOf(element) };
}

const twins = (one, other) => one.getAttribute("href") === other.getAttribute("href") && one.value === other.value;

function find(within, { id, name, href, value, place }) {
  if (id) return document.getElementById(id);
  return [...within.querySelectorAll(name)].filter((each) => each.getAttribute("href") === href && each.value === value)[place];
}

/** What is read now stays where it is, whatever is written above it; gives what is to be called after the replacement.

 The browser's own anchor would be among what is replaced, so it is kept out of this. */
function anchored() {
  const seen = scrollY && document.elementFromPoint(innerWidth / 2, READ_PX);
  const part = seen && seen.closest("tr, li, section, figure, form, h1, h2, h3, p");
  if (!part) return () => {};
  const row = part.localName === "tr" ? known(part) : "";
  const top = part.getBoundingClientRect().top;
  const style = document.documentElement.style;
  style.overflowAnchor = "none";
  return () => {
    const same = part.isConnected ? part : row && [...document.querySelectorAll("tr")].find((each) => known(each) === row);
    if (same) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
    requestAnimationFrame(() => requestAnimationFrame(() => { style.overflowAnchor = ""; }));
  };
}

/** Every live part becomes what `page`, the same page as the server writes it now, says of it. */
export function swap(page) {
  const done = [];
  const settle = anchored();
  swappedAt = Date.now();
  for (const old of document.querySelectorAll("[data-live][id]")) {
    const fresh = page.getElementById(old.id);
    if (!old.isConnected || !fresh) continue;
    tick(old);
    tick(fresh);
    if (old.isEqualNode(fresh)) continue;
    const mine = document.adoptNode(fresh);
    const restore = keep(old, mine);
    old.replaceWith(mine);
    restore();
    done.push(mine);
  }
  settle();
  if (done.length) document.dispatchEvent(new CustomEvent("noc:swap", { detail: done }));
}
