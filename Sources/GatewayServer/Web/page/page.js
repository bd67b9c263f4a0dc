// Fennec Gateway's demo page: everything on it is done with the client that any page can import.

import { FennecGateway } from "/gateway/client.js";
import { Inspector } from "./inspector.js";
import { Player } from "./player.js";
import { PRESETS, Settings } from "./settings.js";
import { snippet } from "./snippets.js";
import { Timeline } from "./timeline.js";

const $ = (id) => document.getElementById(id);
let policyName = new URLSearchParams(location.search).get("policy") ?? undefined;

let transcription;
let player;
let file;
/** Cancels a start that still waits, for permission or for the gateway. */
let starting;
let times;

const timeline = new Timeline($("timeline"));
const inspector = new Inspector($("messages"), $("message-list"), $("no-messages"));
const settings = new Settings($("settings"), settingsChanged);

// ── Settings

function settingsChanged() {
  const url = new URL(location);
  url.search = "";
  if (policyName) url.searchParams.set("policy", policyName);
  if (source() !== "microphone") url.searchParams.set("source", source());
  for (const [name, value] of Object.entries(settings.values)) url.searchParams.set(name, value);
  history.replaceState(null, "", url);
  showSettings();
  $("pending").hidden = !transcription;
}

function showSettings() {
  const { preset } = settings;
  for (const button of document.querySelectorAll("[data-preset]")) button.setAttribute("aria-pressed", button.dataset.preset === preset);
  $("speech").style.setProperty("--threshold", settings.effective("threshold"));
  $("threshold").title = `Threshold ${settings.effective("threshold")}`;
  showCode();
}

for (const button of document.querySelectorAll("[data-preset]")) {
  button.addEventListener("click", () => settings.set(settings.preset === button.dataset.preset ? {} : { ...PRESETS[button.dataset.preset] }));
}
$("reset").addEventListener("click", () => settings.set({}));
$("policy").addEventListener("change", () => {
  policyName = $("policy").value;
  settings.set(settings.values);
  loadPolicy();
});

async function loadPolicy() {
  try {
    const query = policyName ? `?policy=${encodeURIComponent(policyName)}` : "";
    const answer = await fetch(`/gateway/policy${query}`, { method: "POST" });
    const policy = await answer.json();
    if (!answer.ok) return;
    settings.limit(policy.limits.fields);
    const others = policy.may_ask_for.filter((name) => name !== policy.policy);
    $("policy").replaceChildren(...[policy.policy, ...others].map((name) => new Option(name, name)));
    $("policy-field").hidden = $("policy-hint").hidden = false;
    showSettings();
  } catch {
    // Without limits the sliders have their usual ranges; a start will tell what is wrong.
  }
}

// ── Sources

const source = () => document.querySelector("[name=source]:checked").value;

function showSource() {
  const kind = source();
  $("device-field").hidden = kind !== "microphone";
  $("recording-field").hidden = kind !== "recording";
  $("file-field").hidden = kind !== "file";
  if (!transcription && !starting) $("start-text").textContent = { microphone: "Start speaking", recording: "Play recording", file: "Play file" }[kind];
  $("start").classList.toggle("plays", kind !== "microphone");
  $("start").disabled = !transcription && kind === "file" && !file;
}

function chooseSource(kind) {
  document.querySelector(`[name=source][value=${kind}]`).checked = true;
  showSource();
  settingsChanged();
}

for (const radio of document.querySelectorAll("[name=source]")) radio.addEventListener("change", () => chooseSource(radio.value));

function chooseFile(chosen) {
  if (!chosen) return;
  file = chosen;
  $("file-name").textContent = chosen.name;
  chooseSource("file");
}

$("file").addEventListener("change", () => chooseFile($("file").files[0]));
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragging");
});
addEventListener("dragleave", () => document.body.classList.remove("dragging"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  if (!transcription) chooseFile(event.dataTransfer.files[0]);
});

