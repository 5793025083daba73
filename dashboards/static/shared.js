/* The one line of a browser, for all its windows: browsers keep six connections to a server, and pages need some of them.

   A SharedWorker; it lives as long as any window does, whichever of them began it. A window says "here" again and again while
   it can be seen, and "gone" when not; it is told what the line tells (line.js), and "here" in answer to its own. The line
   stands while a window can be seen. */
import { Line } from "./line.js";

const LOOK_MS = 5000;
const PATIENCE = 6; // looks without a word, after which a window is taken for gone
const windows = new Map(); // the port of each that can be seen: looks since it spoke
const words = new Map(); // topic: its newest
let stands = null; // whether the line does; null: not known yet
let line = null;

function tell(kind, ...rest) {
  if (kind === "word") words.set(...rest);
  else stands = kind === "open";
  for (const port of windows.keys()) port.postMessage([kind, ...rest]);
}

function welcome(port, silentMs) {
  if (!line) line = new Line(tell, silentMs);
  windows.set(port, 0);
  if (stands !== null) port.postMessage([stands ? "open" : "broken"]);
  for (const word of words) port.postMessage(["word", ...word]);
  line.open();
}

function leave(port) {
  windows.delete(port);
  if (windows.size || !line) return;
  line.close();
  line = stands = null;
  words.clear();
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: { here, silentMs } }) => {
    if (!here) return leave(port);
    if (windows.has(port)) windows.set(port, 0);
    else welcome(port, silentMs);
    return port.postMessage(["here"]);
  };
};

setInterval(() => {
  for (const [port, looks] of windows) {
    if (looks >= PATIENCE) leave(port);
    else windows.set(port, looks + 1);
  }
}, LOOK_MS);
