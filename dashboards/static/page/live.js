/* Keeps an open page true. Everything on it works without this file.

   <body data-topics="status cases">   what the page wants to hear of over /live; "" for nothing. When one of them is new
                                       the page is asked for again, and its live parts are replaced (swap.js)
   <body data-build>                   another one: the page loads itself anew
   <body data-line>                    address of shared.js: one line for all windows of the browser
   <body data-silent-s>                seconds without a word of the server after which a line is dead

   A page waits while a field of it is being filled in, while text is selected, and while nobody can see it. */
import { clock, hear, now, tick, told } from "../ages.js";
import { Joined } from "./joined.js";
import { busy, swap } from "./swap.js";

const EVERY_MS = navigator.connection && navigator.connection.saveData ? 30000 : 5000;
const LOST_AFTER_MS = 8000; // the line is renewed every few minutes: only then is it missed
const AGAIN_MS = 5000;
const ANSWER_MS = 25000;
const SLOW_MS = 3000;
const root = document.documentElement;
const body = document.body;
const silentMs = 1000 * Number(body.dataset.silentS); // without a word: the line is dead
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
    const answer = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" }, signal: AbortSignal.timeout(ANSWER_MS) });
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
const heard = {};
let missing = null;
let lostAt = 0;

const hears = {
  open() {
    if (!Object.keys(heard).length && performance.now() > SLOW_MS) want(); // much may be new since it was written
    clearTimeout(missing);
    missing = null;
    if (lostAt) want();
  },
  word(topic, word) {
    if (!topics.includes(topic)) return;
    const first = heard[topic] === undefined;
    if (heard[topic] === word) return void (lostAt && !missing && live());
    heard[topic] = word;
    if (!first || lostAt) want();
  },
  broken() {
    lostAt = lostAt || now();
    missing = missing || setTimeout(lost, LOST_AFTER_MS);
  },
  silent(forMs) {
    lostAt = lostAt || now() - forMs / 1000;
    lost();
  },
};
const line = new Joined(body.dataset.line, (kind, ...rest) => hears[kind](...rest), silentMs);

function open() {
  if (topics.length && !document.hidden && window.EventSource) line.open();
}

function close() {
  line.close();
  clearTimeout(missing);
  missing = null;
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
  if (document.hidden) return close(); // one that cannot be seen needs no line
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
setInterval(() => document.hidden || tick(document), 1000);
