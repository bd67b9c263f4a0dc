// Types of Fennec Gateway's browser client, client.js beside this file.

/** Why something ended or was refused. `message` is made to be shown. */
export class FennecError extends Error {
  constructor(code: string, message: string, details?: Partial<Pick<FennecError, "retryable" | "retryAfterMs" | "status" | "cause">>);
  readonly name: "FennecError";
  /**
   * What happened, as one word. From the browser: `insecure_context`, `insecure_url`, `microphone_denied`,
   * `no_microphone`, `microphone_busy`, `microphone_failed`, `worklet_blocked`. On the way: `unreachable`,
   * `origin_refused`, `connection_lost`, `ticket_used`, `ticket_failed`, `ended`. From the gateway: the codes of its
   * refusals and endings, such as `policy_start_refused`, `quota_exhausted`, `upstream_unreachable`.
   */
  readonly code: string;
  /** Whether the same again, later, may succeed. */
  readonly retryable: boolean;
  /** The least wait before that, in milliseconds, when the gateway named one. */
  readonly retryAfterMs?: number;
  /** The HTTP status of a refusal. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** Changes the rate of samples: 80 dB down above the lower Nyquist frequency, flat to seven eighths of it. */
export class Resampler {
  /** @param to 16000 unless told otherwise. */
  constructor(from: number, to?: number);
  /** Takes samples and calls `emit` for each that comes out. */
  process(input: ArrayLike<number> & Iterable<number>, emit: (sample: number) => void): void;
  /** Calls `emit` for what still waits for later samples; nothing may be processed afterwards. */
  flush(emit: (sample: number) => void): void;
}

/** Settings of the service's voice activity detection; the gateway's policy may bend them. */
export interface VADSettings {
  /** Probability of speech that counts as speech, 0 to 1. */
  threshold?: number;
  /** Silence that ends an utterance, in milliseconds. */
  min_silence_ms?: number;
  /** Audio kept from before speech began, in milliseconds. */
  speech_pad_ms?: number;
  /** Silence appended before transcription, in seconds. */
  final_silence_s?: number;
  /** Continuous speech that begins an utterance, in milliseconds. */
  start_trigger_ms?: number;
  /** Utterances with less voiced audio are dropped, in milliseconds. */
  min_voiced_ms?: number;
  /** Shorter transcripts are dropped. */
  min_chars?: number;
  min_words?: number;
  /** How long sound below the threshold may extend an utterance, in milliseconds; 0 turns it off. */
  amp_extend?: number;
  /** Finalises after so much speech, in milliseconds; 0 means never. */
  force_decode_ms?: number;
  debug?: boolean;
  /** Whether `vad` events are sent; the client asks for them unless this is `false`. */
  events?: boolean;
  event_hz?: number;
}

/** Further members of the `start` message. */
export interface StartSettings {
  single_utterance?: boolean;
  detect_thoughts?: boolean;
  end_thought_eagerness?: "low" | "medium" | "high";
  force_complete_time?: number;
  context?: string;
}

/** A ticket of the gateway, or the answer of its token endpoint as it is. */
export type Ticket = string | { token: string };

/** Where audio comes from. Chunks of an iterable are 16 kHz mono; it is read no faster than the network takes it. */
export type Source = "microphone" | MediaStream | AsyncIterable<Int16Array>;

interface CommonOptions {
  /** The gateway: `https://gateway.example.com`, or the stream's whole URL. By default, where client.js came from. */
  url?: string | URL;
  /** Asks for a policy by its name; an access rule must allow that one. */
  policy?: string;
  vad?: VADSettings;
  start?: StartSettings;
  /** `"microphone"` by default. A MediaStream is not stopped in the end: it is the page's. */
  source?: Source;
  /** The microphone to begin with; see `FennecGateway.devices`. */
  deviceId?: string;
  /** Processing by the browser, all on by default. */
  echoCancellation?: boolean;
  noiseSuppression?: boolean;
  autoGainControl?: boolean;
  /** Audio per message, 20 to 100 ms; 50 by default. */
  chunkMs?: number;
  /** The rate of the audio context, 16000 by default. At any other rate the client resamples by itself. */
  contextRate?: number;
  /** Audio kept for the next session while there is none, in seconds; 30 by default. */
  keepSeconds?: number;
  /** Attempts in a row to come back, 10 by default; at most 2 before the first session. */
  retries?: number;
  /** Listeners that hear everything from the beginning. */
  on?: { [Type in keyof Events]?: (event: Events[Type]) => void };
  /** Ends everything at once. */
  signal?: AbortSignal;
}

/** A fixed ticket works once, so that a lost connection is the end; `getTicket` is asked before each connection. */
export type Options = CommonOptions &
  (
    | { ticket?: undefined; getTicket?: undefined }
    | { ticket: string; getTicket?: undefined }
    | { ticket?: undefined; getTicket: (context: { signal: AbortSignal }) => Ticket | Promise<Ticket> }
  );

export type State = "connecting" | "live" | "reconnecting" | "paused" | "stopping" | "ended" | "failed";

export interface StateEvent {
  state: State;
  /** With `reconnecting` and `failed`: why. */
  error?: FennecError;
  /** With `reconnecting`: which attempt in a row comes next, and when. */
  attempt?: number;
  waitMs?: number;
}

/** A message of the service or the gateway as it came; `type` and what else there is are theirs. */
export interface Message {
  type?: string;
  [member: string]: unknown;
}

/** A transcript. Times are seconds of captured audio, across sessions; they are there when the service tells them. */
export interface Transcript extends Message {
  text: string;
  start?: number;
  end?: number;
}

/** Voice activity (`type` is `vad`) or a phase of an utterance (`utterance`), as the service tells it. */
export interface VADEvent extends Message {
  type: "vad" | "utterance";
  state?: string;
  probability?: number;
  phase?: string;
  /** Seconds of captured audio, across sessions. */
  time?: number;
}

/** A chunk of captured audio, before it is sent; silence while muted. */
export interface LevelEvent {
  /** The loudest sample and the root mean square, 0 to 1. */
  peak: number;
  rms: number;
  /** Seconds of audio captured so far. */
  time: number;
  samples: Int16Array;
}

/**
 * Something to know that ends nothing: `slow_network`, `audio_lost` (no connection for longer than audio is kept),
 * `sound_lost` (the browser took no sound for a while: too busy, or asleep), `microphone_lost`, `service_error`, and what
 * the gateway warns of.
 */
export interface WarningEvent {
  code?: string;
  message?: string;
  [member: string]: unknown;
}

export interface Events {
  /** A session begins; once more after each reconnection. */
  ready: Message;
  /** Words so far of an utterance that is being spoken; the next partial or final replaces them. */
  partial: Transcript;
  /** Words that stay. After a reconnection an utterance may come a second time. */
  final: Transcript;
  /** A complete thought, which repeats what finals said. */
  thought: Transcript;
  /** A correction of a final. */
  corrected: Transcript;
  vad: VADEvent;
  level: LevelEvent;
  /** What the gateway's policy made of the settings asked for. */
  policy: Message;
  warning: WarningEvent;
  state: StateEvent;
  /** Why it failed; nothing follows. */
  error: FennecError;
  /** Another microphone is in use. */
  device: { deviceId?: string; label?: string };
  /** Microphones came or went. */
  devices: MediaDeviceInfo[];
  /** Everything received and sent, for those who want to look. */
  message: Message;
  sent: string | Int16Array;
}

export interface Transcription {
  readonly state: State;
  readonly lastFinal?: Transcript;
  /** Resolves with the last final when all is over; rejects when words may be lost. */
  readonly done: Promise<Transcript | undefined>;
  /** While it is true silence is sent: the session stays. */
  muted: boolean;
  /** Calls `listener` for each event of a type; the returned function ends that. */
  on<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): () => void;
  /** Ends politely: all that was said is transcribed, then it resolves with the last final. */
  stop(): Promise<Transcript | undefined>;
  /** Ends at once, without waiting for words. */
  close(): void;
  /** Goes on with another microphone, the default one without a name; the old one stays when that cannot be had. */
  setDevice(deviceId?: string): Promise<void>;
}

export declare const FennecGateway: {
  /** Opens the source and the first session; resolves once the service is ready. Throws a `FennecError`. */
  connect(options?: Options): Promise<Transcription>;
  /** The microphones there are; their labels are empty until the page was allowed one. */
  devices(): Promise<MediaDeviceInfo[]>;
};
