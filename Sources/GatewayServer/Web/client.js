// Fennec Gateway's browser client: a microphone in, transcripts out, no dependencies.
//
//     import { FennecGateway } from "https://gateway.example.com/gateway/client.js";
//     const t = await FennecGateway.connect({ source: "microphone" });
//     t.on("final", ({ text }) => console.log(text));
//     await t.stop();
//
// One file is both the module and its AudioWorklet: a page needs no build step, and no blob: in its
// Content-Security-Policy. client.d.ts beside it describes all that is exported.

/** What the service hears: 16-bit mono at this rate. Positions count these samples, from the first one taken. */
const RATE = 16000;
const STREAM = "/api/v1/transcribe/stream";

/** Why something ended, in words that a page can show. */
class FennecError extends Error {
  constructor(code, message, details) {
    super(message);
    Object.assign(this, { name: "FennecError", code, retryable: false }, details);
  }
}

/**
 * A polyphase low-pass for any rational ratio: a sinc under a Kaiser window, 80 dB down from the lower Nyquist
 * frequency on, flat to seven eighths of it (7 kHz at 16 kHz). The first output lies on the first input.
 */
class Resampler {
  constructor(from, to = RATE) {
    const gcd = (a, b) => (b ? gcd(b, a % b) : a);
    const divisor = gcd(from, to);
    this.phases = to / divisor;
    this.step = from / divisor;
    const nyquist = Math.min(from, to) / 2 / from;
    // Kaiser's formulas, for a transition of an eighth of the Nyquist frequency.
    const half = (this.half = Math.ceil((80 - 7.95) / 14.36 / (nyquist / 8) / 2));
    const beta = 0.1102 * (80 - 8.7);
    const cutoff = nyquist * (15 / 16);
    const tap = (x) => {
      const sinc = x ? Math.sin(2 * Math.PI * cutoff * x) / x : 2 * Math.PI * cutoff;
      return Math.abs(x) < half ? sinc * bessel(beta * Math.sqrt(1 - (x / half) ** 2)) : 0;
    };
    this.table = Array.from({ length: this.phases }, (_, phase) => {
      const taps = Float32Array.from({ length: 2 * half }, (_, k) => tap(k - half + 1 - phase / this.phases));
      // Each phase passes a constant exactly, so that none is louder than another.
      const sum = taps.reduce((a, b) => a + b);
      return taps.map((value) => value / sum);
    });
    // Written twice, so that the last 2 × half samples always stand in one piece.
    this.ring = new Float32Array(4 * half);
    this.at = 0;
    // From the window's middle to the next output, in parts of an input sample.
    this.ahead = (half + 1) * this.phases;
  }

  /** Takes samples and calls `emit` for each that comes out. */
  process(input, emit) {
    const { ring, table, phases, step } = this;
    const size = ring.length / 2;
    for (const sample of input) {
      ring[this.at] = ring[this.at + size] = sample;
      const at = (this.at = (this.at + 1) % size);
      for (this.ahead -= phases; this.ahead < phases; this.ahead += step) {
        const taps = table[this.ahead];
        let sum = 0;
        for (let k = 0; k < size; k++) sum += ring[at + k] * taps[k];
        emit(sum);
      }
    }
  }

  /** Calls `emit` for what still waits for later samples; the last act. */
  flush(emit) {
    this.process(new Float32Array(this.half), emit);
  }
}

