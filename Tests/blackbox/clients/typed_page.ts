import { FennecGateway, FennecError, Resampler, type Transcription } from "./client.js";
async function* silence() { yield new Int16Array(1600); }
async function use() {
  const t: Transcription = await FennecGateway.connect({ url: "https://x", vad: { min_silence_ms: 400 }, source: silence(), getTicket: async () => ({ token: "a" }) });
  const off: () => void = t.on("final", ({ text, end }) => { const a: string = text; const b: number | undefined = end; void [a, b]; });
  off();
  t.on("level", ({ peak, samples }) => void [peak.toFixed(), samples.byteLength]);
  t.on("state", ({ state, error }) => { if (state === "failed") void error?.retryAfterMs; });
  // @ts-expect-error no such event
  t.on("finale", () => {});
  // @ts-expect-error both kinds of ticket
  await FennecGateway.connect({ ticket: "a", getTicket: () => "b" });
  // @ts-expect-error no such setting
  await FennecGateway.connect({ vad: { threshhold: 1 } });
  // @ts-expect-error a state cannot be set
  t.state = "ended";
  const last = await t.stop();
  last?.text.toUpperCase();
  try { t.close(); } catch (e) { if (e instanceof FennecError) e.code.length; }
  new Resampler(48000).process([1, 2], (s) => s.toFixed());
}
void use;
