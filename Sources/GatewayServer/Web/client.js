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
export class FennecError extends Error {
  name = "FennecError";
  retryable = false;
  constructor(code, message, details) {
    super(message);
    Object.assign(this, { code }, details);
  }
}

/**
 * A polyphase low-pass for any rational ratio: a sinc under a cosh window, 80 dB down from the lower Nyquist
 * frequency on, flat to seven eighths of it (7 kHz at 16 kHz). The first output lies on the first input.
 */
export class Resampler {
  constructor(from, to = RATE) {
    // The least number of outputs that takes a whole number of inputs, and that number.
    let phases = 1;
    while ((from * phases) % to) phases++;
    this.phases = phases;
    this.step = (from * phases) / to;
    const nyquist = Math.min(from, to) / 2 / from;
    // The length and the window's shape were found by measuring, for a transition of an eighth of that.
    const half = (this.half = Math.ceil(22 / nyquist));
    const cutoff = nyquist * (15 / 16) * 2;
    const tap = (x) => {
      const sinc = Math.sin(Math.PI * cutoff * x) / Math.PI / x || cutoff;
      return (sinc * Math.cosh(8.4 * Math.sqrt(1 - (x / half) ** 2))) / Math.cosh(8.4);
    };
    this.table = Array.from({ length: phases }, (_, phase) =>
      Float32Array.from({ length: 2 * half }, (_, k) => tap(k - half + 1 - phase / phases)),
    );
    // Written twice, so that the last 2 × half samples always stand in one piece.
    this.ring = new Float32Array(4 * half);
    this.at = 0;
    // From the window's middle to the next output, in parts of an input sample.
    this.ahead = (half + 1) * phases;
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

// In an AudioWorkletGlobalScope this registers the processor, and nothing below is ever called.
globalThis.registerProcessor?.(
  "fennec-capture",
  class extends AudioWorkletProcessor {
    constructor({ processorOptions: { size } }) {
      super();
      this.chunk = new Int16Array(size);
      this.fill = 0;
      if (sampleRate !== RATE) this.resampler = new Resampler(sampleRate);
      this.take = (sample) => {
        // Samples exceed ±1 in practice, and an Int16Array would wrap them around.
        const value = Math.min(32767, Math.max(-32768, Math.round(sample * 32768)));
        this.chunk[this.fill++] = value;
        if (this.fill === size) this.post();
      };
      this.port.onmessage = () => {
        this.ended = true;
        this.resampler?.flush(this.take);
        this.post();
        this.port.postMessage(0);
      };
    }

    post() {
      if (this.fill) this.port.postMessage(this.chunk.slice(0, this.fill));
      this.fill = 0;
    }

    process([[channel = []]]) {
      if (this.ended) return false;
      // This is called every few milliseconds. What is said while it is not has room for 100 ms, and then is lost.
      const now = Date.now();
      if (now - this.called > 250) this.port.postMessage(now - this.called);
      this.called = now;
      if (this.resampler) this.resampler.process(channel, this.take);
      else channel.forEach(this.take);
      return true;
    }
  },
);

/** Captures a MediaStream, or a microphone: `take` gets chunks until `finish`, which loses none, or `close`. */
async function openCapture({ source, chunkMs = 50, contextRate = RATE, ...wishes }, deviceId, take) {
  if (!isSecureContext) {
    throw new FennecError("insecure_context", "The microphone needs https, or localhost.");
  }
  const owned = !(source instanceof MediaStream);
  const stream = owned ? await microphone({ ...wishes, deviceId: deviceId && { exact: deviceId } }) : source;
  let context, port, finished;
  const close = () => {
    if (owned) stream.getTracks().forEach((track) => track.stop());
    take = () => {};
    context?.close().catch(() => {});
  };
  const connect = async (options) => {
    context?.close();
    context = new AudioContext(options);
    const node = context.createMediaStreamSource(stream);
    await context.audioWorklet.addModule(import.meta.url).catch(() => {
      const words = `The page's Content-Security-Policy must allow script-src ${import.meta.url}.`;
      throw new FennecError("worklet_blocked", words);
    });
    const size = 16 * Math.min(100, Math.max(20, Math.round(chunkMs)));
    const worklet = new AudioWorkletNode(context, "fennec-capture", {
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { size },
    });
    port = worklet.port;
    port.onmessage = ({ data }) => (data ? take(data) : finished());
    // Its output is silence; some browsers run only what leads to the destination.
    node.connect(worklet).connect(context.destination);
  };
  // The browser resamples well, but some versions of Firefox refuse to, and say so only here.
  const first = connect({ sampleRate: contextRate });
  await first.catch(() => connect()).catch((error) => {
    close();
    throw error;
  });
  const finish = async () => {
    // A context that the browser suspended answers nothing, and holds nothing.
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 500);
      finished = () => resolve(clearTimeout(timer));
      port.postMessage(0);
    });
    close();
  };
  return { track: stream.getAudioTracks()[0], owned, context, finish, close };
}