/** The modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x) {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-12; k++) sum += term *= (x / 2 / k) ** 2;
  return sum;
}

// In an AudioWorkletGlobalScope this registers the processor, and nothing below is ever called.
globalThis.registerProcessor?.(
  "fennec-capture",
  class extends (globalThis.AudioWorkletProcessor ?? Object) {
    constructor({ processorOptions }) {
      super();
      Object.assign(this, processorOptions);
      this.chunk = new Int16Array(this.size);
      this.fill = 0;
      if (sampleRate !== RATE) this.resampler = new Resampler(sampleRate);
      this.take = (sample) => {
        // Samples exceed ±1 in practice, and an Int16Array would wrap them around.
        const value = Math.min(32767, Math.max(-32768, Math.round(sample * 32768)));
        this.chunk[this.fill++] = this.muted ? 0 : value;
        if (this.fill === this.size) this.post();
      };
      this.port.onmessage = ({ data }) => {
        Object.assign(this, data);
        if (!this.ended) return;
        this.resampler?.flush(this.take);
        this.post();
        this.port.postMessage(0);
      };
    }

    post() {
      const chunk = this.chunk.slice(0, this.fill);
      this.fill = 0;
      if (chunk.length) this.port.postMessage(chunk, [chunk.buffer]);
    }

    process([[channel = []]]) {
      if (this.ended) return false;
      if (this.resampler) this.resampler.process(channel, this.take);
      else channel.forEach(this.take);
      return true;
    }
  },
);

/** Captures a MediaStream, or a microphone: `take` gets chunks until `finish`, which loses none, or `close`. */
async function openCapture({ source, chunkMs = 50, contextRate = RATE, ...wishes }, deviceId, muted, take) {
  if (!isSecureContext) {
    throw new FennecError("insecure_context", "Browsers hear only for pages served over https, or from localhost.");
  }
  const owned = !(source instanceof MediaStream);
  const stream = owned ? await microphone(wishes, deviceId) : source;
  let context, port, finished;
  const close = () => {
    if (owned) stream.getTracks().forEach((track) => track.stop());
    if (port) port.onmessage = null;
    if (context?.state !== "closed") context?.close();
  };
  const connect = async (options) => {
    context = new AudioContext(options);
    const node = context.createMediaStreamSource(stream);
    await context.audioWorklet.addModule(import.meta.url).catch(() => {
      const words = `The page's Content-Security-Policy must allow script-src ${import.meta.url}.`;
      throw new FennecError("worklet_blocked", words);
    });
    const size = (RATE / 1000) * Math.min(100, Math.max(20, Math.round(chunkMs)));
    const worklet = new AudioWorkletNode(context, "fennec-capture", {
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { size, muted },
    });
    port = worklet.port;
    port.onmessage = ({ data }) => (data ? take(data) : finished());
    // Its output is silence; some browsers run only what leads to the destination.
    node.connect(worklet).connect(context.destination);
  };
  try {
    // The browser resamples well, but some versions of Firefox refuse to, and say so only here.
    await connect({ sampleRate: contextRate }).catch(async (error) => {
      if (error.code === "worklet_blocked") throw error;
      await context?.close();
      await connect();
    });
  } catch (error) {
    close();
    throw error;
  }
  const finish = async () => {
    // A context that the browser suspended answers nothing, and holds nothing.
    let timer;
    await new Promise((resolve) => {
      timer = setTimeout((finished = resolve), 500);
      port.postMessage({ ended: true });
    });
    clearTimeout(timer);
    close();
  };
  return { track: stream.getAudioTracks()[0], owned, context, port, finish, close };
}

async function microphone({ echoCancellation = true, noiseSuppression = true, autoGainControl = true }, deviceId) {
  const audio = { channelCount: 1, echoCancellation, noiseSuppression, autoGainControl };
  if (deviceId) audio.deviceId = { exact: deviceId };
  return navigator.mediaDevices.getUserMedia({ audio }).catch((cause) => {
    const [code, message] = {
      NotAllowedError: ["microphone_denied", "The microphone is blocked. Allow it in the address bar, then try again."],
      NotFoundError: ["no_microphone", "There is no microphone. Connect one, then try again."],
      OverconstrainedError: ["no_microphone", "That microphone is not connected."],
      NotReadableError: ["microphone_busy", "The microphone does not answer; does another program use it?"],
    }[cause.name] ?? ["microphone_failed", cause.message];
    throw new FennecError(code, message, { cause });
  });
}

/** The microphones there are; their labels are empty until the page was allowed one. */
async function devices() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.filter(({ kind }) => kind === "audioinput");
}

