/* The line to the server: what is new, as /live tells it (dashboards/web/live.py).

   new Line(tell, silentMs): tell(kind, ...) hears of
     open                  it stands
     word topic word       the topic's word; another one than before: something of it is new
     broken                it was lost; it is tried again
     silent ms             it stands, but nothing has come for so long: somebody on the way dropped it without telling us */
const TOPICS = ["status", "cases", "figures"];
const AGAIN_MS = 5000;
const LOOK_MS = 1000;

export class Line {
  #tell;
  #silentMs;
  #source = null;
  #again = 0;
  #looking = 0;
  #heardAt = 0;

  constructor(tell, silentMs) {
    this.#tell = tell;
    this.#silentMs = silentMs;
  }

  open() {
    if (this.#source || this.#again) return;
    const source = this.#source = new EventSource("/live");
    const heard = (...what) => {
      this.#heardAt = Date.now();
      if (what.length) this.#tell(...what);
    };
    heard();
    source.onopen = () => heard("open");
    source.addEventListener("beat", () => heard());
    for (const topic of TOPICS) source.addEventListener(topic, (event) => heard("word", topic, event.data));
    source.onerror = () => {
      this.#tell("broken");
      if (source.readyState !== EventSource.CLOSED) return;
      this.close(); // refused: the browser itself does not try again
      this.#again = setTimeout(() => {
        this.#again = 0;
        this.open();
      }, AGAIN_MS);
    };
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
  }

  close() {
    clearTimeout(this.#again);
    clearInterval(this.#looking);
    if (this.#source) this.#source.close();
    this.#source = null;
    this.#again = 0;
  }

  #look() {
    const silentMs = Date.now() - this.#heardAt;
    if (silentMs <= this.#silentMs) return;
    this.#tell("silent", silentMs);
    this.close();
    this.open();
  }
}