async function listDevices(devices) {
  const found = devices ?? (await FennecGateway.devices());
  const chosen = $("device").value;
  const options = found.filter(({ deviceId }) => deviceId && deviceId !== "default").map(({ deviceId, label }) => new Option(label || "Microphone", deviceId));
  $("device").replaceChildren(new Option("Default microphone", ""), ...options);
  $("device").value = options.some(({ value }) => value === chosen) ? chosen : "";
}

$("device").addEventListener("change", () => transcription?.setDevice($("device").value || undefined).catch(fail));

// ── Starting and stopping

$("start").addEventListener("click", () => (transcription || starting ? stop() : start()));
$("mute").addEventListener("click", () => {
  transcription.muted = !transcription.muted;
  $("mute").setAttribute("aria-pressed", transcription.muted);
  $("mute").textContent = transcription.muted ? "Muted" : "Mute";
});

async function start() {
  const controller = (starting = new AbortController());
  $("notice").hidden = true;
  $("pending").hidden = true;
  times = { clicked: performance.now(), finals: [], firsts: [], sent: 0, count: 0 };
  timeline.clear();
  inspector.begin();
  showFigures();
  showState({ state: "connecting" });
  try {
    transcription = await FennecGateway.connect({
      policy: policyName,
      vad: { event_hz: 10, ...settings.values },
      source: await openSource(),
      deviceId: $("device").value || undefined,
      signal: controller.signal,
      on: { state: showState, ready, partial, final, vad, level, policy, warning, device, devices: listDevices, error: fail, message: (message) => inspector.received(message), sent },
    });
    $("mute").disabled = false;
  } catch (error) {
    if (!controller.signal.aborted) fail(error);
    else showState({ state: "ended" });
  } finally {
    if (starting === controller) starting = undefined;
    showButton();
  }
}

async function openSource() {
  const kind = source();
  if (kind === "microphone") return "microphone";
  const bytes = kind === "file" ? await file.arrayBuffer() : await (await fetch("/gateway/page/speech.mp3")).arrayBuffer();
  player = await Player.open(bytes, () => stop()).catch(() => {
    throw Object.assign(new Error("This browser cannot decode that file. WAV, MP3 and most others work."), { code: "not_audio" });
  });
  return player.stream;
}

function stop() {
  if (starting && !transcription) starting.abort();
  transcription?.stop().catch(() => {});
}

/** The source is open: a recording begins to play now, so that none of it is missed. */
function device() {
  player?.play();
  if (source() === "microphone") listDevices();
}

// ── Events

const STATES = { connecting: "Connecting", live: "Listening", reconnecting: "Reconnecting", paused: "Paused", stopping: "Finishing", ended: "Not connected", failed: "Stopped" };

function showState({ state, error, attempt, waitMs }) {
  $("status").dataset.state = state;
  $("status-text").textContent = STATES[state];
  if (state === "reconnecting") {
    timeline.reconnected();
    times.reconnected = times.heard;
    $("partial").textContent = "";
    notice("warning", "Connection lost", `${error.message} Trying again in ${Math.max(0.1, waitMs / 1000).toFixed(1)} s, attempt ${attempt}. What is said meanwhile is kept.`, "", error.code);
  } else if (state === "live" && $("notice").dataset.kind === "warning") $("notice").hidden = true;
  if (state === "ended" || state === "failed") finished();
  showButton(state);
}

function showButton(state = transcription?.state) {
  const on = Boolean(transcription || starting);
  $("start").classList.toggle("on", on);
  if (on) $("start-text").textContent = state === "stopping" ? "Finishing" : "Stop";
  for (const radio of document.querySelectorAll("[name=source]")) radio.disabled = on;
  $("file").disabled = on;
  showSource();
}

function finished() {
  transcription = undefined;
  starting = undefined;
  player?.close();
  player = undefined;
  $("mute").disabled = true;
  $("mute").textContent = "Mute";
  $("mute").setAttribute("aria-pressed", false);
  $("pending").hidden = true;
  $("partial").textContent = "";
  showLevel(0, 0);
  showSpeech(0);
}

