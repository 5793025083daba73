/* The wallboard, live: parts come as the server drew them, ages and countdowns go on by themselves, and silence is said. */
import { clock, now, tick } from "./ages.js";

const body = document.body, lostAfterMs = 25000, staleS = 20, checkMs = 1000;
let seen = body.dataset.seen, heard = Date.now(), source = null, began = 0, again = 0, returning = false;
document.documentElement.classList.add("js");
const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };

function watch() {
  tick(document);
  const lost = Date.now() - heard > lostAfterMs;
  if (lost !== body.classList.contains("w-lost")) {
    body.classList.toggle("w-lost", lost);
    if (lost) {
      const p = document.createElement("p");
      p.textContent = body.dataset.lost.replace("{time}", clock(now() - (Date.now() - heard) / 1000));
      document.getElementById("banner").replaceChildren(p);
    }
  }
  // whoever it is that stopped: old data is never shown as if it held
  const fresh = document.querySelector("#fresh time[data-age]");
  body.classList.toggle("w-silent", !fresh || now() - Date.parse(fresh.dateTime) / 1000 > staleS);
  if (lost && source && Date.now() - began > lostAfterMs) { // dropped on the way without a word: it would stay open for ever
    source.close();
    source = null;
  }
  if (!source && Date.now() > again) listen();
}

const known = new Set();
const criticals = () => [...document.querySelectorAll('#faults li[data-severity="critical"]')];
function greet(first) {
  let fresh = 0;
  for (const one of criticals()) {
    if (known.has(one.dataset.number)) continue;
    known.add(one.dataset.number);
    if (!first) { one.classList.add("w-new"); fresh += 1; }
  }
  if (fresh) tone();
}

// between the press of a button and its release nothing is replaced: the click would miss
let pressed = false, late = {};
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const name of ["pointerup", "pointercancel", "blur"]) {
  addEventListener(name, () => setTimeout(() => { const parts = late; pressed = false; late = {}; show(parts); }, 60), true);
}

function show(parts) {
  if (pressed) return void Object.assign(late, parts);
  for (const [name, text] of Object.entries(parts)) {
    const place = document.getElementById(name);
    if (!place) continue;
    const held = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    place.innerHTML = text;
    const same = held && [...place.querySelectorAll("a[href]")].find((one) => one.getAttribute("href") === held);
    if (same) same.focus({ preventScroll: true });
  }
  if (parts.faults !== undefined) greet(false);
  watch();
}

function back() { // drawn anew, as soon as the page is sure to come
  if (returning) return;
  returning = true;
  fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(10000) })
    .then((answer) => { if (answer.ok) location.reload(); }, () => {}).finally(() => { returning = false; });
}

function listen() {
  const address = new URL("/wall/live", location);
  address.searchParams.set("seen", seen);
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) address.searchParams.set("lang", asked);
  source = new EventSource(address);
  began = Date.now();
  const alive = () => { heard = Date.now(); if (body.classList.contains("w-lost")) back(); };
  source.addEventListener("wall", (event) => { alive(); seen = event.lastEventId; show(JSON.parse(event.data)); });
  source.addEventListener("beat", alive);
  source.addEventListener("build", (event) => { alive(); if (event.data !== body.dataset.build) location.reload(); });
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    again = Date.now() + 5000;
    // refused, not only away: the page itself says why, and nobody is left with a dead one
    fetch(location.href, { redirect: "manual", cache: "no-store" }).then((answer) => {
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) location.reload();
    }, () => {});
  };
}

const sound = document.getElementById("sound");
let audio = null;
const loud = () => { try { return localStorage.getItem("noc-sound") === "on"; } catch { return false; } };
function paint() {
  sound.setAttribute("aria-pressed", String(loud()));
  say(sound, loud() ? sound.dataset.on : sound.dataset.off);
}
function tone() {
  if (!loud()) return;
  audio = audio || new AudioContext();
  for (const [at, pitch] of [[0, 880], [0.35, 660], [0.7, 880]]) {
    const voice = audio.createOscillator(), gain = audio.createGain(), from = audio.currentTime + at;
    voice.frequency.value = pitch;
    gain.gain.setValueAtTime(0.25, from);
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
    voice.connect(gain).connect(audio.destination);
    voice.start(from);
    voice.stop(from + 0.3);
  }
}
sound.addEventListener("click", () => {
  try { localStorage.setItem("noc-sound", loud() ? "off" : "on"); } catch { return; }
  paint();
  tone();
});

document.addEventListener("keydown", (event) => { // j k through the incidents; Enter opens one
  if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  const all = [...document.querySelectorAll("#faults li a")], at = all.indexOf(document.activeElement);
  const next = all[Math.min(all.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
  if (next) next.focus();
});

paint();
greet(true);
listen();
watch();
setInterval(watch, checkMs);
