/* Times on a page go on by themselves, by the server's clock and not by that of this machine.

   [data-now]                          the server's time in seconds, as the page was written
   <time data-age="short" datetime>    how long ago ("long": in two units); data-stale-s: class "stale" when longer than that
   <time data-left datetime>           minutes and seconds until then; class "near" in the last two minutes
   <time data-clock>                   the clock of Dar es Salaam

   `tick(within)` writes them anew; whoever imports this calls it once a second. The same words as dashboards/figures.py. */
const EAT_S = 3 * 3600;
const NEAR_S = 120;

let ahead = 0; // of this machine's clock, in seconds
const [loading] = performance.getEntriesByType("navigation");
hear(told(document), (performance.timeOrigin + (loading ? loading.responseStart : 0)) / 1000);

/** Seconds of the server's clock. */
export function now() {
  return Date.now() / 1000 + ahead;
}

/** What the server said its time was, at `at` of this machine's clock. */
export function hear(seconds, at = Date.now() / 1000) {
  if (seconds) ahead = seconds - at;
}

export function told(page) {
  const said = page.querySelector("[data-now]");
  return said ? Number(said.dataset.now) : 0;
}

export function clock(at) {
  return new Date((at + EAT_S) * 1000).toISOString().slice(11, 16) + " EAT";
}

const SPANS = {
  "en": ["{} s", "{} min", "{} h", "{} d"],
  "sw": ["sek {}", "dk {}", "saa {}", "siku {}"]
};
export const [SECONDS, MINUTES, HOURS, DAYS] = SPANS[document.documentElement.lang] || SPANS.en;
const SHORT = [[86400, 86400, DAYS], [3600, 3600, HOURS], [100, 60, MINUTES]];
const of = (unit, number) => spelled(unit, Math.floor(number));

/** So many of a unit: spelled(HOURS, 3) is "3 h", "saa 3". */
export function spelled(unit, number) {
  return unit.replace("{}", number);
}

function short(s) {
  const fit = SHORT.find(([from]) => s >= from);
  return fit ? of(fit[2], s / fit[1]) : of(SECONDS, s);
}

function long(s) {
  if (s < 3600) return short(s);
  if (s < 86400) return pair(HOURS, s / 3600, MINUTES, Math.floor((s % 3600) / 60));
  return pair(DAYS, s / 86400, HOURS, s < 8640000 ? Math.floor((s % 86400) / 3600) : 0);
}

function pair(unit, first, lesser, second) {
  return second ? `${of(unit, first)} ${of(lesser, second)}` : of(unit, first);
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function tick(within) {
  const seconds = now();
  const at = (element) => Date.parse(element.dateTime) / 1000;
  for (const each of within.querySelectorAll("time[data-age]")) {
    const age = Math.max(0, Math.round(seconds - at(each)));
    say(each, each.dataset.age === "long" ? long(age) : short(age));
    if (each.dataset.staleS) each.classList.toggle("stale", age > Number(each.dataset.staleS));
  }
  for (const each of within.querySelectorAll("time[data-left]")) {
    const left = Math.max(0, Math.round(at(each) - seconds));
    say(each, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
    each.classList.toggle("near", left <= NEAR_S);
  }
  for (const each of within.querySelectorAll("time[data-clock]")) say(each, clock(seconds));
}
