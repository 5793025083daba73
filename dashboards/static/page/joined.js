/* A window's part in the line that all windows of a browser share (shared.js); where there is no such thing, or it does not
   answer, a line of its own (line.js). Told the same either way. */
import { Line } from "../line.js";

const HERE_MS = 2000;
const PATIENCE = 4; // times that "here" may go unanswered
const TRIES = 3; // workers, before a window takes a line of its own

export class Joined {
  #address;
  #tell;
  #silentMs;
  #way = null;
  #tries = 0;

  /** `address`: of shared.js. */
  constructor(address, tell, silentMs) {
    this.#address = address;
    this.#tell = tell;
    this.#silentMs = silentMs;
  }

  open() {
    if (this.#way) return;
    this.#way = this.#shared() || new Line(this.#tell, this.#silentMs);
    this.#way.open();
  }

  close() {
    if (this.#way) this.#way.close();
    this.#way = null;
  }

  #shared() {
    if (!window.SharedWorker || !this.#address || this.#tries >= TRIES) return null;
    try {
      const name = `line ${this.#tries}`; // whoever is not answered meets the others that are not in the next one
      return new Port(new SharedWorker(this.#address, { name, type: "module" }), this.#tell, this.#silentMs, () => {
        this.#tries += 1;
        this.close();
        this.open();
      });
    } catch {
      this.#tries = TRIES;
      return null;
    }
  }
}

class Port {
  #worker;
  #tell;
  #silentMs;
  #deaf;
  #asking = 0;
  #unanswered = 0;

  constructor(worker, tell, silentMs, deaf) {
    this.#worker = worker;
    this.#tell = tell;
    this.#silentMs = silentMs;
    this.#deaf = deaf;
  }

  open() {
    this.#worker.onerror = () => this.#deaf();
    this.#worker.port.onmessage = ({ data }) => {
      this.#unanswered = 0;
      if (data[0] !== "here") this.#tell(...data);
    };
    this.#here();
    this.#asking = setInterval(() => this.#here(), HERE_MS);
  }

  close() {
    clearInterval(this.#asking);
    this.#worker.onerror = null;
    this.#worker.port.onmessage = null;
    this.#worker.port.postMessage({ here: false });
    this.#worker.port.close();
  }

  #here() {
    this.#unanswered += 1;
    if (this.#unanswered > PATIENCE) this.#deaf();
    else this.#worker.port.postMessage({ here: true, silentMs: this.#silentMs });
  }
}
