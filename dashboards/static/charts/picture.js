/* Everything of a board as it is seen, with the range and the zone, as one picture in a file. */
import { LEFT, css } from "./curves.js";
import { paintIncidents, paintStates } from "./marks.js";
import { local, spoken } from "./units.js";

const FONT = "13px system-ui, sans-serif";
const LINE = 20;
const KEPT_MS = 10000;

export function save(board) {
  const panels = board.panels.filter((one) => one.plot);
  if (panels.length) painted(board, panels).toBlob((blob) => download(blob, board.range.min));
}

function painted(board, panels) {
  const ratio = devicePixelRatio || 1, width = panels[0].plot.width, canvas = document.createElement("canvas"), ctx = canvas.getContext("2d");
  ctx.font = `400 ${FONT}`;
  const said = new Map(panels.map((one) => [one, wrapped(ctx, [...one.said.children].map((each) => each.textContent), width - LEFT)]));
  const strip = board.content.strip.length ? LINE : 0;
  const height = 2 * LINE + strip + panels.reduce((sum, one) => sum + one.plot.height + LINE * (1.4 + said.get(one).length), 0);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = css("--ground");
  ctx.fillRect(0, 0, width, height);
  write(ctx, document.querySelector("h1").textContent.replace(/\s+/g, " ").trim(), 8, 16, "--text", 600);
  write(ctx, `${spoken(board.range.min, 1)} – ${spoken(board.range.max, 1)} (Africa/Dar_es_Salaam)`, 8, 34);
  let y = 2 * LINE;
  for (const one of panels) {
    write(ctx, one.title, 8, (y += LINE) - 4, "--text", 600);
    ctx.drawImage(one.plot.ctx.canvas, 0, y, width, one.plot.height);
    if (one === board.panels[0]) paintIncidents(ctx, board, y);
    y += one.plot.height;
    if (one === board.panels[0] && strip) {
      paintStates(ctx, board, y);
      y += strip;
    }
    for (const text of said.get(one)) write(ctx, text, LEFT, (y += LINE) - 5);
    y += 0.4 * LINE;
  }
  return canvas;
}

function write(ctx, text, x, y, colour = "--quiet", weight = 400) {
  ctx.fillStyle = css(colour);
  ctx.font = `${weight} ${FONT}`;
  ctx.fillText(text, x, y);
}

/** Parts, as many to a line as there is room for. */
function wrapped(ctx, parts, width) {
  const lines = [];
  for (const part of parts) {
    const longer = lines.length ? `${lines[lines.length - 1]}  ·  ${part}` : part;
    if (lines.length && ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function download(blob, start) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${document.title.split(" · ")[0].replace(/[^\w.-]+/g, "-")}-${local(start)}.png`.replaceAll(":", "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
