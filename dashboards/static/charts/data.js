/* What a board shows: asked of the server for a range, and continued at its end while the range ends now. */
import { local } from "./units.js";

const RENEWED_MS = { poll: 15000, "5min": 30000 };
const SELDOM_MS = 300000;

/** Instants come as distances from the one before. */
export function sums(distances) {
  let at = 0;
  return distances.map((one) => (at += one));
}

/** Error: in the server's words. */
export async function ask(about, query) {
  const answer = await fetch(`/charts/data?${about}&${query}`, { headers: { accept: "application/json" } });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.detail || answer.statusText);
  return content;
}

/** Milliseconds until there may be more of it. */
export function renewed(content) {
  return RENEWED_MS[content.step] || SELDOM_MS;
}

/** The query for what came since; "" where nothing is shown that it could be joined to. */
export function tailed(old) {
  const lasts = old.panels.map((one) => sums(one.at).pop()).filter(Boolean);
  return lasts.length ? `from=${local(Math.min(...lasts, old.to - 120))}&step=${old.step}` : "";
}

/** `old`, and what came since; a range that is said by its length ("range=24h") loses as much at its beginning. */
export function joined(old, tail) {
  const from = old.from + (old.query.startsWith("range=") ? tail.to - old.to : 0);
  return {
    ...old,
    from,
    to: tail.to,
    panels: old.panels.map((one, place) => panelJoined(one, tail.panels[place], from)),
    strip: statesJoined(old.strip, tail.strip, from),
    marks: [...new Map([...old.marks, ...tail.marks].map((one) => [one[2], one])).values()],
  };
}

function panelJoined(old, tail, from) {
  const was = sums(old.at), adds = sums(tail.at);
  const cut = adds.length ? was.findIndex((at) => at >= adds[0]) : -1, end = cut < 0 ? was.length : cut;
  const low = Math.max(0, was.findIndex((at) => at > from - 2 * (old.step || 60)));
  const at = [...was.slice(low, end), ...adds];
  const series = old.series.map((one, place) => {
    const more = tail.series[place], both = (name) => (one[name] ? { [name]: [...one[name].slice(low, end), ...more[name]] } : {});
    return { ...one, ...both("mean"), ...both("least"), ...both("most") };
  });
  return { ...old, at: at.map((one, place) => one - (place ? at[place - 1] : 0)), series };
}

function statesJoined(old, tail, from) {
  if (!tail.length) return old;
  const kept = old.filter((one) => one[1] > from && one[0] < tail[0][0]).map((one) => [one[0], Math.min(one[1], tail[0][0]), ...one.slice(2)]);
  const last = kept[kept.length - 1];
  if (last && last[2] === tail[0][2]) return [...kept.slice(0, -1), [last[0], ...tail[0].slice(1)], ...tail.slice(1)];
  return [...kept, ...tail];
}
