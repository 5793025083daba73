/* How a range is moved and narrowed on the plots themselves.

   mouse     drag: zoom (uPlot's own)   with shift: move   double click: back
   fingers   one, sideways: move   two: what they hold stays under them   up and down scrolls the page (touch-action)
   keys      arrows: read   with shift: move   + -: zoom   Backspace: back */
const NARROWEST_S = 60;
const FINGERS_PX = 24; // fingers above each other hold the instant between them, and nothing is drawn out
const HELD_PX = 4; // less is a tap: it reads values, as a mouse does

/** What uPlot is to do instead of its own on a press of the mouse. */
export function mouse(board) {
  const shifted = (u, target, usual) => (event) => {
    if (!event.shiftKey || event.button !== 0) return usual(event);
    const hold = held([event.clientX]), range = board.range, width = u.over.clientWidth;
    const move = (later) => board.show(under(hold, held([later.clientX]), range, width));
    const up = () => {
      removeEventListener("mousemove", move);
      removeEventListener("mouseup", up);
      board.settle();
    };
    addEventListener("mousemove", move);
    addEventListener("mouseup", up);
    return null;
  };
  return { mousedown: shifted, dblclick: () => () => { board.back(); return null; } };
}

/** Fingers on a panel; while they hold it, what comes from the server does not move it. */
export function fingers(board, panel) {
  const down = new Map(); // where each finger is, by its id
  let hold = null, range = null, first = null, began = 0;

  const grip = () => {
    hold = down.size ? held([...down.values()]) : null;
    range = board.range;
  };
  panel.host.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || !panel.plot?.over.contains(event.target)) return;
    if (!down.size) [began, first] = [event.clientX, board.range];
    down.set(event.pointerId, event.clientX - panel.plot.over.getBoundingClientRect().left);
    grip();
  });
  panel.host.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, event.clientX - panel.plot.over.getBoundingClientRect().left);
    if (!board.held && down.size === 1 && Math.abs(event.clientX - began) < HELD_PX) return;
    board.held = true;
    board.show(under(hold, held([...down.values()]), range, panel.plot.over.clientWidth));
  });
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    grip();
    if (down.size || !board.held) return;
    board.held = false;
    board.settle();
  };
  panel.host.addEventListener("pointerup", up);
  panel.host.addEventListener("pointercancel", () => { // the page scrolls instead
    down.clear();
    if (board.held) board.show(first);
    board.held = false;
  });
}

/** The middle between the outermost of some places, and how far they are from each other; in pixels. */
function held(places) {
  const low = Math.min(...places), high = Math.max(...places);
  return { middle: (low + high) / 2, apart: Math.max(FINGERS_PX, high - low) };
}

/** The range in which what was under `before` of `range` is under `now`; `width`: of the plot. */
function under(before, now, { min, max }, width) {
  const span = Math.max(NARROWEST_S, ((max - min) * before.apart) / now.apart);
  const low = min + (before.middle / width) * (max - min) - (now.middle / width) * span;
  return { min: low, max: low + span };
}

export function keys(board) {
  board.section.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-plot]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      "+": () => board.narrower(),
      "=": () => board.narrower(),
      "-": () => board.wider(),
      Backspace: () => board.back(),
      ArrowLeft: () => (event.shiftKey ? board.move(-0.25) : step(board, event.target, -1)),
      ArrowRight: () => (event.shiftKey ? board.move(0.25) : step(board, event.target, 1)),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

/** To the value before or after the one that is read, on all panels. */
function step(board, host, way) {
  const panel = board.panels.find((one) => one.host === host);
  if (!panel?.plot || !panel.at.length) return;
  const place = Math.min(panel.at.length - 1, Math.max(0, (panel.plot.cursor.idx ?? panel.at.length) + way));
  for (const { plot } of board.panels) plot?.setCursor({ left: plot.valToPos(panel.at[place], "x"), top: plot.over.clientHeight / 2 }, true, false);
}
