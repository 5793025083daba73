/* States below the first panel and incidents on its axis: on the page as links and titles, on a picture as they look. */
import { css } from "./curves.js";
import { spoken } from "./units.js";

const SVG = "http://www.w3.org/2000/svg";
const NARROWEST_PX = 2;
const WORDED_PX = 60;
const STATES = { down: "--critical", degraded: "--minor", unreachable: "--unreachable", unknown: "--unknown", unwatched: "--hatch" };

/** Anew for the range that is seen now. */
export function mark(board) {
  const plot = board.panels[0]?.plot;
  if (!plot || !board.content) return;
  const strip = board.section.querySelector("[data-strip]");
  if (strip) {
    strip.hidden = !board.content.strip.length;
    strip.style.marginLeft = `${plot.over.offsetLeft}px`;
    strip.style.marginRight = `${board.panels[0].host.clientWidth - plot.over.offsetLeft - plot.over.clientWidth}px`;
    strip.replaceChildren(...states(board, plot).map((one) => state(board.words, one)));
  }
  plot.root.querySelectorAll(".chart-mark").forEach((one) => one.remove());
  plot.root.append(...incidents(board).map((one) => incident(board, plot, one)));
}

/** Pixels from the left end of the plot; the plot itself may not be drawn for this range yet. */
function placed({ range: { min, max } }, plot, time) {
  return ((time - min) / (max - min)) * plot.over.clientWidth;
}

/** What of the strip is seen: where it lies on the plot, in pixels, and what it says. */
function states(board, plot) {
  const { min, max } = board.range, at = (time) => placed(board, plot, Math.min(max, Math.max(min, time)));
  return board.content.strip
    .filter(([from, to]) => to > min && from < max)
    .map(([from, to, name, why]) => ({ from, to, name, why, low: at(from), width: at(to) - at(from) }));
}

function incidents({ range: { min, max }, content }) {
  return content.marks.filter(([from, to]) => from <= max && (from >= min || (to ?? max) >= min));
}

function state(words, { from, to, name, why, low, width }) {
  const part = document.createElement("span");
  part.className = `part-${name}`;
  part.style.left = `${low}px`;
  part.style.width = `${Math.max(name === "up" ? 0 : NARROWEST_PX, width)}px`;
  part.textContent = width > WORDED_PX ? words[name] : "";
  part.title = `${words[name]}${why ? ` (${why})` : ""}: ${spoken(from, 0)} – ${spoken(to, 0)}`;
  return part;
}

function incident(board, plot, [from, to, number, severity, text]) {
  const link = document.createElement("a"), svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  link.className = `chart-mark severity-${severity}`;
  link.href = `/incidents/${number}`;
  link.title = `${board.words.incident} ${number}: ${text} · ${spoken(from, 0)} – ${to ? spoken(to, 0) : board.words.now}`;
  link.setAttribute("aria-label", link.title);
  link.style.left = `${plot.over.offsetLeft + Math.max(0, placed(board, plot, from))}px`;
  svg.setAttribute("class", "mark");
  use.setAttribute("href", `#m-${severity}`);
  svg.append(use);
  link.append(svg);
  return link;
}

/** On a picture whose first panel begins at `top`. */
export function paintIncidents(ctx, board, top) {
  const plot = board.panels[0].plot, y = top + plot.over.offsetTop + plot.over.clientHeight;
  for (const [from, , number, severity] of incidents(board)) {
    if (from < board.range.min) continue;
    const x = plot.over.offsetLeft + placed(board, plot, from);
    ctx.fillStyle = css(`--${severity}`) || css("--text");
    ctx.beginPath();
    ctx.moveTo(x, y - 10);
    ctx.lineTo(x + 6, y);
    ctx.lineTo(x - 6, y);
    ctx.fill();
    ctx.font = "11px system-ui, sans-serif";
    ctx.fillText(String(number), x + 8, y - 1);
  }
}

export function paintStates(ctx, board, top) {
  const plot = board.panels[0].plot, left = plot.over.offsetLeft;
  ctx.strokeStyle = css("--line");
  ctx.strokeRect(left, top + 2, plot.over.clientWidth, 14);
  for (const { name, low, width } of states(board, plot)) {
    if (!STATES[name]) continue;
    ctx.fillStyle = css(STATES[name]);
    ctx.fillRect(left + low, top + 2, Math.max(NARROWEST_PX, width), 14);
  }
}
