/* One panel of a board: its curves, what is planned behind them, what is read under the pointer, and what is said below. */
import { DAYS, HOURS, MINUTES, spelled } from "../ages.js";
import { RIGHT, axes, axesOf, columns, css, drawn, scales, shape, tone } from "./curves.js";
import { sums } from "./data.js";
import { DAY, spoken, written } from "./units.js";

const LEAST_PX = 200;
const DRAGGED_PX = 4; // less is a click

export class Panel {
  constructor(board, figure) {
    this.board = board;
    this.host = figure.querySelector("[data-plot]");
    this.reading = figure.querySelector("[data-reading]");
    this.said = figure.querySelector("[data-said]");
    this.title = figure.querySelector("[data-title]").textContent;
    this.mirror = figure.dataset.draw === "mirror";
    this.plot = null;
    this.content = null;
    this.at = [];
  }

  take(content) {
    this.content = { ...content, mirror: this.mirror };
    this.at = sums(content.at);
    this.host.classList.toggle("empty", !this.at.length);
    const before = this.shape;
    this.shape = shape(this.content, this.at);
    if (this.plot && before === this.shape) this.plot.setData(columns(this.content, this.at), false);
    else this.build();
    this.plot.setScale("x", this.board.range);
    this.say();
  }

  repaint() {
    if (!this.content) return;
    this.shape = "";
    this.take(this.content);
  }

  build() {
    this.plot?.destroy();
    this.plot = null;
    this.plot = new uPlot({
      ...this.size(),
      ...drawn(this.content, this.at),
      padding: [8, axesOf(this.content).length > 1 ? 0 : RIGHT, 0, 0],
      scales: scales(this.content, () => [this.board.range.min, this.board.range.max]),
      axes: axes(this.content),
      legend: { show: false },
      cursor: {
        sync: { key: this.board.key, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        points: { size: 6, show: (u, place) => (u.series[place].label ? document.createElement("div") : false) },
        bind: this.board.mouse,
      },
      hooks: {
        setSelect: [(u) => this.selected(u)],
        setCursor: [(u) => this.read(u)],
        drawClear: [(u) => this.shade(u)],
        setScale: [(u, name) => name === "x" && this.board.panels[0] === this && this.board.mark()],
      },
    }, columns(this.content, this.at), this.host);
  }

  size() {
    return { width: Math.max(LEAST_PX, this.host.clientWidth), height: this.host.clientHeight };
  }

  resize() {
    this.plot?.setSize(this.size());
  }

  selected(u) {
    const { left, width } = u.select;
    if (width > DRAGGED_PX) this.board.zoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  // planned work: a grey band behind everything
  shade(u) {
    const { left, top, width, height } = u.bbox;
    u.ctx.save();
    u.ctx.fillStyle = css("--raised");
    for (const [from, to] of this.board.content?.bands || []) {
      const low = Math.max(left, u.valToPos(from, "x", true)), high = Math.min(left + width, u.valToPos(to, "x", true));
      if (high > low) u.ctx.fillRect(low, top, high - low, height);
    }
    if (this.mirror) {
      u.ctx.fillStyle = css("--faint");
      u.ctx.fillRect(left, Math.round(u.valToPos(0, "y0", true)), width, Math.max(1, devicePixelRatio));
    }
    u.ctx.restore();
  }

  read(u) {
    const place = u.cursor.idx;
    this.reading.replaceChildren();
    if (place == null || this.at[place] == null) return;
    this.reading.append(span(spoken(this.at[place], this.content.step)));
    this.content.series.forEach((one, number) => {
      const part = span(""), mark = document.createElement("i"), value = document.createElement("b");
      mark.style.background = css(tone(this.content, number));
      value.textContent = written(one.mean[place], one.unit);
      part.append(mark, `${one.label} `, value);
      if (one.least && one.mean[place] != null) part.append(` (${written(one.least[place], one.unit)} … ${written(one.most[place], one.unit)})`);
      this.reading.append(part);
    });
  }

  say() {
    const lead = this.at.length && this === this.board.panels[0];
    const parts = [this.contracted(), this.ranked(), lead && this.fineness()];
    this.said.replaceChildren(...parts.filter(Boolean).map(span));
  }

  contracted() {
    const limits = Object.entries(this.content.limits);
    return limits.length && `${this.board.words.contract}: ${limits.map(([name, bps]) => `${this.labelled(name)} ${written(bps, "bit/s")}`).join(", ")}`;
  }

  ranked() {
    const words = this.board.words, { series, p95 } = this.content;
    const last = series.map((one) => p95.filter((each) => each.quantity === one.quantity).pop()).filter(Boolean);
    if (!last.length) return "";
    const [there, all] = last[0].slots;
    const slots = words.slots.replace("{count}", there).replace("{total}", all) + (last.some((one) => one.provisional) ? `, ${words.provisional}` : "");
    const name = p95.length > last.length ? `${words.p95month} ${spoken(last[0].from, 30 * DAY)}` : words.p95;
    return `${name}: ${last.map((one) => `${this.labelled(one.quantity)} ${written(one.value, "bit/s")}`).join(", ")} (${slots})`;
  }

  fineness() {
    const words = this.board.words, step = this.content.step;
    if (!step) return words.polled;
    if (step > 20 * DAY) return words.month;
    const [unit, size] = step % DAY === 0 ? [DAYS, DAY] : step % 3600 === 0 ? [HOURS, 3600] : [MINUTES, 60];
    return words.means.replace("{length}", spelled(unit, step / size));
  }

  labelled(quantity) {
    return this.content.series.find((one) => one.quantity === quantity).label;
  }
}

function span(text) {
  const one = document.createElement("span");
  one.textContent = text;
  return one;
}
