// The last seconds of sound, and the utterances that the service found in it.

const SECONDS = 20;

export class Timeline {
  #canvas;
  #colours;
  #peaks = [];
  #utterances = [];
  #gaps = [];
  #now = 0;
  #queued = false;

  constructor(canvas) {
    this.#canvas = canvas;
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const adopt = () => {
      const style = getComputedStyle(document.documentElement);
      this.#colours = Object.fromEntries(["wave", "accent", "accent-wash", "good", "bad", "soft", "line", "ink"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
      this.#draw();
    };
    scheme.addEventListener("change", adopt);
    new ResizeObserver(() => this.#draw()).observe(canvas);
    adopt();
  }

  clear() {
    [this.#peaks, this.#utterances, this.#gaps, this.#now] = [[], [], [], 0];
    this.#draw();
  }

  /** A chunk of sound that ends at `time`. */
  sound(time, samples) {
    const parts = Math.max(1, Math.round(samples.length / 400));
    for (let part = 0; part < parts; part++) {
      let peak = 0;
      const end = ((part + 1) * samples.length) / parts;
      for (let i = Math.floor((part * samples.length) / parts); i < end; i++) peak = Math.max(peak, Math.abs(samples[i]));
      this.#peaks.push({ time: time - (samples.length - end) / 16000, peak: peak / 32768 });
    }
    this.#now = time;
    while (this.#peaks[0].time < time - SECONDS - 1) this.#peaks.shift();
    this.#draw();
  }

  began(time) {
    this.#utterances.push({ start: time });
    while (this.#utterances[0].end < this.#now - SECONDS) this.#utterances.shift();
  }

  ended(time, dropped) {
    const open = this.#utterances.findLast((one) => one.end === undefined);
    if (open) Object.assign(open, { end: time, dropped });
  }

  /** A final: of the utterance at these times, or else of the oldest without one. */
  final(start, end) {
    const fits = (one) => (end === undefined ? one.end !== undefined && !one.dropped && !one.isFinal : Math.abs(one.end - end) < 0.25);
    const found = this.#utterances.find(fits);
    if (found) found.isFinal = true;
    else if (end !== undefined) this.#utterances.push({ start, end, isFinal: true });
    this.#draw();
  }

  /** A new session: what was being said is said again. */
  reconnected() {
    this.#gaps.push(this.#now);
    this.#utterances = this.#utterances.filter((one) => one.end !== undefined);
  }

  #draw() {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => {
      this.#queued = false;
      this.#paint();
    });
  }

  #paint() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const scale = devicePixelRatio;
    if (this.#canvas.width !== width * scale || this.#canvas.height !== height * scale) {
      Object.assign(this.#canvas, { width: width * scale, height: height * scale });
    }
    const context = this.#canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const from = Math.max(0, this.#now - SECONDS);
    const x = (time) => ((time - from) / SECONDS) * width;
    const [middle, floor] = [(height - 20) / 2 + 2, height - 20];
    this.#paintUtterances(context, x, floor);
    this.#paintWave(context, x, middle);
    this.#paintScale(context, x, from, width, height);
    context.fillStyle = this.#colours.bad;
    for (const gap of this.#gaps) if (gap >= from) context.fillRect(x(gap) - 1, 0, 2, floor);
  }

  #paintUtterances(context, x, floor) {
    for (const { start, end, dropped, isFinal } of this.#utterances) {
      const [left, right] = [x(start), x(end ?? this.#now)];
      if (right < 0) continue;
      context.globalAlpha = dropped ? 0.4 : 1;
      context.fillStyle = this.#colours["accent-wash"];
      context.beginPath();
      context.roundRect(left, 5, Math.max(3, right - left), floor - 8, 7);
      context.fill();
      context.strokeStyle = this.#colours.accent;
      context.lineWidth = 1.25;
      context.stroke();
      if (isFinal) {
        context.fillStyle = this.#colours.good;
        context.beginPath();
        context.arc(right - 10, 15, 4.5, 0, 7);
        context.fill();
      }
      context.globalAlpha = 1;
    }
  }

  #paintWave(context, x, middle) {
    const inside = (time) => this.#utterances.some(({ start, end, dropped }) => !dropped && time >= start && time <= (end ?? Infinity));
    const step = x(0.025) - x(0);
    for (const { time, peak } of this.#peaks) {
      // Speech lies far below full scale: the root shows it.
      const half = Math.max(0.75, Math.sqrt(peak) * (middle - 8));
      context.fillStyle = inside(time) ? this.#colours.accent : this.#colours.wave;
      context.fillRect(Math.round(x(time) - step), middle - half, Math.max(1, Math.floor(step)), 2 * half);
    }
  }

  #paintScale(context, x, from, width, height) {
    context.fillStyle = this.#colours.soft;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    for (let second = Math.ceil(from / 5) * 5; second <= from + SECONDS; second += 5) {
      const at = Math.min(width - 16, Math.max(14, x(second)));
      context.fillText(`${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`, at, height - 5);
    }
  }
}
