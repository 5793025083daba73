/* Keeps an open page true. Everything on it works without this file.

   <body data-topics="status cases">   what the page wants to hear of over /live; "" for nothing
   <div id="..." data-live>            is replaced by what the server writes there now, when one of the topics is new
   <time data-age="short" datetime>    counts on once a second; data-stale-s: class "stale" when older than that
   <time data-clock>                   the clock of Dar es Salaam
   <details id="...">, .scroll[id]     stay open and stay where they are through a replacement

   Other scripts: document gets "noc:swap" after parts were replaced (detail: the new elements), and may ask for
   a fresh page by "noc:refresh". window.noc.now() is the server's time in seconds, whatever this machine's clock says.
   A page waits while a field of it is being filled in, while text is selected, and while nobody can see it. */
"use strict";

(() => {
  const EVERY_MS = navigator.connection && navigator.connection.saveData ? 30000 : 5000;
  const LOST_AFTER_MS = 8000; // the line is renewed every few minutes: only then is it missed
  const AGAIN_MS = 5000;
  const SLOW_MS = 3000;
  const SILENT_MS = 25000; // the server says something every ten seconds: a line without a word is dead
  const EAT_S = 3 * 3600;
  const root = document.documentElement;
  const body = document.body;
  const topics = (body.dataset.topics || "").split(/\s+/).filter(Boolean);

  // ---- time: the server's, as this page was told it
  const told = () => Number((document.getElementById("fresh") || body).dataset.now) || Date.now() / 1000;
  const [loading] = performance.getEntriesByType("navigation");
  let ahead = told() - (performance.timeOrigin + (loading ? loading.responseStart : 0)) / 1000;
  const now = () => Date.now() / 1000 + ahead;
  const clock = (at) => new Date((at + EAT_S) * 1000).toISOString().slice(11, 16) + " EAT";

  const SHORT = [[86400, 86400, "d"], [3600, 3600, "h"], [100, 60, "min"]];
  const short = (s) => {
    const fit = SHORT.find(([from]) => s >= from);
    return fit ? `${Math.floor(s / fit[1])} ${fit[2]}` : `${s} s`;
  };
  const two = (first, unit, second, lesser) => (second ? `${first} ${unit} ${second} ${lesser}` : `${first} ${unit}`);
  const long = (s) => {
    if (s < 3600) return short(s);
    if (s < 86400) return two(Math.floor(s / 3600), "h", Math.floor((s % 3600) / 60), "min");
    const days = Math.floor(s / 86400);
    return two(days, "d", days < 100 ? Math.floor((s % 86400) / 3600) : 0, "h");
  };

  function tick(within) {
    for (const each of within.querySelectorAll("time[data-age]")) {
      const age = Math.max(0, Math.round(now() - Date.parse(each.dateTime) / 1000));
      const text = each.dataset.age === "long" ? long(age) : short(age);
      if (each.textContent !== text) each.textContent = text;
      if (each.dataset.staleS) each.classList.toggle("stale", age > Number(each.dataset.staleS));
    }
    for (const each of within.querySelectorAll("time[data-clock]")) {
      if (each.textContent !== clock(now())) each.textContent = clock(now());
    }
  }

  // ---- replacing parts by what the server writes there now
  function busy() {
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
    const row = chosen && [...old.querySelectorAll("tr")].indexOf(chosen);
    return () => {
      for (const [id, left, top] of moved) {
        const twin = document.getElementById(id);
        if (twin) [twin.scrollLeft, twin.scrollTop] = [left, top];
      }
      const again = focus && find(fresh, focus);
      if (again) again.focus({ preventScroll: true });
      if (chosen) {
        const place = fresh.querySelectorAll("tr")[row];
        if (place) choose(place, false);
      }
    };
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
  function choose(row, show = true) {
    for (const each of document.querySelectorAll("tr.chosen")) each.classList.remove("chosen");
    row.classList.add("chosen");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    if (show) row.scrollIntoView({ block: "nearest" });
  }

  function swap(page) {
    const done = [];
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
    if (done.length) document.dispatchEvent(new CustomEvent("noc:swap", { detail: done }));
  }

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
      const said = Number((page.getElementById("fresh") || page.body).dataset.now);
      if (said) ahead = said - Date.now() / 1000;
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
    lostAt = lostAt || heardAt / 1000 + ahead;
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
  window.noc = { now, clock, choose, refresh: want };
  document.addEventListener("noc:refresh", want);
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
})();