function ready(message) {
  times.ready ??= performance.now() - times.clicked;
  const { recognizer } = message;
  $("engine").hidden = false;
  $("engine").textContent = recognizer ? `Answered by the stand-in on this machine: ${recognizer}` : "Answered by the speech service";
  showFigures();
}

/** How long ago a moment of the captured audio was, in milliseconds. */
const since = (time) => performance.now() - times.heardAt + (times.heard - time) * 1000;

function partial({ text }) {
  $("empty").hidden = true;
  $("partial").textContent = text;
  if (times.speechBegan !== undefined) {
    times.firsts.push(since(times.speechBegan));
    times.speechBegan = undefined;
    showFigures();
  }
  follow();
}

function final({ text, start, end }) {
  $("empty").hidden = true;
  $("partial").textContent = "";
  const line = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = clock(start ?? times.heard);
  const words = document.createElement("span");
  words.textContent = text;
  // After a reconnection the utterance that was cut comes again, whole; how late that is tells nothing.
  const again = end !== undefined && times.reconnected !== undefined && start < times.reconnected;
  line.classList.toggle("again", again && start < times.lastEnd);
  if (end !== undefined && !again) {
    const late = since(end);
    times.finals.push(late);
    words.append(remark(milliseconds(late), "From the end of the utterance to these words; the silence that ends it is part of that."));
  } else if (again) words.append(remark("after reconnecting", "What was not final when the connection was lost is sent again."));
  times.lastEnd = Math.max(times.lastEnd ?? 0, end ?? 0);
  line.append(time, words);
  $("finals").append(line);
  while ($("finals").childElementCount > 500) $("finals").firstElementChild.remove();
  times.count++;
  timeline.final(start, end);
  showFigures();
  follow();
}

function remark(text, title) {
  return Object.assign(document.createElement("span"), { className: "late", textContent: text, title });
}

function follow() {
  $("transcript").scrollTop = $("transcript").scrollHeight;
}

function vad({ type, phase, probability, time }) {
  if (type === "vad") return showSpeech(probability ?? 0);
  if (phase === "start") {
    timeline.began(time);
    times.speechBegan = time;
  } else if (phase === "end" || phase === "dropped") timeline.ended(time, phase === "dropped");
}

function level({ peak, rms, time, samples }) {
  times.heard = time;
  times.heardAt = performance.now();
  $("clock").textContent = clock(time);
  showLevel(rms, peak);
  timeline.sound(time, samples);
}

function sent(data) {
  inspector.sent(data);
  if (typeof data !== "string") times.sent += data.byteLength;
  showFigures();
}

function policy({ adjustments = [] }) {
  settings.adjust(adjustments);
  showSettings();
}

function warning({ code, message }) {
  inspector.note(`${code ?? "warning"}: ${message ?? ""}`);
  if (message) $("announce").textContent = message;
}

// ── Figures

