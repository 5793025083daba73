/* Incidents by keyboard, and forms that are sent once. The pages work without it.

   In the list: x chooses the row, a takes it (POST /incidents/N/ack), n opens it at its note; j k Enter are page/keys.js'.
   On one incident keys are data-press (page/keys.js). */
import { choose } from "./page/keys.js";

const GO_MS = 1500; // g and a letter go to a page
const typing = (at) => at.matches && at.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
const row = () => document.querySelector("tr.chosen[data-number]");
let going = 0;
let last = "";

function post(address) {
  const given = document.querySelector("input[name=form_key]");
  const form = document.createElement("form");
  const key = document.createElement("input");
  form.method = "post";
  form.action = address;
  key.type = "hidden";
  key.name = "form_key";
  key.value = given ? given.value : "";
  form.append(key);
  document.body.append(form);
  form.submit();
}

const acts = {
  x: (one) => { const box = one.querySelector("input[name=number]"); if (box) box.checked = !box.checked; },
  a: (one) => { if (one.querySelector("input[name=number]")) post(`/incidents/${one.dataset.number}/ack`); },
  n: (one) => location.assign(`/incidents/${one.dataset.number}#note`),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const held = Date.now() - going < GO_MS;
  going = event.key === "g" ? Date.now() : 0;
  const one = row();
  if (held || !one || !acts[event.key] || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  acts[event.key](one);
});

// a row that moved while others came and went stays the chosen one: a key never takes what stands there now
const remember = () => { last = row() ? row().dataset.number : ""; };
document.addEventListener("keyup", remember);
document.addEventListener("click", remember);
document.addEventListener("noc:swap", () => {
  const one = row();
  if (!one || one.dataset.number === last) return;
  one.classList.remove("chosen");
  const same = document.querySelector(`tr[data-number="${CSS.escape(last)}"]`);
  if (same) choose(same, false);
});

// the answer to an act that was refused stands where the act was sent to: from here on it is the page it shows
const own = location.pathname
  .replace(/^(\/(?:incidents|windows)\/\d+)\/[a-z]+$/, "$1")
  .replace(/^\/oncall\/\d+\/end$/, "/oncall");
const back = document.querySelector("#chosen input[name=back]");
if (location.pathname === "/incidents/ack") history.replaceState(null, "", `/incidents${back && back.value ? `?${back.value}` : ""}`);
else if (own !== location.pathname) history.replaceState(null, "", own);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.classList.contains("once")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form.once")) delete form.dataset.sent; });

const field = location.hash === "#note" && document.getElementById("note");
if (field) field.focus();
