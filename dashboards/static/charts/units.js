/* How times and numbers are written on charts, and where an axis of time is marked.

   Always Dar es Salaam (UTC+3, no summer time), whatever zone the browser is in. */
import { DAYS, HOURS, spelled } from "../ages.js";

export const DAY = 86400;
const EAT = 3 * 3600;
const MONTHS = {
  en: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
  sw: "Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des".split(" "),
};
const months = MONTHS[document.documentElement.lang] || MONTHS.en;

const there = (at) => new Date((at + EAT) * 1000);
const two = (value) => String(value).padStart(2, "0");
const day = (at) => { const d = there(at); return `${d.getUTCDate()} ${months[d.getUTCMonth()]}`; };

function hours(at, seconds) {
  const d = there(at);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? ":" + two(d.getUTCSeconds()) : ""}`;
}

/** As it stands in addresses and fields: 2026-11-22T14:00. */
export function local(at) {
  return there(at).toISOString().slice(0, at % 60 ? 19 : 16);
}

/** As people say it, as finely as values that lie `step` seconds apart deserve. */
export function spoken(at, step) {
  const year = there(at).getUTCFullYear();
  if (step >= 20 * DAY) return `${months[there(at).getUTCMonth()]} ${year}`;
  return step >= DAY ? `${day(at)} ${year}` : `${day(at)} ${year} ${hours(at, step === 0)} EAT`;
}

// ---- the axis of time, as uPlot asks for it

const APART_PX = 84;
const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
const MONTH = 30.4 * DAY;

export function splits(u, axis, low, high) {
  const wanted = (high - low) / Math.max(1, Math.floor(u.bbox.width / devicePixelRatio / APART_PX));
  const step = STEPS.find((one) => one >= wanted);
  return step ? evenly(low, high, step) : monthly(low, high, [1, 2, 3, 6, 12, 24, 60].find((one) => one * MONTH >= wanted) || 120);
}

function evenly(low, high, step) {
  const offset = step >= 7 * DAY ? 4 * DAY : 0; // weeks begin on Monday
  const found = [];
  for (let at = Math.ceil((low + EAT - offset) / step) * step - EAT + offset; at <= high; at += step) found.push(at);
  return found;
}

function monthly(low, high, every) {
  const first = there(low), found = [];
  for (let number = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / every) * every; ; number += every) {
    const at = Date.UTC(Math.floor(number / 12), number % 12, 1) / 1000 - EAT;
    if (at > high) return found;
    if (at >= low) found.push(at);
  }
}

export function ticks(u, found) {
  const span = found.length > 1 ? found[1] - found[0] : DAY;
  let before = "";
  return found.map((at, place) => {
    const d = there(at), year = d.getUTCFullYear(), month = months[d.getUTCMonth()];
    if (span >= 27 * DAY) return place === 0 || d.getUTCMonth() === 0 ? `${month}\n${year}` : month;
    if (span >= DAY) return place === 0 || (d.getUTCMonth() === 0 && d.getUTCDate() <= 7) ? `${day(at)}\n${year}` : day(at);
    const today = day(at), first = today !== before;
    before = today;
    return first ? `${hours(at, span < 60)}\n${today}` : hours(at, span < 60);
  });
}

// ---- numbers

const THOUSANDS = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
const SHORT = { "bit/s": "b/s", octet: "B", "packet/s": "p/s" };

function digits(value) {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** `unit` as the store has it: "bit/s", "ratio", "s" ... */
export function written(value, unit) {
  if (value == null || Number.isNaN(value)) return "–";
  if (unit === "ratio") return `${digits(value * 100)} %`;
  const size = Math.abs(value);
  if (SHORT[unit]) {
    const [step, letter] = THOUSANDS.find(([least]) => size >= least * 0.9995) || [1, ""];
    return `${value < 0 ? "−" : ""}${digits(size / step)} ${letter}${SHORT[unit]}`;
  }
  if (unit === "s" && size >= 3600) return size >= 2 * DAY ? spelled(DAYS, digits(value / DAY)) : spelled(HOURS, digits(value / 3600));
  return `${digits(value)} ${unit === "error/s" ? "/s" : unit}`.trim();
}