const milliseconds = (value) => (value < 995 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const median = (values) => (values.length ? milliseconds([...values].sort((a, b) => a - b)[values.length >> 1]) : "–");

function showFigures() {
  $("figure-ready").textContent = times.ready === undefined ? "–" : milliseconds(times.ready);
  $("figure-first").textContent = median(times.firsts);
  $("figure-final").textContent = median(times.finals);
  $("figure-count").textContent = times.count;
  $("figure-sent").textContent = times.sent < 1048576 ? `${Math.round(times.sent / 1024)} KB` : `${(times.sent / 1048576).toFixed(1)} MB`;
}

const decibels = (value) => Math.max(-60, 20 * Math.log10(value || 1e-9));

function showLevel(rms, peak) {
  const [loudness, top] = [decibels(rms), decibels(peak)];
  const track = $("level");
  track.classList.toggle("on", peak > 0);
  track.style.setProperty("--at", `${((loudness + 60) / 60) * 100}%`);
  track.style.setProperty("--peak", `${((top + 60) / 60) * 100}%`);
  track.setAttribute("aria-valuenow", Math.round(loudness));
  $("level-text").textContent = rms ? `${Math.round(loudness)} dB` : "–";
  track.setAttribute("aria-valuetext", rms ? `${Math.round(loudness)} decibels` : "silence");
}

function showSpeech(probability) {
  $("speech").style.setProperty("--at", `${probability * 100}%`);
  $("speech").setAttribute("aria-valuenow", probability.toFixed(2));
  $("speech-text").textContent = transcription || starting ? probability.toFixed(2) : "–";
}

// ── Notices

const CURES = {
  insecure_context: () => `Open this page at http://localhost:${location.port || 80}/ on the machine of the gateway, or give its listener a certificate (tls) and use https.`,
  no_microphone: () => "Connect one, then try again; or let the recording speak.",
  unreachable: () => "Is the gateway still running? This page came from it.",
  origin_refused: () => `Its configuration needs an access rule with match: { origin: ["${location.origin}"] }.`,
  policy_start_refused: () => "Settings outside the policy are refused here: press Reset, or move the marked sliders.",
};
const TITLES = { insecure_context: "No microphone without a secure page", microphone_denied: "The microphone is blocked", no_microphone: "No microphone found", microphone_busy: "The microphone is busy", unreachable: "The gateway does not answer", policy_start_refused: "The gateway refused these settings", not_audio: "That is no audio" };

function fail(error) {
  const title = TITLES[error.code] ?? (error.status ? "The gateway refused" : "The transcription ended");
  notice("error", title, error.message, CURES[error.code]?.() ?? "", error.code ?? error.name);
  inspector.note(`${error.code ?? error.name}: ${error.message}`);
  showState({ state: "failed" });
}

function notice(kind, title, text, cure, code) {
  $("notice").dataset.kind = kind;
  $("notice-title").textContent = title;
  $("notice-text").textContent = text;
  $("notice-cure").textContent = cure;
  $("notice-code").textContent = code ?? "";
  $("notice-retry").hidden = kind !== "error";
  $("notice-recording").hidden = kind !== "error" || source() === "recording" || !/micro/.test(code);
  $("notice").hidden = false;
}

$("notice-retry").addEventListener("click", start);
$("notice-recording").addEventListener("click", () => {
  chooseSource("recording");
  start();
});

// ── Text, messages, code

async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    $("announce").textContent = "Copied";
  } catch {
    button.textContent = "Select and copy";
  }
  setTimeout(() => (button.textContent = label), 1500);
}

$("copy-text").addEventListener("click", () => copy($("copy-text"), [...$("finals").querySelectorAll("li > span")].map((line) => line.firstChild.textContent).join("\n")));
$("clear").addEventListener("click", () => {
  $("finals").replaceChildren();
  $("empty").hidden = false;
});
$("clear-messages").addEventListener("click", () => inspector.clear());
const showVad = () => $("messages").classList.toggle("no-vad", !$("show-vad").checked);
$("show-vad").addEventListener("change", showVad);

const tabs = [...document.querySelectorAll("[role=tab]")];
const chosenTab = () => tabs.find((tab) => tab.ariaSelected === "true");
function showCode() {
  $("code-text").textContent = snippet(chosenTab().dataset.language, { vad: settings.values, policy: policyName });
}
function chooseTab(tab) {
  for (const other of tabs) {
    other.setAttribute("aria-selected", other === tab);
    other.tabIndex = other === tab ? 0 : -1;
  }
  $("code").setAttribute("aria-labelledby", tab.id);
  showCode();
}
for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => chooseTab(tab));
  tab.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    chooseTab(next);
    next.focus();
  });
}
$("copy-code").addEventListener("click", () => copy($("copy-code"), $("code-text").textContent));

// ── Beginning

const wanted = new URLSearchParams(location.search).get("source");
if (["recording", "file"].includes(wanted)) document.querySelector(`[name=source][value=${wanted}]`).checked = true;
showVad();
showSource();
showSettings();
loadPolicy();
listDevices();
navigator.mediaDevices?.addEventListener("devicechange", () => listDevices());
if (!isSecureContext) fail(Object.assign(new Error("Browsers hear only for pages served over https or from localhost, and this one is neither."), { code: "insecure_context" }));
