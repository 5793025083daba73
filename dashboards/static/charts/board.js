/* Charts with uPlot: every board of a page has one time axis, one range in the page's address and panels that move together. */
import { now } from "../ages.js";
import { ask, joined, renewed, tailed } from "./data.js";
import { mark } from "./marks.js";
import { fingers, keys, mouse } from "./moves.js";
import { Panel } from "./panel.js";
import { save } from "./picture.js";
import { DAY, local } from "./units.js";

const MOST_S = 10.9 * 366 * DAY;
const LEAST_S = 60;
const MINUTES_FROM_S = 2 * 3600; // longer ranges begin and end with a minute
const TAILS = 20; // then all is asked for anew: percentiles and incidents too
const OWN = ["range", "from", "to"];

class Board {
  constructor(section) {
    this.section = section;
    this.key = section.id;
    this.words = JSON.parse(section.dataset.words);
    this.query = section.dataset.query;
    this.about = section.dataset.about;
    this.notes = section.querySelector("[data-notes]");
    this.range = { min: 0, max: 1 };
    this.held = false; // by fingers
    this.turn = 0;
    this.tails = 0;
    this.mouse = mouse(this);
    this.panels = [...section.querySelectorAll("[data-panel]")].map((one) => new Panel(this, one));
    uPlot.sync(this.key);
    this.listen();
    this.load();
  }

  listen() {
    const section = this.section;
    const acts = { back: () => this.back(), png: () => save(this), out: () => this.wider(), earlier: () => this.move(-0.5), later: () => this.move(0.5) };
    for (const [name, act] of Object.entries(acts)) section.querySelector(`[data-do=${name}]`).addEventListener("click", act);
    for (const one of section.querySelectorAll("[data-range]")) one.addEventListener("click", (event) => this.chosen(event, one.dataset.range));
    section.querySelector("form").addEventListener("submit", (event) => this.typed(event));
    keys(this);
    for (const panel of this.panels) {
      panel.host.dataset.empty = this.words.none;
      fingers(this, panel);
    }
    addEventListener("popstate", () => { this.query = asked() || section.dataset.query; this.load(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.content?.live) this.load(); });
    new ResizeObserver(() => { this.panels.forEach((one) => one.resize()); this.mark(); }).observe(section);
    const repaint = () => this.panels.forEach((one) => one.repaint());
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", repaint);
    new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  chosen(event, range) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(`range=${range}`);
  }

  typed(event) {
    event.preventDefault();
    const form = new FormData(event.target), moment = (name) => form.get(name).trim().replace(" ", "T");
    this.go(new URLSearchParams({ from: moment("from"), to: moment("to") }).toString());
  }

  // ---- which range is seen

  show(range) {
    this.range = range;
    for (const panel of this.panels) panel.plot?.setScale("x", range);
  }

  settle() {
    this.zoom(this.range.min, this.range.max);
  }

  narrower() {
    const { min, max } = this.range, span = max - min;
    this.zoom(min + span / 4, max - span / 4);
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
    const latest = now(), span = Math.min(MOST_S, Math.max(LEAST_S, high - low));
    if (high - low > span) low = (low + high - span) / 2;
    high = low + span;
    if (high > latest) { high = latest; low = latest - span; }
    const round = span > MINUTES_FROM_S ? 60 : 1;
    low = Math.floor(low / round) * round;
    high = Math.ceil(high / round) * round;
    const query = `from=${local(low)}&to=${local(high)}`;
    this.show({ min: low, max: high });
    if (query !== this.query) this.go(query); // panels that move together each say what was dragged over
  }

  go(query) {
    const kept = new URLSearchParams(location.search);
    OWN.forEach((name) => kept.delete(name));
    const rest = kept.toString();
    history.pushState({ charts: depth() + 1 }, "", `?${query}${rest ? "&" + rest : ""}`);
    this.query = query;
    this.load();
  }

  back() {
    if (depth() > 0) history.back();
  }

  // ---- what is in it

  async load() {
    const turn = ++this.turn;
    clearTimeout(this.coming);
    this.section.setAttribute("aria-busy", "true");
    this.section.querySelector("[data-do=back]").disabled = depth() === 0;
    try {
      const content = await ask(this.about, this.query);
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
    if (this.content?.live) this.coming = setTimeout(() => this.more(), renewed(this.content));
  }

  async more() {
    if (document.hidden) return;
    const turn = this.turn, old = this.content, query = tailed(old);
    if (!query || ++this.tails % TAILS === 0) { this.load(); return; }
    try {
      const tail = await ask(this.about, query);
      if (turn === this.turn) this.take(joined(old, tail));
    } catch { /* the next one tries again */ }
    if (turn === this.turn) this.expect();
  }

  take(content) {
    this.content = content;
    if (!this.held) this.range = { min: content.from, max: content.to };
    content.panels.forEach((one, place) => this.panels[place]?.take(one));
    this.notes.textContent = content.notes.join(" ");
    this.section.querySelector("[data-do=csv]").href = `/charts/data.csv?${this.about}&${this.query}`;
    for (const one of this.section.querySelectorAll("[data-range]")) {
      if (this.query === `range=${one.dataset.range}`) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    const form = this.section.querySelector("form");
    if (!form.contains(document.activeElement)) {
      for (const name of ["from", "to"]) form.elements[name].value = local(Math.floor(content[name] / 60) * 60).replace("T", " ");
    }
    this.mark();
  }

  mark() {
    mark(this);
  }
}

/** What the page's address asks for. */
function asked() {
  const given = new URLSearchParams(location.search);
  return OWN.filter((name) => given.has(name)).map((name) => `${name}=${given.get(name)}`).join("&");
}

/** How often one can go back and is still at these charts. */
function depth() {
  return history.state?.charts || 0;
}

for (const section of document.querySelectorAll("[data-charts]")) {
  if (typeof uPlot === "undefined") {
    section.classList.add("plain");
    section.querySelector("details")?.setAttribute("open", "");
  } else new Board(section);
}
