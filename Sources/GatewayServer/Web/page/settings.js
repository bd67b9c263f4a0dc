// The settings of voice activity detection: sliders within what the gateway's policy allows, kept in the page's URL.

/** What each setting is, in the order of the page; ranges are those of a slider where the policy has no bound. */
const FIELDS = [
  { name: "threshold", label: "Speech threshold", min: 0, max: 1, step: 0.01, typical: 0.5, help: "Lower is more sensitive." },
  { name: "min_silence_ms", label: "Silence that ends an utterance", unit: "ms", min: 50, max: 3000, step: 10, typical: 800, help: "Longer keeps sentences whole." },
  { name: "speech_pad_ms", label: "Kept from before speech", unit: "ms", min: 0, max: 1000, step: 10, typical: 200, help: "So that the first sound is not cut off." },
  { name: "start_trigger_ms", label: "Speech that begins one", unit: "ms", min: 0, max: 500, step: 4, typical: 36, help: "Clicks and coughs are shorter." },
  { name: "min_voiced_ms", label: "Least voiced audio", unit: "ms", min: 0, max: 1000, step: 4, typical: 100, help: "Utterances with less are dropped.", more: true },
  { name: "final_silence_s", label: "Silence added at the end", unit: "s", min: 0, max: 2, step: 0.05, typical: 0.1, help: "Before transcription.", more: true },
  { name: "amp_extend", label: "Quiet sound extends", unit: "ms", min: 0, max: 3000, step: 50, typical: 0, zero: "off", help: "How long sound below the threshold may go on.", more: true },
  { name: "force_decode_ms", label: "Longest utterance", unit: "ms", min: 0, max: 60000, step: 500, typical: 0, zero: "never cut", help: "Finalises after so much speech.", more: true },
  { name: "min_chars", label: "Shortest transcript", unit: "characters", min: 0, max: 40, step: 1, typical: 1, help: "Shorter ones are dropped.", more: true },
  { name: "min_words", label: "Fewest words", unit: "words", min: 0, max: 10, step: 1, typical: 1, help: "Transcripts with fewer are dropped.", more: true },
];