/** One transcription: a source, and one session after another until it is over. */
class Transcription {
  state = "connecting";
  #options;
  #listeners = {};
  #settle;
  /** Resolves with the last final when all is over; rejects when words may be lost. */
  done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  #opened;
  #ready = new Promise((resolve) => (this.#opened = resolve));
  /** Ends what listens or waits for the transcription. */
  #life = new AbortController();
  #signal = this.#life.signal;
  #capture;
  #muted = false;
  #stopping = false;
  #sourceEnded = false;
  /** The tab was put to sleep: no session until audio comes again. */
  #asleep = false;
  /** Audio since the end of the last final's utterance, as `{ at, data }`; `#sent` of these are in the session. */
  #kept = [];
  #sent = 0;
  /** Samples taken, and where the words that are not final yet begin. */
  #taken = 0;
  #safe = 0;
  #session;
  /** Whether any session was ready, and attempts since the last one that worked. */
  #live = false;
  #failures = 0;
  #wake = () => {};

  constructor(options) {
    this.#options = options;
    for (const type in options.on) this.on(type, options.on[type]);
  }

  static async connect(options = {}) {
    const t = new Transcription(options);
    const { url, source, signal } = options;
    t.done.catch(() => {});
    try {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", () => t.#end(signal.reason), { signal: t.#signal });
      const stream = endpoint(url);
      if (source?.[Symbol.asyncIterator]) t.#pull(source);
      else await t.#listen();
      t.#run(stream);
      await Promise.race([t.#ready, t.done]);
      return t;
    } catch (error) {
      t.#end(error);
      throw error;
    }
  }

  /** Calls `listener` for each event of a type; the returned function ends that. */
  on(type, listener) {
    const listeners = (this.#listeners[type] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  get muted() {
    return this.#muted;
  }

  /** While it is true silence goes out: the session stays, and the service's sense of time. */
  set muted(muted) {
    this.#muted = muted;
    this.#capture?.port.postMessage({ muted });
  }

  /** Goes on with another microphone; the old one stays when that cannot be had. */
  async setDevice(deviceId) {
    const capture = await openCapture(this.#options, deviceId, this.#muted, (chunk) => this.#take(chunk));
    if (this.#stopping || this.#signal.aborted) {
      capture.close();
      throw this.#options.signal?.reason ?? new FennecError("ended", "The transcription is over.");
    }
    this.#capture?.close();
    this.#capture = capture;
    capture.track?.addEventListener("ended", () => this.#unplugged(capture), { signal: this.#signal });
    this.#emit("device", { deviceId, label: capture.track?.label });
  }

  /** Ends politely: all that was said is transcribed, then it resolves with the last final. */
  stop() {
    if (!this.#stopping && !this.#signal.aborted) {
      this.#stopping = true;
      this.#enter("stopping");
      Promise.resolve(this.#capture?.finish()).then(() => {
        this.#sourceEnded = true;
        this.#wake();
        this.#pump();
      });
    }
    return this.done;
  }

  /** Ends at once, without waiting for words. */
  close() {
    this.#end();
  }

  #emit(type, event) {
    for (const listener of this.#listeners[type] ?? []) {
      // A mistake of the page must not cost it audio.
      try {
        listener(event);
      } catch (error) {
        reportError(error);
      }
    }
  }

  #enter(state, more) {
    this.state = state;
    this.#emit("state", { state, ...more });
  }

  #warn(code, message) {
    this.#emit("warning", { code, message });
  }

  // Audio

  async #listen() {
    await this.setDevice(this.#options.deviceId);
    const on = (target, type, act) => target?.addEventListener(type, act, { signal: this.#signal });
    const resume = () => this.#capture.context.resume().catch(() => {});
    on(document, "visibilitychange", resume);
    on(document, "pointerdown", resume);
    // A tab that is put to sleep gives its session back; the next audio opens another.
    on(document, "freeze", () => {
      this.#asleep = true;
      this.#pump();
    });
    on(globalThis, "online", () => this.#wake());
    on(navigator.mediaDevices, "devicechange", async () => this.#emit("devices", await devices()));
    resume();
  }

  async #unplugged(capture) {
    if (capture !== this.#capture || this.#stopping) return;
    if (!capture.owned) return void this.stop();
    this.#warn("microphone_lost", "The microphone is gone; going on with another.");
    await this.setDevice().catch((error) => this.#end(error));
  }

  async #pull(source) {
    const size = RATE / 10;
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    try {
      for await (const samples of source) {
        for (let at = 0; at < samples.length; at += size) {
          // No faster than the network takes it.
          while (this.#kept.length - this.#sent > 20 && !this.#stopping && !this.#signal.aborted) await pause();
          if (this.#stopping || this.#signal.aborted) return;
          const chunk = samples.slice(at, at + size);
          this.#take(this.#muted ? chunk.fill(0) : chunk);
        }
      }
      this.stop();
    } catch (error) {
      this.#end(error);
    }
  }

  #take(data) {
    let [peak, sum] = [0, 0];
    for (const sample of data) {
      peak = Math.max(peak, Math.abs(sample));
      sum += sample * sample;
    }
    this.#kept.push({ at: this.#taken, data });
    this.#taken += data.length;
    while (this.#taken - this.#kept[0].at > RATE * (this.#options.keepSeconds ?? 30)) {
      this.#kept.shift();
      if (this.#sent) this.#sent--;
      else this.#warn("audio_lost", "No connection for too long: the oldest audio is lost.");
    }
    const rms = Math.sqrt(sum / data.length) / 32768;
    this.#emit("level", { peak: peak / 32768, rms, time: this.#taken / RATE, samples: data });
    if (this.#asleep) this.#wake((this.#asleep = false));
    this.#pump();
  }

  // Sessions

  async #run(stream) {
    const { retries = 10 } = this.#options;
    try {
      while (!this.#signal.aborted) {
        try {
          if (!(await this.#converse(new URL(stream)))) break;
          if (this.#asleep && !this.#sourceEnded) {
            this.#enter("paused");
            await this.#wait();
          }
          if (this.#sourceEnded && !this.#kept.length) break;
        } catch (error) {
          if (this.#session?.worked) this.#failures = 0;
          this.#session = null;
          const { retryAfterMs = 0 } = error;
          const most = this.#live ? retries : Math.min(2, retries);
          if (!error.retryable || retryAfterMs > 60000 || this.#failures >= most) throw error;
          // Full jitter: the clients of a gateway that restarts must not all come back together.
          const waitMs = retryAfterMs + Math.random() * Math.min(15000, 500 * 2 ** this.#failures++);
          this.#enter("reconnecting", { error, attempt: this.#failures, waitMs });
          await this.#wait(waitMs);
        }
      }
      this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  /** Waits, without a time until woken. */
  #wait(ms) {
    return new Promise((resolve) => {
      const timer = ms === undefined || setTimeout(resolve, ms);
      this.#wake = () => resolve(clearTimeout(timer));
    });
  }

  /** One session; whether another may follow. Throws for one that did not end well. */
  async #converse(url) {
    const { ticket: fixed, getTicket, policy, vad, start } = this.#options;
    if (fixed && this.#live) {
      throw new FennecError("ticket_used", "The connection was lost, and its ticket works only once.");
    }
    let ticket = fixed;
    try {
      if (getTicket) ticket = await getTicket({ signal: this.#signal });
      ticket = ticket?.token ?? ticket;
    } catch (cause) {
      throw new FennecError("ticket_failed", `There is no ticket: ${cause.message}`, { retryable: true, cause, ...cause });
    }
    if (this.#signal.aborted) return;
    url.searchParams.set("gateway_events", 1);
    if (policy) url.searchParams.set("policy", policy);
    const protocols = ["fennec.v1"];
    const encoded = { "+": "-", "/": "_", "=": "" };
    if (ticket) protocols.push("bearer." + btoa(ticket).replace(/[+/=]/g, (character) => encoded[character]));
    const socket = new WebSocket(url, protocols);
    // What is not final goes into the new session again, and counts as not sent.
    this.#sent = 0;
    const next = this.#kept[0]?.at ?? this.#taken;
    const session = (this.#session = { socket, base: next, next, ends: [], silence: vad?.min_silence_ms ?? 1000 });
    const ended = new Promise((resolve) => (session.end = resolve));
    this.#watch(20000);
    socket.onopen = () => {
      const settings = { sample_rate: RATE, channels: 1, ...start, vad: { events: true, ...vad } };
      this.#send((session.start = JSON.stringify({ type: "start", ...settings })));
    };
    socket.onmessage = ({ data }) => this.#receive(session, data);
    socket.onclose = session.end;
    const { code = 1006, reason } = await ended;
    clearTimeout(session.timer);
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    if (this.#signal.aborted) return;
    const { error, eos } = session;
    if (code === 1000 && !error) {
      this.#forget(session.next);
      return eos;
    }
    if (error?.code === "idle_timeout" && !this.#sourceEnded) return (this.#asleep = true);
    if (!session.start) throw await this.#refusal(url, ticket);
    if (error) throw new FennecError(error.code, error.message, { ...error, retryAfterMs: error.retry_after_ms });
    const retryable = [1001, 1006, 1011, 1012, 1013, 1014].includes(code);
    throw new FennecError("connection_lost", `The connection was lost (${reason || code}).`, { retryable });
  }

  /** A session that hangs is as good as lost: a dead link closes no socket. */
  #watch(ms) {
    const session = this.#session;
    clearTimeout(session.timer);
    session.timer = setTimeout(session.end, ms, {});
  }

  #send(data) {
    this.#session.socket.send(data);
    this.#emit("sent", data);
  }

  /** Sends what there is to send, as long as the socket takes it. */
  #pump() {
    const session = this.#session;
    if (!session?.ready || session.eos || session.socket.readyState !== 1) return;
    for (; this.#sent < this.#kept.length; this.#sent++) {
      if (session.socket.bufferedAmount > 2 * RATE) return this.#hold(session);
      const { at, data } = this.#kept[this.#sent];
      this.#send(data);
      session.next = at + data.length;
    }
    if (this.#sourceEnded || this.#asleep) {
      session.eos = true;
      this.#watch(20000);
      this.#send('{"type":"eos"}');
    }
  }

  /** A second of audio waits in the socket: looks again soon, and gives the session up when nothing moves. */
  #hold(session) {
    const { bufferedAmount } = session.socket;
    if (!(bufferedAmount >= session.stuck)) session.since = Date.now();
    session.stuck = bufferedAmount;
    const stuckFor = Date.now() - session.since;
    if (stuckFor > 10000) return session.end({});
    if (stuckFor > 1000) this.#warn("slow_network", "The network is slow: words will come late.");
    clearTimeout(session.timer);
    session.timer = setTimeout(() => this.#pump(), 100);
  }

  /** Drops audio that is never needed again: sent, and before this position. */
  #forget(position) {
    this.#safe = Math.max(this.#safe, position);
    while (this.#sent && this.#kept[0].at + this.#kept[0].data.length <= this.#safe) {
      this.#kept.shift();
      this.#sent--;
    }
  }

  #receive(session, text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {}
    if (!message) return;
    this.#emit("message", message);
    const { type = "", text: words, is_final } = message;
    const onClock = (time) => time >= 0 ? session.base / RATE + time : undefined;
    if (type === "error" || message.error) {
      if (message.origin === "gateway") session.error = message;
      else this.#warn("service_error", message.message ?? String(message.error));
    } else if (type === "ready") {
      clearTimeout(session.timer);
      session.ready = this.#live = true;
      // A session that lasts makes up for those that failed.
      session.timer = setTimeout(() => (session.worked = true), 5000);
      if (!this.#stopping) this.#enter("live");
      this.#emit(type, message);
      this.#opened();
      this.#pump();
    } else if (type.startsWith("gateway.")) {
      session.silence = message.settings?.vad?.min_silence_ms ?? session.silence;
      this.#emit(type === "gateway.policy" ? "policy" : "warning", message);
    } else if (type === "vad" || type === "utterance") {
      if (message.phase === "end") session.ends.push(message.time);
      this.#emit("vad", { ...message, time: onClock(message.time) });
    } else if (type === "complete_thought" || type === "corrected_transcript") {
      this.#emit(type === "complete_thought" ? "thought" : "corrected", message);
    } else if (words?.trim && type !== "debug") {
      const event = { ...message, start: onClock(message.start), end: onClock(message.end) };
      if (!(is_final ?? !/partial|interim/.test(type))) return this.#emit("partial", event);
      // Better doubled than lost: where nothing tells where its utterance ended, it ended long before now; and one that
      // ended without the silence for it was cut off inside a word.
      const known = message.end ?? session.ends[0];
      session.ends.shift();
      const quiet = session.next - (session.silence * RATE) / 1000;
      const end = known >= 0 ? session.base + known * RATE : quiet - RATE;
      this.#forget(end > quiet ? Math.min(end, session.next) - RATE / 2 : end);
      session.worked = true;
      this.lastFinal = event;
      this.#emit("final", event);
    }
  }

  /** Why a socket closed before it opened: browsers do not tell, but the gateway does. */
  async #refusal(url, ticket) {
    const { host } = url;
    const lost = (message) => new FennecError("unreachable", message, { retryable: true });
    const ask = new URL(url.href.replace(STREAM, "/gateway/policy").replace("ws", "http"));
    // Browsers tell their own server where a page is from only with a POST.
    const request = { method: "POST", signal: this.#signal };
    let answer;
    try {
      answer = await fetch(ask, { ...request, headers: ticket ? { authorization: `Bearer ${ticket}` } : {} });
    } catch {
      // Does it answer, but not to this page? Then only its access rules are in the way.
      const { origin } = location;
      const there = ask.origin !== origin && (await fetch(ask, { ...request, mode: "no-cors" }).catch(() => null));
      const words = `The gateway at ${host} admits no pages of ${origin}; an access rule must name that origin.`;
      if (there) return new FennecError("origin_refused", words);
      return lost(`The gateway at ${host} cannot be reached, or its certificate is not trusted.`);
    }
    const { status } = answer;
    if (answer.ok || status === 404) {
      return lost(`The connection to ${host} broke; a proxy between may not let WebSockets pass.`);
    }
    const problem = await answer.json().catch(() => ({}));
    return new FennecError(problem.code ?? "refused", problem.detail ?? `The gateway answered ${status}.`, {
      status,
      // A ticket may have been used up by the very attempt that failed.
      retryable: status === 429 || status >= 500 || (status === 401 && !!this.#options.getTicket && !this.#failures),
      retryAfterMs: problem.retry_after_ms,
    });
  }

  #end(error) {
    if (this.#signal.aborted) return;
    const session = this.#session;
    this.#life.abort();
    this.#wake();
    this.#capture?.close();
    session?.socket.close();
    session?.end({});
    this.#kept = [];
    this.#enter(error ? "failed" : "ended", { error });
    if (error) this.#emit("error", error);
    if (error) this.#settle.reject(error);
    else this.#settle.resolve(this.lastFinal);
    this.#listeners = {};
  }
}

/** The stream's URL, from whatever names the gateway; without a name it is where this module came from. */
function endpoint(name = new URL("/", import.meta.url)) {
  const url = new URL(name, document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  if (!url.pathname.endsWith(STREAM)) url.pathname = url.pathname.replace(/\/$/, "") + STREAM;
  if (location.protocol === "https:" && url.protocol === "ws:" && !/^(localhost|127\.|\[::1)/.test(url.hostname)) {
    const words = `An https page cannot open ${url.origin}; the gateway needs a certificate, for wss.`;
    throw new FennecError("insecure_url", words);
  }
  return url;
}

const FennecGateway = Object.freeze({ connect: Transcription.connect, devices });
export { FennecGateway, FennecError, Resampler };
