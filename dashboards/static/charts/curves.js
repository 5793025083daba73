/* What uPlot is to draw of a panel's content: its curves, bands, scales and axes. A mirrored panel draws what goes out below zero. */
import { splits, ticks, written } from "./units.js";

export const LEFT = 74;
export const RIGHT = 54;
const MIRRORED = ["--in", "--out"];
const TONES = ["--in", "--out", "--maintenance", "--unknown", "--minor", "--warning"];
const FLAT = 0.1; // of a contract: what carries less would be flattened by its line

export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const opposite = (name) => name.startsWith("out_");
const turned = (values) => values.map((one) => (one == null ? null : -one));
const below = (content, quantity) => content.mirror && opposite(quantity);

/** Of two quantities by way; of more by kind (errors, discards), the way is said by the side of the axis */
export function tone(content, place) {
  const { mirror, series } = content;
  if (mirror && series.length === 2) return MIRRORED[Number(opposite(series[place].quantity))];
  return TONES[(mirror ? Math.floor(place / 2) : place) % TONES.length];
}

export function columns(content, at) {
  const found = [at];
  for (const one of content.series) {
    const sign = below(content, one.quantity) ? turned : (values) => values;
    found.push(sign(one.mean), ...(one.least ? [sign(one.least), sign(one.most)] : []));
  }
  for (const line of lines(content, at)) found.push(line.values);
  return found;
}

/** Contracted rate and percentile, as curves of their own. */
export function lines(content, at) {
  const found = [];
  content.series.forEach((one, place) => {
    const sign = below(content, one.quantity) ? -1 : 1;
    const peak = Math.max(0, ...(one.most || one.mean).filter((value) => value != null));
    const limit = content.limits[one.quantity];
    if (limit && peak >= FLAT * limit) {
      found.push({ name: `limit ${one.quantity}`, stroke: "--quiet", width: 1, values: at.map(() => sign * limit) });
    }
    const ranked = content.p95.filter((each) => each.quantity === one.quantity);
    if (!ranked.length) return;
    const values = at.map((when) => {
      const mine = ranked.find((each) => when >= each.from && when < each.to) || (ranked.length === 1 ? ranked[0] : null);
      return mine ? sign * mine.value : null;
    });
    found.push({ name: `p95 ${one.quantity}`, stroke: tone(content, place), width: 1.2, dash: [6, 5], values });
  });
  return found;
}

/** Equal for contents that differ in their values alone: the plot stays, and takes them. */
export function shape(content, at) {
  return JSON.stringify([content.series.map((one) => [one.quantity, !!one.least]), lines(content, at).map((one) => one.name)]);
}

export function drawn(content, at) {
  const series = [{}], bands = [], units = unitsIn(content), plain = { points: { show: false } };
  content.series.forEach((one, place) => {
    const scale = `y${content.mirror ? 0 : Math.min(1, units.indexOf(one.unit))}`, stroke = css(tone(content, place));
    series.push({ scale, stroke, width: 1.5, label: one.label, ...plain });
    if (!one.least) return;
    const first = series.length;
    for (let side = 0; side < 2; side++) series.push({ scale, label: "", stroke: null, width: 0, ...plain });
    const [low, high] = below(content, one.quantity) ? [first + 1, first] : [first, first + 1];
    bands.push({ series: [high, low], fill: stroke + "38" });
  });
  for (const { stroke, width, dash } of lines(content, at)) series.push({ scale: "y0", label: "", stroke: css(stroke), width, dash, ...plain });
  return { series, bands };
}

const unitsIn = (content) => [...new Set(content.series.map((one) => one.unit))];

/** Of at most two axes; above and below one axis is one scale: errors and packets a second are both counts. */
export function axesOf(content) {
  const units = unitsIn(content);
  return content.mirror ? [units.length > 1 ? "/s" : units[0]] : units.slice(0, 2);
}

export function scales(content, range) {
  const found = { x: { time: false, range } };
  axesOf(content).forEach((unit, place) => { found[`y${place}`] = { range: (u, low, high) => height(content.mirror, unit, low, high) }; });
  return found;
}

function height(mirror, unit, low, high) {
  if (low == null || high == null || (!low && !high)) return mirror ? [-1, 1] : [0, unit === "ratio" ? 0.01 : 1];
  const room = (value) => uPlot.rangeNum(0, value, 0.08, true)[1];
  if (mirror) return [low < 0 ? -room(-low) : 0, high > 0 ? room(high) : 1];
  if (unit === "ratio") return [0, Math.max(0.01, Math.min(1.05, room(high)))];
  return low >= 0 ? [0, room(high) || 1] : uPlot.rangeNum(low, high, 0.1, true);
}

export function axes(content) {
  const plain = { stroke: () => css("--quiet"), grid: { stroke: () => css("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  const found = [{ ...plain, splits, values: ticks, size: 40, space: 84 }];
  axesOf(content).forEach((unit, place) => found.push({
    ...plain, scale: `y${place}`, side: place ? 1 : 3, size: place ? RIGHT : LEFT, gap: 6, space: 28, grid: place ? { show: false } : plain.grid,
    values: (u, values) => values.map((value) => written(content.mirror ? Math.abs(value) : value, unit)),
  }));
  return found;
}
