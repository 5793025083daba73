// Charts with uPlot: every board of a page has one time axis, one range in the page's address and panels that move together.
"use strict";
(() => {
  const EAT = 3 * 3600, DAY = 86400, LEFT = 74, RIGHT = 54;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // ---- time: always Dar es Salaam (UTC+3, no summer time), whatever zone the browser is in

  const there = (at) => new Date((at + EAT) * 1000);
  const two = (value) => String(value).padStart(2, "0");
  const hours = (at, seconds) => { const d = there(at); return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? ":" + two(d.getUTCSeconds()) : ""}`; };
  const MONTHS = { en: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "), sw: "Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des".split(" ") };
  const months = MONTHS[document.documentElement.lang] || MONTHS.en;
  const day = (at) => { const d = there(at); return `${d.getUTCDate()} ${months[d.getUTCMonth()]}`; };
  const local = (at) => { const text = there(at).toISOString(); return text.slice(0, at % 60 ? 19 : 16); };
  const spoken = (at, step) => {
    const year = there(at).getUTCFullYear();
    if (step >= 20 * DAY) return `${months[there(at).getUTCMonth()]} ${year}`;
    return step >= DAY ? `${day(at)} ${year}` : `${day(at)} ${year} ${hours(at, step === 0)} EAT`;
  };
  const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY, 2 * DAY, 7 * DAY];

  function splits(u, axis, low, high, _, space) {
    const wanted = (high - low) / Math.max(1, Math.floor(u.bbox.width / devicePixelRatio / 84));
    const step = STEPS.find((one) => one >= wanted);
    const found = [];
    if (step) {
      const offset = step === 7 * DAY ? 4 * DAY : 0; // weeks begin on Monday
      for (let at = Math.ceil((low + EAT - offset) / step) * step - EAT + offset; at <= high; at += step) found.push(at);
      return found;
    }
    const every = [1, 2, 3, 6, 12, 24, 60].find((one) => one * 30.4 * DAY >= wanted) || 120;
    const first = there(low);
    for (let number = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / every) * every; ; number += every) {
      const at = Date.UTC(Math.floor(number / 12), number % 12, 1) / 1000 - EAT;
      if (at > high) return found;
      if (at >= low) found.push(at);
    }
  }

  function ticks(u, found) {
    const span = found.length > 1 ? found[1] - found[0] : DAY;
    let before = "";
    return found.map((at, place) => {
      const d = there(at), midnight = (at + EAT) % DAY === 0;
      if (span >= 27 * DAY) return d.getUTCMonth() === 0 || place === 0 ? `${months[d.getUTCMonth()]}\n${d.getUTCFullYear()}` : months[d.getUTCMonth()];
      if (span >= DAY) { const text = place === 0 || (d.getUTCMonth() === 0 && d.getUTCDate() <= 7) ? `${day(at)}\n${d.getUTCFullYear()}` : day(at); return text; }
      const today = day(at), text = hours(at, span < 60);
      const first = today !== before;
      before = today;
      return first || midnight ? `${text}\n${today}` : text;
    });
  }

  // ---- numbers, with units

  function digits(value) {
    const size = Math.abs(value);
    const text = value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }
  const THOUSANDS = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
  function written(value, unit) {
    if (value == null || Number.isNaN(value)) return "–";
    const size = Math.abs(value), sign = value < 0 ? "−" : "";
    if (unit === "ratio") return `${digits(value * 100)} %`;
    if (unit === "bit/s" || unit === "packet/s" || unit === "octet") {
      const short = unit === "bit/s" ? "b/s" : unit === "octet" ? "B" : "p/s";
      const found = THOUSANDS.find(([step]) => size >= step * 0.9995);
      return found ? `${sign}${digits(size / found[0])} ${found[1]}${short}` : `${sign}${digits(size)} ${short}`;
    }
    if (unit === "s" && size >= 3600) return size >= 2 * DAY ? `${digits(value / DAY)} d` : `${digits(value / 3600)} h`;
    return `${digits(value)} ${unit}`.trim();
  }

  // ---- one panel

  function sums(distances) { let at = 0; return distances.map((one) => (at += one)); }
  const turned = (values) => values.map((one) => (one == null ? null : -one));
  const opposite = (name) => name.startsWith("out_");

  class Panel {
    constructor(board, figure) {
      this.board = board;
      this.figure = figure;
      this.host = figure.querySelector("[data-plot]");
      this.reading = figure.querySelector("[data-reading]");
      this.mirror = figure.dataset.draw === "mirror";
      this.plot = null;
      this.content = null;
    }

    colour(place, quantity) {
      if (this.mirror) return css(opposite(quantity) ? "--out" : "--in");
      return css(["--in", "--out", "--maintenance", "--unknown", "--minor", "--warning"][place % 6]);
    }

    take(content) {
      this.content = content;
      this.at = sums(content.at);
      const columns = [this.at];
      for (const one of content.series) {
        const sign = this.mirror && opposite(one.quantity) ? turned : (values) => values;
        columns.push(sign(one.mean), ...(one.least ? [sign(one.least), sign(one.most)] : []));
      }
      for (const line of this.lines()) columns.push(line.values);
      this.host.classList.toggle("empty", !this.at.length);
      const shape = JSON.stringify([content.series.map((one) => [one.quantity, !!one.least]), this.lines().map((one) => one.name)]);
      if (this.plot && shape === this.shape) this.plot.setData(columns, false);
      else this.build(columns, shape);
      this.plot.setScale("x", this.board.range);
    }

    lines() {
      return [];
    }

    build(columns, shape) {
      this.plot?.destroy();
      this.shape = shape;
      const { series, bands, units } = this.configured();
      this.plot = new uPlot({
        width: Math.max(200, this.host.clientWidth), height: this.host.clientHeight, padding: [8, units.length > 1 ? 0 : RIGHT, 0, 0],
        series, bands, scales: this.scales(units), axes: this.axes(units), legend: { show: false },
        cursor: { sync: { key: this.board.key, setSeries: false }, drag: { x: true, y: false, setScale: false }, points: { size: 6 }, bind: this.board.binds(this) },
        hooks: { setSelect: [(u) => this.selected(u)], setCursor: [(u) => this.read(u)] },
      }, columns, this.host);
    }

    configured() {
      const series = [{}], bands = [], units = [];
      this.content.series.forEach((one, place) => {
        if (!units.includes(one.unit)) units.push(one.unit);
        const scale = `y${Math.min(1, units.indexOf(one.unit))}`, stroke = this.colour(place, one.quantity);
        series.push({ scale, stroke, width: 1.5, label: one.label, points: { show: false } });
        if (!one.least) return;
        const first = series.length;
        for (let side = 0; side < 2; side++) series.push({ scale, stroke: null, width: 0, points: { show: false } });
        const [low, high] = this.mirror && opposite(one.quantity) ? [first + 1, first] : [first, first + 1];
        bands.push({ series: [high, low], fill: stroke + "38" });
      });
      for (const line of this.lines()) series.push({ scale: "y0", stroke: line.stroke, width: 1.2, dash: line.dash, spanGaps: false, points: { show: false } });
      return { series, bands, units: units.slice(0, 2) };
    }

    scales(units) {
      const found = { x: { time: false, range: () => [this.board.range.min, this.board.range.max] } };
      units.forEach((unit, place) => { found[`y${place}`] = { range: (u, low, high) => this.height(unit, low, high) }; });
      return found;
    }

    height(unit, low, high) {
      if (low == null || high == null) return this.mirror ? [-1, 1] : [0, 1];
      const room = (value) => uPlot.rangeNum(0, value, 0.08, true)[1];
      if (this.mirror) return [low < 0 ? -room(-low) : 0, high > 0 ? room(high) : 1];
      if (unit === "ratio") return [0, Math.max(0.01, Math.min(1.05, room(high)))];
      return low >= 0 ? [0, room(high) || 1] : uPlot.rangeNum(low, high, 0.1, true);
    }

    axes(units) {
      const plain = { stroke: () => css("--quiet"), grid: { stroke: () => css("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
      const found = [{ ...plain, splits, values: ticks, size: 40, space: 84 }];
      units.forEach((unit, place) => found.push({
        ...plain, scale: `y${place}`, side: place ? 1 : 3, size: place ? RIGHT : LEFT, gap: 6, space: 28, grid: place ? { show: false } : plain.grid,
        values: (u, values) => values.map((value) => written(this.mirror ? Math.abs(value) : value, unit)),
      }));
      return found;
    }

    selected(u) {
      const { left, width } = u.select;
      if (width > 4) this.board.zoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
      u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    }

    read(u) {
      const place = u.cursor.idx;
      this.reading.replaceChildren();
      if (place == null || !this.at.length || this.at[place] == null) return;
      const say = (text, tag = "span") => { const one = document.createElement(tag); one.textContent = text; this.reading.append(one); return one; };
      say(spoken(this.at[place], this.content.step));
      this.content.series.forEach((one, number) => {
        const part = say(""), mark = document.createElement("i"), value = document.createElement("b");
        mark.style.background = this.colour(number, one.quantity);
        value.textContent = written(one.mean[place], one.unit);
        part.append(mark, `${one.label} `, value);
        if (one.least && one.mean[place] != null) part.append(` (${written(one.least[place], one.unit)} … ${written(one.most[place], one.unit)})`);
      });
    }

    resize() {
      this.plot?.setSize({ width: Math.max(200, this.host.clientWidth), height: this.host.clientHeight });
    }

    repaint() {
      if (this.content) { this.shape = ""; this.take(this.content); }
    }
  }

  // ---- one board

  class Board {
    constructor(section) {
      this.section = section;
      this.key = section.id;
      this.words = JSON.parse(section.dataset.words);
      this.query = section.dataset.query;
      this.notes = section.querySelector("[data-notes]");
      this.range = { min: 0, max: 1 };
      this.steps = 0;
      this.turn = 0;
      this.panels = [...section.querySelectorAll("[data-panel]")].map((one) => new Panel(this, one));
      for (const panel of this.panels) panel.host.dataset.empty = this.words.none;
      uPlot.sync(this.key);
      this.listen();
      this.load();
    }

    listen() {
      const section = this.section;
      section.querySelector("[data-do=back]").addEventListener("click", () => this.back());
      section.querySelector("[data-do=png]").addEventListener("click", () => this.png());
      section.querySelectorAll("[data-range]").forEach((one) => one.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.go(`range=${one.dataset.range}`);
      }));
      section.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        const form = new FormData(event.target);
        this.go(`from=${form.get("from")}&to=${form.get("to")}`);
      });
      section.addEventListener("keydown", (event) => this.key_pressed(event));
      addEventListener("popstate", () => { this.query = this.asked() || section.dataset.query; this.steps = Math.max(0, this.steps - 1); this.load(); });
      new ResizeObserver(() => this.panels.forEach((one) => one.resize())).observe(section);
      matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.panels.forEach((one) => one.repaint()));
      new MutationObserver(() => this.panels.forEach((one) => one.repaint())).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    }

    asked() {
      const given = new URLSearchParams(location.search), own = ["range", "from", "to"].filter((name) => given.has(name));
      return own.map((name) => `${name}=${given.get(name)}`).join("&");
    }

    // dragging with shift held moves instead of zooming
    binds(panel) {
      const moved = (u, target, usual) => (event) => {
        if (!event.shiftKey || event.button !== 0) return usual(event);
        const from = event.clientX, { min, max } = this.range, each = (max - min) / u.over.clientWidth;
        const move = (later) => this.show({ min: min + (from - later.clientX) * each, max: max + (from - later.clientX) * each });
        const up = () => { removeEventListener("mousemove", move); removeEventListener("mouseup", up); this.settle(); };
        addEventListener("mousemove", move);
        addEventListener("mouseup", up);
        return null;
      };
      return { mousedown: moved, dblclick: () => () => { this.back(); return null; } };
    }

    key_pressed(event) {
      if (!event.target.matches("[data-plot]") || event.ctrlKey || event.metaKey || event.altKey) return;
      const { min, max } = this.range, span = max - min, middle = (min + max) / 2;
      const acts = {
        "+": () => this.zoom(middle - span / 4, middle + span / 4), "=": () => this.zoom(middle - span / 4, middle + span / 4),
        "-": () => this.zoom(middle - span, middle + span), Backspace: () => this.back(),
        ArrowLeft: () => (event.shiftKey ? this.zoom(min - span / 4, max - span / 4) : this.step(event.target, -1)),
        ArrowRight: () => (event.shiftKey ? this.zoom(min + span / 4, max + span / 4) : this.step(event.target, 1)),
      };
      const act = acts[event.key];
      if (act) { event.preventDefault(); act(); }
    }

    step(host, way) {
      const panel = this.panels.find((one) => one.host === host), plot = panel?.plot;
      if (!plot || !panel.at.length) return;
      const place = Math.min(panel.at.length - 1, Math.max(0, (plot.cursor.idx ?? panel.at.length) + way));
      plot.setCursor({ left: plot.valToPos(panel.at[place], "x"), top: plot.over.clientHeight / 2 });
    }

    show(range) {
      this.range = range;
      for (const panel of this.panels) panel.plot?.setScale("x", range);
    }

    settle() {
      this.zoom(this.range.min, this.range.max);
    }

    zoom(low, high) {
      const now = Date.now() / 1000, span = Math.max(60, high - low);
      if (high > now && span < now) { high = now; low = now - span; }
      const round = span > 2 * 3600 ? 60 : 1;
      low = Math.floor(low / round) * round;
      high = Math.ceil(high / round) * round;
      this.show({ min: low, max: high });
      this.go(`from=${local(low)}&to=${local(high)}`);
    }

    go(query) {
      const kept = new URLSearchParams(location.search);
      ["range", "from", "to"].forEach((name) => kept.delete(name));
      const rest = kept.toString();
      history.pushState(null, "", `?${query}${rest ? "&" + rest : ""}`);
      this.steps += 1;
      this.query = query;
      this.load();
    }

    back() {
      if (this.steps > 0) history.back();
    }

    async load() {
      const turn = ++this.turn;
      this.section.setAttribute("aria-busy", "true");
      this.section.querySelector("[data-do=back]").disabled = this.steps === 0;
      try {
        const answer = await fetch(`/charts/data?${this.section.dataset.about}&${this.query}`, { headers: { accept: "application/json" } });
        const content = await answer.json();
        if (turn !== this.turn) return;
        if (!answer.ok) throw new Error(content.detail || answer.statusText);
        this.take(content);
      } catch (error) {
        if (turn === this.turn) this.notes.textContent = `${this.words.fail}: ${error.message}`;
      }
      if (turn === this.turn) this.section.setAttribute("aria-busy", "false");
    }

    take(content) {
      this.content = content;
      this.range = { min: content.from, max: content.to };
      content.panels.forEach((one, place) => this.panels[place]?.take(one));
      this.notes.textContent = content.notes.join(" ");
      this.section.querySelector("[data-do=csv]").href = `/charts/data.csv?${this.section.dataset.about}&${this.query}`;
      this.section.querySelectorAll("[data-range]").forEach((one) => {
        if (this.query === `range=${one.dataset.range}`) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
      });
      const form = this.section.querySelector("form");
      form.elements.from.value = local(Math.floor(content.from / 60) * 60);
      form.elements.to.value = local(Math.floor(content.to / 60) * 60);
    }

    png() {}
  }

  const start = () => document.querySelectorAll("[data-charts]").forEach((one) => new Board(one));
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start); else start();
})();
