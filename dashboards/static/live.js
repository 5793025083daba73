/* Keeps an open page true. Everything on it works without this file.

   <body data-topics="status cases">   what the page wants to hear of over /live; "" for nothing. When one of them is new
                                       the page is asked for again, and its live parts are replaced (swap.js)
   <body data-build>                   another one: the page loads itself anew

   A page waits while a field of it is being filled in, while text is selected, and while nobody can see it. */
import { clock, hear, now, tick, told } from "./ages.js";
import { busy, swap } from "./swap.js";

const EVERY_MS = navigator.connection && navigator.connection.saveData ? 30000 : 5000;
const LOST_AFTER_MS = 8000; // the line is renewed every few minutes: only then is it missed
const AGAIN_MS = 5000;
const SLOW_MS = 3000;
const SILENT_MS = 25000; // the server says something every ten seconds: a line without a word is dead
const root = document.documentElement;
const body = document.body;
const topics = (body.dataset.topics || "").split(/\s+/).filter(Boolean);

// ---- asking for the page again
let asking = null;
let askedAt = 0;
let wanted = false;

function want() {
  wanted = true;
  clearTimeout(asking);
  asking = setTimeout(refresh, Math.max(50, askedAt + EVERY_MS - Date.now()));
}

async function refresh() {
  if (document.hidden) return; // asked for when it is looked at again
  if (busy()) {
    asking = setTimeout(refresh, 1000);
    return;
  }
  wanted = false;
  askedAt = Date.now();
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" }, signal: AbortSignal.timeout(SILENT_MS) });
    const text = await answer.text();
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url); // logged out
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(text, "text/html");
    if (renewed(page)) return undefined;
    hear(told(page));
    if (!busy()) swap(page);
    else want();
    live();
  } catch {
    lost();
    asking = setTimeout(refresh, AGAIN_MS);
  }
  return undefined;
}

function renewed(page) {
  const build = page.body.dataset.build;
  if (!build || build === body.dataset.build || sessionStorage.getItem("noc build") === build) return false;
  sessionStorage.setItem("noc build", build); // once: a page that cannot be renewed is shown as it is
  location.reload();
  return true;
}

// ---- the line to the server
let line = null;
let missing = null;
let lostAt = 0;
let heardAt = Date.now();
const heard = {};

function open() {
  if (line || !topics.length || document.hidden || !window.EventSource) return;
  line = new EventSource("/live");
  heardAt = Date.now();
  line.addEventListener("beat", () => { heardAt = Date.now(); });
  line.onopen = () => {
    heardAt = Date.now();
    if (!Object.keys(heard).length && performance.now() > SLOW_MS) want(); // much may be new since it was written
    clearTimeout(missing);
    missing = null;
    if (lostAt) want();
  };
  line.onerror = () => {
    lostAt = lostAt || now();
    missing = missing || setTimeout(lost, LOST_AFTER_MS);
    if (line && line.readyState === EventSource.CLOSED) {
      close();
      setTimeout(open, AGAIN_MS);
    }
  };
  for (const topic of topics) {
    line.addEventListener(topic, (event) => {
      heardAt = Date.now();
      const first = heard[topic] === undefined;
      if (heard[topic] === event.data) return void (lostAt && !missing && live());
      heard[topic] = event.data;
      if (!first || lostAt) want();
    });
  }
}

function close() {
  if (line) line.close();
  line = null;
  clearTimeout(missing);
  missing = null;
}

function watch() { // a line that somebody on the way dropped without telling us stays open for ever
  if (!line || Date.now() - heardAt <= SILENT_MS) return;
  lostAt = lostAt || now() - (Date.now() - heardAt) / 1000;
  lost();
  close();
  open();
}

function lost() {
  lostAt = lostAt || now();
  root.classList.add("lost");
  const fresh = document.getElementById("fresh");
  if (!fresh) return;
  let word = fresh.querySelector(".not-live");
  if (!word) {
    word = document.createElement("strong");
    word.className = "not-live";
    fresh.append(" · ", word);
  }
  word.textContent = (body.dataset.lost || "{time}").replace("{time}", clock(lostAt));
}

function live() {
  lostAt = 0;
  if (!root.classList.contains("lost")) return;
  root.classList.remove("lost");
  for (const each of document.querySelectorAll(".not-live")) {
    if (each.previousSibling) each.previousSibling.remove();
    each.remove();
  }
}

root.classList.add("js");
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return close(); // browsers keep six lines to a server, for all windows together
  open();
  tick(document);
  if (wanted || topics.length) want();
  return undefined;
});
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => {
  open();
  if (event.persisted && topics.length) want();
});
addEventListener("online", () => topics.length && want());
tick(document);
setInterval(() => {
  if (document.hidden) return;
  tick(document);
  watch();
}, 1000);