/** A microphone's stream. Members that are no constraints are ignored by browsers. */
async function microphone(constraints) {
  const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const audio = { channelCount: 1, ...processing, ...constraints };
  return navigator.mediaDevices.getUserMedia({ audio }).catch((cause) => {
    const missing = ["no_microphone", "No such microphone is connected."];
    const [code, message] = {
      NotAllowedError: ["microphone_denied", "The microphone is blocked. Allow it in the address bar, then try again."],
      NotFoundError: missing,
      OverconstrainedError: missing,
      NotReadableError: ["microphone_busy", "The microphone is in use by another program."],
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
  /** While it is true silence goes out: the session stays, and the service's sense of time. */
  muted = false;
  #options;
  #listeners = {};
  #settle;
  /** Resolves with the last final when all is over; rejects when words may be lost. */
  done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  #opened;
  /** Ends what listens or waits for the transcription. */
  #life = new AbortController();
  #signal = this.#life.signal;
  #capture;
  #stopping = false;
  #sourceEnded = false;
  /** The tab was put to sleep: no session until audio comes again. */
  #asleep = false;
  /** Audio since the end of the last final's utterance, as `{ at, data }`; `#sent` of these are in the session. */
  #kept = [];
  #sent = 0;
  /** Samples taken. */
  #taken = 0;
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
      t.#when(signal, "abort", () => t.#end(signal.reason));
      const stream = endpoint(url);
      if (source?.[Symbol.asyncIterator]) t.#pull(source);
      else await t.#listen();
      t.#run(stream);
      await Promise.race([t.done, new Promise((resolve) => (t.#opened = resolve))]);
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

  /** Goes on with another microphone; the old one stays when that cannot be had. */
  async setDevice(deviceId) {
    const capture = await openCapture(this.#options, deviceId, (chunk) => this.#take(chunk));
    if (this.#stopping || this.#signal.aborted) {
      capture.close();
      throw this.#options.signal?.reason ?? new FennecError("ended", "The transcription is over.");
    }
    this.#capture?.close();
    this.#capture = capture;
    this.#when(capture.track, "ended", () => this.#unplugged(capture));
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

  /** Listens to something of the page's until the end. */
  #when(target, type, act) {
    target?.addEventListener(type, act, { signal: this.#signal });
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
    const resume = () => this.#capture.context.resume().catch(() => {});
    this.#when(document, "visibilitychange", resume);
    this.#when(document, "pointerdown", resume);
    // A tab that is put to sleep gives its session back; the next audio opens another.
    this.#when(document, "freeze", () => {
      this.#asleep = true;
      this.#pump();
    });
    this.#when(window, "online", () => this.#wake());
    this.#when(navigator.mediaDevices, "devicechange", async () => this.#emit("devices", await devices()));
    resume();
  }

  async #unplugged(capture) {
    if (capture !== this.#capture || this.#stopping) return;
    if (!capture.owned) return void this.stop();
    this.#warn("microphone_lost", "The microphone is gone: another goes on.");
    await this.setDevice().catch((error) => this.#end(error));
  }

  async #pull(source) {
    const size = RATE / 10;
    try {
      for await (const samples of source) {
        for (let at = 0; at < samples.length; at += size) {
          // No faster than the network takes it.
          while (this.#kept.length - this.#sent > 20 && !this.#stopping && !this.#signal.aborted) {
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          if (this.#stopping || this.#signal.aborted) return;
          this.#take(samples.slice(at, at + size));
        }
      }
      this.stop();
    } catch (error) {
      this.#end(error);
    }
  }

  /** Takes a chunk of sound; a number is how long there was none. */
  #take(data) {
    if (!data.length) return this.#warn("sound_lost", `The browser was busy, or asleep, for ${data} ms.`);
    if (this.muted) data.fill(0);
    let [peak, sum] = [0, 0];
    for (const sample of data) {
      peak = Math.max(peak, Math.abs(sample));
      sum += sample * sample;
    }
    this.#kept.push({ data, at: this.#taken, end: (this.#taken += data.length) });
    while (this.#taken - this.#kept[0].at > RATE * (this.#options.keepSeconds ?? 30)) {
      this.#kept.shift();
      if (this.#sent) this.#sent--;
      else this.#warn("audio_lost", "The connection was lost for too long: the oldest audio is gone.");
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
          if (!(await this.#converse(stream))) break;
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
      const timer = ms >= 0 && setTimeout(resolve, ms);
      this.#wake = () => resolve(clearTimeout(timer));
    });
  }

  /** One session; whether another may follow. Throws for one that did not end well. */
  async #converse(url) {
    const { ticket: fixed, getTicket, policy, vad, start } = this.#options;
    if (fixed && this.#live) {
      throw new FennecError("ticket_used", "The connection was lost, and a ticket works once.");
    }
    let ticket = fixed;
    try {
      if (getTicket) ticket = await getTicket({ signal: this.#signal });
      ticket = ticket?.token ?? ticket;
    } catch (cause) {
      const details = { retryable: true, cause, ...cause };
      throw new FennecError("ticket_failed", `There is no ticket: ${cause.message}`, details);
    }
    if (this.#signal.aborted) return;
    url.searchParams.set("gateway_events", 1);
    if (policy) url.searchParams.set("policy", policy);
    const encoded = ticket && btoa(ticket).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const socket = new WebSocket(url, ticket ? ["fennec.v1", "bearer." + encoded] : "fennec.v1");
    // What is not final goes into the new session again, and counts as not sent.
    this.#sent = 0;
    const next = this.#kept[0]?.at ?? this.#taken;
    const session = (this.#session = { socket, base: next, next, ends: [], silence: vad?.min_silence_ms ?? 1000 });
    socket.onopen = () => {
      const settings = { sample_rate: RATE, channels: 1, ...start, vad: { events: true, ...vad } };
      this.#send((session.start = JSON.stringify({ type: "start", ...settings })));
    };
    socket.onmessage = ({ data }) => this.#receive(session, data);
    // What the page's own policy forbids ends with an error alone.
    const { code = 1006, reason } = await new Promise((resolve) => {
      socket.onclose = socket.onerror = session.end = resolve;
      this.#watch();
    });
    clearTimeout(session.timer);
    socket.onopen = socket.onmessage = null;
    socket.close();
    if (this.#signal.aborted) return;
    const { error, eos } = session;
    if (code === 1000 && !error) {
      this.#forget(session.next);
      return eos;
    }
    // Browsers close the sockets of a tab that they freeze, whatever was on its way.
    if ((eos || error?.code === "idle_timeout") && !this.#sourceEnded) return (this.#asleep = true);
    if (!session.start) throw await this.#refusal(url, ticket);
    if (error) throw new FennecError(error.code, error.message, { ...error, retryAfterMs: error.retry_after_ms });
    const retryable = /^10(01|06|1[1-4])$/.test(code);
    throw new FennecError("connection_lost", `The connection was lost (${reason || code}).`, { retryable });
  }

  /** A session that hangs is as good as lost: a dead link closes no socket. */
  #watch() {
    const session = this.#session;
    clearTimeout(session.timer);
    session.timer = setTimeout(session.end, 20000, {});
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
      const { data, end } = this.#kept[this.#sent];
      this.#send(data);
      session.next = end;
    }
    if (this.#sourceEnded || this.#asleep) {
      session.eos = true;
      this.#watch();
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
    if (stuckFor > 1000 && !session.slow) {
      session.slow = true;
      this.#warn("slow_network", "The network is slow: words come late.");
    }
    clearTimeout(session.timer);
    session.timer = setTimeout(() => this.#pump(), 100);
  }

  /** Drops audio that is never needed again: sent, and before this position. */
  #forget(position) {
    while (this.#sent && this.#kept[0].end <= position) {
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
    const kind = { vad: "vad", utterance: "vad", complete_thought: "thought", corrected_transcript: "corrected" }[type];
    // Positions in the session become positions in what was captured.
    const event = { ...message };
    for (const name of ["time", "start", "end"]) if (event[name] >= 0) event[name] += session.base / RATE;
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
    } else if (kind) {
      if (message.phase === "end") session.ends.push(message.time);
      this.#emit(kind, event);
    } else if (words?.trim && type !== "debug") {
      if (!(is_final ?? !/partial|interim/.test(type))) return this.#emit("partial", event);
      // Better doubled than lost: where nothing tells where its utterance ended, it ended long before now; and one that
      // ended without the silence for it was cut off inside a word.
      const ended = session.ends.shift();
      const known = message.end ?? ended;
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
    // No header of ours: a preflight would be refused where only the ticket names this origin.
    if (ticket) ask.searchParams.set("streaming_token", ticket);
    // Browsers tell their own server where a page is from only with a POST.
    const asked = (more) => fetch(ask, { method: "POST", signal: this.#signal, ...more }).catch(() => {});
    const answer = await asked();
    if (!answer) {
      // Does it answer, but not to this page? Then only its access rules are in the way.
      const { origin } = location;
      const there = host !== location.host && (await asked({ mode: "no-cors" }));
      const words = `The gateway at ${host} admits no pages of ${origin}: an access rule must name it.`;
      if (there) return new FennecError("origin_refused", words);
      return lost(`The gateway at ${host} cannot be reached: check its certificate, and the page's connect-src.`);
    }
    const { status } = answer;
    if (answer.ok || status === 404) {
      return lost(`The gateway at ${host} answers, but a proxy may stop WebSockets.`);
    }
    const problem = await answer.json().catch(() => ({}));
    return new FennecError(problem.code ?? "refused", problem.detail ?? `The gateway answered ${status}.`, {
      status,
      // A ticket may have been used up by the very attempt that failed.
      retryable: status > 428 || (status === 401 && !!this.#options.getTicket && !this.#failures),
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
    if (error) {
      this.#emit("error", error);
      this.#settle.reject(error);
    } else this.#settle.resolve(this.lastFinal);
    this.#listeners = {};
  }
}

/** The stream's URL, from whatever names the gateway; without a name it is where this module came from. */
function endpoint(name = new URL("/", import.meta.url)) {
  const url = new URL(name, location);
  url.protocol = url.protocol.replace("http", "ws");
  if (!url.pathname.endsWith(STREAM)) url.pathname = url.pathname.replace(/\/?$/, STREAM);
  if (location.protocol === "https:" && url.protocol === "ws:" && !/^(localhost|127\.|\[::1)/.test(url.hostname)) {
    const words = `An https page cannot open ${url.origin}: the gateway needs a certificate.`;
    throw new FennecError("insecure_url", words);
  }
  return url;
}

export const FennecGateway = { connect: Transcription.connect, devices };