/** The service's recommendations, as the gateway's presets of the same names have them. */
export const PRESETS = {
  dictation: { threshold: 0.45, min_silence_ms: 800, speech_pad_ms: 200, start_trigger_ms: 36, min_voiced_ms: 100, min_chars: 2, min_words: 1, force_decode_ms: 60000 },
  noisy: { threshold: 0.65, min_silence_ms: 400, speech_pad_ms: 150, start_trigger_ms: 100, min_voiced_ms: 250, min_chars: 1, min_words: 1, amp_extend: 0, force_decode_ms: 0 },
  aggressive: { threshold: 0.5, min_silence_ms: 100, speech_pad_ms: 200, final_silence_s: 0.1, start_trigger_ms: 36, min_voiced_ms: 48, min_chars: 1, min_words: 1, amp_extend: 1200, force_decode_ms: 0 },
};

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export class Settings {
  /** What the user set, by name; what is not here is left to the gateway. */
  values = {};
  #limits = {};
  #applied = {};
  #rows = new Map();
  #changed;

  constructor(container, changed) {
    this.#changed = changed;
    const more = make("details", { className: "more" }, make("summary", { textContent: "More settings" }));
    for (const field of FIELDS) (field.more ? more : container).append(this.#row(field));
    container.append(more);
    this.#read(new URLSearchParams(location.search));
    if (FIELDS.some(({ name, more }) => more && name in this.values)) more.open = true;
  }

  #row(field) {
    const id = `setting-${field.name}`;
    const input = make("input", { type: "range", id, step: field.step });
    const output = make("output", { htmlFor: id });
    const unset = make("button", { type: "button", className: "unset-button", textContent: "×", title: "Leave it to the gateway" });
    unset.setAttribute("aria-label", `Leave ${field.label} to the gateway`);
    const least = make("span");
    const most = make("span");
    const mark = make("p", { className: "mark", hidden: true });
    mark.id = `${id}-mark`;
    input.setAttribute("aria-describedby", `${id}-help ${mark.id}`);
    const scale = make("div", { className: "scale" }, least, input, most);
    least.ariaHidden = most.ariaHidden = "true";
    const help = make("p", { className: "help", id: `${id}-help`, textContent: field.help });
    const row = make("div", { className: "setting" }, make("label", { htmlFor: id, textContent: field.label }), output, unset, help, scale, mark);
    input.addEventListener("input", () => this.set({ ...this.values, [field.name]: Number(input.value) }));
    unset.addEventListener("click", () => {
      const { [field.name]: _, ...rest } = this.values;
      this.set(rest);
      input.focus();
    });
    this.#rows.set(field.name, { field, row, input, output, least, most, mark });
    return row;
  }

  #read(query) {
    for (const { name } of FIELDS) {
      const value = Number(query.get(name));
      if (query.has(name) && Number.isFinite(value)) this.values[name] = value;
    }
    this.#show();
  }

  set(values) {
    this.values = values;
    this.#applied = {};
    this.#show();
    this.#changed();
  }

  /** The limits of `GET /gateway/policy`. */
  limit(fields) {
    this.#limits = fields;
    this.#show();
  }

  /** What the gateway made of the settings: the adjustments of its event. */
  adjust(adjustments) {
    this.#applied = Object.fromEntries(adjustments.map((one) => [one.field.replace("vad.", ""), one]));
    this.#show();
  }

  /** The preset that the settings are, if any. */
  get preset() {
    const text = (values) => JSON.stringify(Object.entries(values).sort());
    return Object.keys(PRESETS).find((name) => text(PRESETS[name]) === text(this.values));
  }

  /** The value in force of one setting, as far as the page knows. */
  effective(name) {
    const limit = this.#limits[`vad.${name}`] ?? {};
    const { typical } = this.#rows.get(name).field;
    return this.#applied[name]?.applied ?? this.values[name] ?? limit.fixed ?? limit.default ?? typical;
  }

  #show() {
    for (const { field, row, input, output, least, most, mark } of this.#rows.values()) {
      const { name, unit, zero } = field;
      const limit = this.#limits[`vad.${name}`] ?? {};
      const words = (value) => (value === 0 && zero ? zero : `${value.toLocaleString("en")}${unit ? ` ${value === 1 ? unit.replace(/(?<=..)s$/, "") : unit}` : ""}`);
      input.min = zero ? 0 : limit.min ?? field.min;
      input.max = limit.max ?? Math.max(field.max, Number(input.min) + field.step);
      least.textContent = words(Number(input.min));
      most.textContent = words(Number(input.max));
      const asked = this.values[name];
      const fixed = limit.fixed !== undefined || limit.rule === "deny";
      input.value = asked ?? this.effective(name);
      input.disabled = fixed;
      row.classList.toggle("unset", asked === undefined);
      row.classList.toggle("fixed", fixed);
      const left = limit.fixed ?? limit.default;
      output.textContent = asked !== undefined ? words(asked) : left === undefined ? "not set" : words(left);
      input.setAttribute("aria-valuetext", output.textContent);
      this.#note(mark, this.#remark(name, asked, limit, words));
    }
  }

  /** What happens, or would, to a value that the policy does not allow: bold words, then others. */
  #remark(name, asked, limit, words) {
    const applied = this.#applied[name];
    const range = limit.description ? `, ${limit.description}` : "";
    if (applied && applied.asked !== undefined && applied.effect !== "kept") {
      const result = applied.applied === undefined ? "left out" : words(applied.applied);
      const verb = applied.effect === "observed" ? "Would be clamped" : "Clamped";
      return [verb, ` by the policy: ${words(applied.asked)} → ${result}; allowed: ${applied.allowed}`];
    }
    if (limit.fixed !== undefined) return ["Fixed", " by the policy"];
    if (limit.rule === "deny") return ["Not allowed", " by the policy"];
    if (asked === undefined || (asked === 0 && limit.zero)) return;
    if (asked < limit.min || asked > limit.max) {
      const then = { reject: "will refuse it", observe: "will note it" }[limit.on_violation] ?? "will bend it";
      return ["Outside the policy", `${range}: the gateway ${then}`];
    }
  }

  #note(mark, parts) {
    mark.hidden = !parts;
    if (!parts) return;
    mark.replaceChildren(make("strong", { textContent: parts[0] }), parts[1]);
  }
}
