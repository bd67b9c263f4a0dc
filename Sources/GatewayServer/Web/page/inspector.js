// Messages in both directions.

const MOST = 400;

export class Inspector {
  #list;
  #region;
  #empty;
  #began = performance.now();
  #audio;
  #note;

  constructor(region, list, empty) {
    [this.#region, this.#list, this.#empty] = [region, list, empty];
  }

  clear() {
    this.#list.replaceChildren();
    this.#audio = undefined;
    this.#empty.hidden = false;
  }

  begin() {
    this.#audio = undefined;
    this.#began = performance.now();
  }

  sent(data) {
    if (typeof data === "string") {
      this.#audio = undefined;
      return void this.#add("out", "→", data, "");
    }
    // Audio in a row is one line that counts, voice activity in between or not.
    this.#audio ??= { messages: 0, bytes: 0, line: this.#add("out", "→", "", "audio") };
    this.#audio.messages++;
    this.#audio.bytes += data.byteLength;
    const { messages, bytes, line } = this.#audio;
    line.lastElementChild.textContent = `${messages} × audio, ${(bytes / 1024).toFixed(1)} KB, ${(bytes / 32000).toFixed(1)} s`;
  }

  received(message) {
    const isActivity = message.type === "vad" || message.type === "utterance";
    if (!isActivity) this.#audio = undefined;
    this.#add("in", "←", JSON.stringify(message), isActivity ? "vad" : "");
  }

  /** Something to know; the same again is counted, not written again. */
  note(text) {
    if (this.#note?.text !== text || this.#note.line !== this.#list.lastElementChild) {
      this.#note = { text, times: 0, line: this.#add("note", "·", text, "") };
    }
    this.#note.times++;
    if (this.#note.times > 1) this.#note.line.lastElementChild.textContent = `${text} (${this.#note.times} ×)`;
  }

  #add(direction, arrow, text, kind) {
    const atEnd = this.#region.scrollHeight - this.#region.scrollTop - this.#region.clientHeight < 40;
    const line = document.createElement("li");
    line.className = `${direction} ${kind}`;
    const time = document.createElement("time");
    time.textContent = ((performance.now() - this.#began) / 1000).toFixed(2);
    const sign = document.createElement("b");
    sign.textContent = arrow;
    sign.title = { out: "sent", in: "received", note: "" }[direction];
    const body = document.createElement("span");
    body.textContent = text;
    line.append(time, sign, body);
    this.#list.append(line);
    while (this.#list.childElementCount > MOST) this.#list.firstElementChild.remove();
    this.#empty.hidden = true;
    if (atEnd) this.#region.scrollTop = this.#region.scrollHeight;
    return line;
  }
}
