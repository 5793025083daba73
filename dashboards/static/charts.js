// Charts with uPlot: every board of a page has one time axis, one range in the page's address and panels that move together.
"use strict";
(() => {
  const EAT = 3 * 3600, DAY = 86400, LEFT = 74, RIGHT = 54, MOST = 10.9 * 366 * DAY;
  const SVG = "http://www.w3.org/2000/svg";
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
  const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY];

  function splits(u, axis, low, high, _, space) {
    const wanted = (high - low) / Math.max(1, Math.floor(u.bbox.width / devicePixelRatio / 84));
    const step = STEPS.find((one) => one >= wanted);
    const found = [];
    if (step) {
      const offset = step >= 7 * DAY ? 4 * DAY : 0; // weeks begin on Monday
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
    return `${digits(value)} ${unit === "error/s" ? "/s" : unit}`.trim();
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
      this.said = figure.querySelector("[data-said]");
      this.title = figure.querySelector("[data-title]").textContent;
      this.mirror = figure.dataset.draw === "mirror";
      this.plot = null;
      this.content = null;
    }

    // of two quantities by way; of more by kind (errors, discards), the way is said by the side of the axis
    tone(place, quantity) {
      if (this.mirror && this.content.series.length === 2) return opposite(quantity) ? "--out" : "--in";
      return ["--in", "--out", "--maintenance", "--unknown", "--minor", "--warning"][(this.mirror ? Math.floor(place / 2) : place) % 6];
    }

    colour(place, quantity) {
      return css(this.tone(place, quantity));
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
      this.say();
    }

    // contracted rate and percentile, as curves of their own; a contract far above what is carried would flatten it
    lines() {
      const found = [];
      this.content.series.forEach((one, place) => {
        const sign = this.mirror && opposite(one.quantity) ? -1 : 1;
        const peak = Math.max(0, ...(one.most || one.mean).filter((value) => value != null));
        const limit = this.content.limits[one.quantity];
        if (limit && peak >= 0.1 * limit) {
          found.push({ name: `limit ${one.quantity}`, stroke: "--quiet", width: 1, values: this.at.map(() => sign * limit) });
        }
        const ranked = this.content.p95.filter((each) => each.quantity === one.quantity);
        if (!ranked.length) return;
        const values = this.at.map((at) => { const mine = ranked.find((each) => at >= each.from && at < each.to) || (ranked.length === 1 ? ranked[0] : null); return mine ? sign * mine.value : null; });
        found.push({ name: `p95 ${one.quantity}`, stroke: this.tone(place, one.quantity), width: 1.2, dash: [6, 5], values });
      });
      return found;
    }

    build(columns, shape) {
      this.plot?.destroy();
      this.shape = shape;
      const { series, bands, units } = this.configured();
      this.plot = new uPlot({
        width: Math.max(200, this.host.clientWidth), height: this.host.clientHeight, padding: [8, units.length > 1 ? 0 : RIGHT, 0, 0],
        series, bands, scales: this.scales(units), axes: this.axes(units), legend: { show: false },
        cursor: { sync: { key: this.board.key, setSeries: false }, drag: { x: true, y: false, setScale: false }, points: { size: 6, show: (u, place) => (u.series[place].label ? document.createElement("div") : false) }, bind: this.board.binds(this) },
        hooks: { setSelect: [(u) => this.selected(u)], setCursor: [(u) => this.read(u)], drawClear: [(u) => this.shade(u)], setScale: [(u, name) => name === "x" && this.place()] },
      }, columns, this.host);
    }

    configured() {
      const series = [{}], bands = [], units = [];
      this.content.series.forEach((one, place) => {
        if (!units.includes(one.unit)) units.push(one.unit);
        const scale = `y${this.mirror ? 0 : Math.min(1, units.indexOf(one.unit))}`, stroke = this.colour(place, one.quantity);
        series.push({ scale, stroke, width: 1.5, label: one.label, points: { show: false } });
        if (!one.least) return;
        const first = series.length;
        for (let side = 0; side < 2; side++) series.push({ scale, label: "", stroke: null, width: 0, points: { show: false } });
        const [low, high] = this.mirror && opposite(one.quantity) ? [first + 1, first] : [first, first + 1];
        bands.push({ series: [high, low], fill: stroke + "38" });
      });
      for (const line of this.lines()) series.push({ scale: "y0", label: "", stroke: css(line.stroke), width: line.width, dash: line.dash, points: { show: false } });
      // above and below one axis is one scale: errors and packets a second are both counts
      return { series, bands, units: this.mirror ? [units.length > 1 ? "/s" : units[0]] : units.slice(0, 2) };
    }

    scales(units) {
      const found = { x: { time: false, range: () => [this.board.range.min, this.board.range.max] } };
      units.forEach((unit, place) => { found[`y${place}`] = { range: (u, low, high) => this.height(unit, low, high) }; });
      return found;
    }

    height(unit, low, high) {
      if (low == null || high == null || (!low && !high)) return this.mirror ? [-1, 1] : [0, unit === "ratio" ? 0.01 : 1];
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
        const zero = u.valToPos(0, "y0", true);
        u.ctx.fillStyle = css("--faint");
        u.ctx.fillRect(left, Math.round(zero), width, Math.max(1, devicePixelRatio));
      }
      u.ctx.restore();
    }

    place() {
      if (this.board.panels[0] === this) this.board.mark();
    }

    say() {
      const words = this.board.words, step = this.content.step, parts = [];
      const of = (name) => this.content.series.find((one) => one.quantity === name);
      const limits = Object.entries(this.content.limits);
      if (limits.length) parts.push(`${words.contract}: ${limits.map(([name, bps]) => `${of(name).label} ${written(bps, "bit/s")}`).join(", ")}`);
      const last = this.content.series.map((one) => this.content.p95.filter((each) => each.quantity === one.quantity).pop()).filter(Boolean);
      if (last.length) {
        const monthly = this.content.p95.length > last.length, [there, all] = last[0].slots;
        const slots = words.slots.replace("{count}", there).replace("{total}", all) + (last.some((one) => one.provisional) ? `, ${words.provisional}` : "");
        const name = monthly ? `${words.p95month} ${spoken(last[0].from, 30 * DAY)}` : words.p95;
        parts.push(`${name}: ${last.map((one) => `${of(one.quantity).label} ${written(one.value, "bit/s")}`).join(", ")} (${slots})`);
      }
      const length = step % DAY === 0 ? `${step / DAY} d` : step % 3600 === 0 ? `${step / 3600} h` : `${step / 60} min`;
      if (this.at.length && this === this.board.panels[0]) parts.push(!step ? words.polled : step > 20 * DAY ? words.month : words.means.replace("{length}", length));
      this.said.replaceChildren(...parts.map((text) => { const one = document.createElement("span"); one.textContent = text; return one; }));
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
      this.turn = 0;
      this.tails = 0;
      this.panels = [...section.querySelectorAll("[data-panel]")].map((one) => new Panel(this, one));
      for (const panel of this.panels) panel.host.dataset.empty = this.words.none;
      uPlot.sync(this.key);
      this.listen();
      this.load();
    }

    listen() {
      const section = this.section;
      const acts = { back: () => this.back(), png: () => this.png(), out: () => this.wider(), earlier: () => this.move(-0.5), later: () => this.move(0.5) };
      for (const [name, act] of Object.entries(acts)) section.querySelector(`[data-do=${name}]`).addEventListener("click", act);
      section.querySelectorAll("[data-range]").forEach((one) => one.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.go(`range=${one.dataset.range}`);
      }));
      section.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        const form = new FormData(event.target);
        this.go(new URLSearchParams({ from: form.get("from").trim().replace(" ", "T"), to: form.get("to").trim().replace(" ", "T") }).toString());
      });
      section.addEventListener("keydown", (event) => this.pressed(event));
      addEventListener("popstate", () => { this.query = this.asked() || section.dataset.query; this.load(); });
      document.addEventListener("visibilitychange", () => { if (!document.hidden && this.content?.live) this.load(); });
      new ResizeObserver(() => { this.panels.forEach((one) => one.resize()); this.mark(); }).observe(section);
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

    pressed(event) {
      if (!event.target.matches("[data-plot]") || event.ctrlKey || event.metaKey || event.altKey) return;
      const { min, max } = this.range, span = max - min, middle = (min + max) / 2;
      const acts = {
        "+": () => this.zoom(middle - span / 4, middle + span / 4), "=": () => this.zoom(middle - span / 4, middle + span / 4),
        "-": () => this.wider(), Backspace: () => this.back(),
        ArrowLeft: () => (event.shiftKey ? this.move(-0.25) : this.step(event.target, -1)),
        ArrowRight: () => (event.shiftKey ? this.move(0.25) : this.step(event.target, 1)),
      };
      const act = acts[event.key];
      if (act) { event.preventDefault(); act(); }
    }

    step(host, way) {
      const panel = this.panels.find((one) => one.host === host), plot = panel?.plot;
      if (!plot || !panel.at.length) return;
      const place = Math.min(panel.at.length - 1, Math.max(0, (plot.cursor.idx ?? panel.at.length) + way));
      for (const { plot: one } of this.panels) one?.setCursor({ left: one.valToPos(panel.at[place], "x"), top: one.over.clientHeight / 2 }, true, false);
    }

    show(range) {
      this.range = range;
      for (const panel of this.panels) panel.plot?.setScale("x", range);
    }

    settle() {
      this.zoom(this.range.min, this.range.max);
    }

    wider() {
      const { min, max } = this.range, span = max - min;
      this.zoom(min - span / 2, max + span / 2);
    }

    move(share) {
      const { min, max } = this.range, span = max - min;
      this.zoom(min + share * span, max + share * span);
    }

    zoom(low, high) {
      const now = (window.noc?.now?.() ?? Date.now() / 1000), span = Math.min(MOST, Math.max(60, high - low));
      if (high - low > span) low = (low + high - span) / 2;
      high = low + span;
      if (high > now) { high = now; low = now - span; }
      const round = span > 2 * 3600 ? 60 : 1;
      low = Math.floor(low / round) * round;
      high = Math.ceil(high / round) * round;
      const query = `from=${local(low)}&to=${local(high)}`;
      if (query === this.query) return; // panels that move together each say what was dragged over
      this.show({ min: low, max: high });
      this.go(query);
    }

    go(query) {
      const kept = new URLSearchParams(location.search);
      ["range", "from", "to"].forEach((name) => kept.delete(name));
      const rest = kept.toString();
      history.pushState({ charts: this.depth() + 1 }, "", `?${query}${rest ? "&" + rest : ""}`);
      this.query = query;
      this.load();
    }

    depth() {
      return history.state?.charts || 0;
    }

    back() {
      if (this.depth() > 0) history.back();
    }

    async ask(query) {
      const answer = await fetch(`/charts/data?${this.section.dataset.about}&${query}`, { headers: { accept: "application/json" } });
      const content = await answer.json();
      if (!answer.ok) throw new Error(content.detail || answer.statusText);
      return content;
    }

    async load() {
      const turn = ++this.turn;
      clearTimeout(this.coming);
      this.section.setAttribute("aria-busy", "true");
      this.section.querySelector("[data-do=back]").disabled = this.depth() === 0;
      try {
        const content = await this.ask(this.query);
        if (turn === this.turn) this.take(content);
      } catch (error) {
        if (turn === this.turn) this.notes.textContent = `${this.words.fail}: ${error.message}`;
      }
      if (turn !== this.turn) return;
      this.section.setAttribute("aria-busy", "false");
      this.expect();
    }

    // a range that ends now goes on at its end: only what is new is asked for
    expect() {
      clearTimeout(this.coming);
      if (this.content?.live) this.coming = setTimeout(() => this.more(), { poll: 15000, "5min": 30000 }[this.content.step] || 300000);
    }

    async more() {
      if (document.hidden) return;
      const turn = this.turn, old = this.content, lasts = this.panels.map((one) => one.at?.[one.at.length - 1]).filter(Boolean);
      if (!lasts.length || ++this.tails % 20 === 0) { this.load(); return; } // percentiles and incidents anew
      try {
        const from = Math.min(...lasts, old.to - 120);
        const tail = await this.ask(`from=${local(from)}&step=${old.step}`);
        if (turn !== this.turn) return;
        const gone = old.query.startsWith("range=") ? tail.to - old.to : 0;
        this.take({ ...old, from: old.from + gone, to: tail.to, panels: old.panels.map((one, place) => joined(one, tail.panels[place], old.from + gone)), strip: with_states(old.strip, tail.strip, old.from + gone), marks: with_marks(old.marks, tail.marks) });
      } catch { /* the next one tries again */ }
      if (turn === this.turn) this.expect();
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
      if (!form.contains(document.activeElement)) {
        form.elements.from.value = local(Math.floor(content.from / 60) * 60).replace("T", " ");
        form.elements.to.value = local(Math.floor(content.to / 60) * 60).replace("T", " ");
      }
      this.mark();
    }

    // states below the first panel, incidents as marks on its axis
    mark() {
      const plot = this.panels[0]?.plot, content = this.content;
      if (!plot || !content) return;
      const { min, max } = this.range, width = plot.over.clientWidth, at = (time) => ((time - min) / (max - min)) * width;
      const strip = this.section.querySelector("[data-strip]");
      if (strip) {
        strip.hidden = !content.strip.length;
        strip.style.marginRight = `${this.panels[0].host.clientWidth - plot.over.offsetLeft - width}px`;
        strip.style.marginLeft = `${plot.over.offsetLeft}px`;
        strip.replaceChildren(...content.strip.filter(([from, to]) => to > min && from < max).map(([from, to, state, why]) => {
          const part = document.createElement("span"), low = Math.max(0, at(from)), high = Math.min(width, at(to));
          part.className = `part-${state}`;
          part.style.left = `${low}px`;
          part.style.width = `${Math.max(state === "up" ? 0 : 2, high - low)}px`;
          part.textContent = high - low > 60 ? this.words[state] : "";
          part.title = `${this.words[state]}${why ? ` (${why})` : ""}: ${spoken(from, 0)} – ${spoken(to, 0)}`;
          return part;
        }));
      }
      plot.root.querySelectorAll(".chart-mark").forEach((one) => one.remove());
      for (const [from, to, number, severity, text] of content.marks) {
        if (from < min && (to ?? max) < min || from > max) continue;
        const link = document.createElement("a"), svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
        link.className = `chart-mark severity-${severity}`;
        link.href = `/incidents/${number}`;
        link.title = `${this.words.incident} ${number}: ${text} · ${spoken(from, 0)} – ${to ? spoken(to, 0) : this.words.now}`;
        link.setAttribute("aria-label", link.title);
        link.style.left = `${plot.over.offsetLeft + Math.max(0, at(from))}px`;
        svg.setAttribute("class", "mark");
        use.setAttribute("href", `#m-${severity}`);
        svg.append(use);
        link.append(svg);
        plot.root.append(link);
      }
    }

    // everything as it is seen, with the range and the zone, as one picture
    png() {
      const ratio = devicePixelRatio || 1, plots = this.panels.filter((one) => one.plot), first = plots[0];
      if (!first) return;
      const width = first.plot.width, LINE = 20;
      const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d"), FONT = "13px system-ui, sans-serif";
      ctx.font = `400 ${FONT}`;
      const said = new Map(plots.map((one) => [one, wrapped(ctx, [...one.said.children].map((each) => each.textContent), width - LEFT)]));
      const height = 2 * LINE + plots.reduce((sum, one) => sum + one.plot.height + LINE * (1.4 + said.get(one).length), 0) + (this.content.strip.length ? LINE : 0);
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      ctx.scale(ratio, ratio);
      ctx.fillStyle = css("--ground");
      ctx.fillRect(0, 0, width, height);
      const write = (text, x, y, colour = "--text", weight = 400) => { ctx.fillStyle = css(colour); ctx.font = `${weight} ${FONT}`; ctx.fillText(text, x, y); };
      write(document.querySelector("h1").textContent.replace(/\s+/g, " ").trim(), 8, 16, "--text", 600);
      write(`${spoken(this.range.min, 1)} – ${spoken(this.range.max, 1)} (Africa/Dar_es_Salaam)`, 8, 34, "--quiet");
      let y = 2 * LINE;
      for (const one of plots) {
        write(one.title, 8, (y += LINE) - 4, "--text", 600);
        ctx.drawImage(one.plot.ctx.canvas, 0, y, width, one.plot.height);
        if (one === first) this.draw_marks(ctx, y);
        y += one.plot.height;
        if (one === first && this.content.strip.length) { this.draw_strip(ctx, y); y += LINE; }
        for (const text of said.get(one)) write(text, LEFT, (y += LINE) - 5, "--quiet");
        y += 0.4 * LINE;
      }
      canvas.toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = `${document.title.split(" · ")[0].replace(/[^\w.-]+/g, "-")}-${local(this.range.min)}.png`.replaceAll(":", "");
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      });
    }

    draw_marks(ctx, top) {
      const plot = this.panels[0].plot;
      for (const [from, , number, severity] of this.content.marks) {
        if (from < this.range.min || from > this.range.max) continue;
        const x = plot.over.offsetLeft + plot.valToPos(from, "x"), y = top + plot.over.offsetTop + plot.over.clientHeight;
        ctx.fillStyle = css(`--${severity}`) || css("--text");
        ctx.beginPath(); ctx.moveTo(x, y - 10); ctx.lineTo(x + 6, y); ctx.lineTo(x - 6, y); ctx.fill();
        ctx.font = "11px system-ui, sans-serif";
        ctx.fillText(String(number), x + 8, y - 1);
      }
    }

    draw_strip(ctx, top) {
      const plot = this.panels[0].plot, left = plot.over.offsetLeft, { min, max } = this.range;
      const colours = { down: "--critical", degraded: "--minor", unreachable: "--unreachable", unknown: "--unknown", unwatched: "--hatch" };
      ctx.strokeStyle = css("--line");
      ctx.strokeRect(left, top + 2, plot.over.clientWidth, 14);
      for (const [from, to, state] of this.content.strip) {
        if (!colours[state] || to < min || from > max) continue;
        const low = plot.valToPos(Math.max(min, from), "x"), high = plot.valToPos(Math.min(max, to), "x");
        ctx.fillStyle = css(colours[state]);
        ctx.fillRect(left + low, top + 2, Math.max(2, high - low), 14);
      }
    }
  }

  function wrapped(ctx, parts, width) {
    const lines = [];
    for (const part of parts) {
      const longer = lines.length ? `${lines[lines.length - 1]}  ·  ${part}` : part;
      if (lines.length && ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer; else lines.push(part);
    }
    return lines;
  }
  function joined(old, tail, from) {
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
  function with_states(old, tail, from) {
    if (!tail.length) return old;
    const kept = old.filter((one) => one[1] > from && one[0] < tail[0][0]).map((one) => [one[0], Math.min(one[1], tail[0][0]), ...one.slice(2)]);
    const last = kept[kept.length - 1];
    if (last && last[2] === tail[0][2]) { kept.pop(); return [...kept, [last[0], ...tail[0].slice(1)], ...tail.slice(1)]; }
    return [...kept, ...tail];
  }
  function with_marks(old, tail) {
    const known = new Map([...old, ...tail].map((one) => [one[2], one]));
    return [...known.values()];
  }

  function start() {
    for (const one of document.querySelectorAll("[data-charts]")) {
      if (typeof uPlot === "undefined") { one.classList.add("plain"); one.querySelector("details")?.setAttribute("open", ""); continue; }
      new Board(one);
    }
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start); else start();
})();
