"""A second ear beside the client's worklet: what the browser gave to the graph of sound.

A browser on a busy machine puts silence into a microphone's sound, or drops some of it, where it passes that on to an
AudioContext. What the client was given tells such a loss from one of the client's own.
"""

import base64

import numpy

from . import sound

#: It gets the same blocks as the client's worklet, in the same context.
WORKLET = """registerProcessor("ear", class extends AudioWorkletProcessor {
  process([[channel]]) {
    if (channel) this.port.postMessage(channel.slice());
    return true;
  }
});"""

HOOK = """
window.eared = []; window.contexts = [];
const { createMediaStreamSource } = AudioContext.prototype;
AudioContext.prototype.createMediaStreamSource = function (stream) {
  const source = createMediaStreamSource.call(this, stream);
  contexts.push(this);
  this.audioWorklet.addModule("/ear.js").then(() => {
    const ear = new AudioWorkletNode(this, "ear", { channelCount: 1, channelCountMode: "explicit" });
    ear.port.onmessage = ({ data }) => eared.push(data);
    source.connect(ear).connect(this.destination);
  });
  return source;
};
window.takeEared = () => {
  const all = new Float32Array(eared.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of eared) at = (all.set(block, at), at + block.length);
  const bytes = new Uint8Array(all.buffer), parts = [];
  for (let i = 0; i < bytes.length; i += 32768) parts.push(String.fromCharCode(...bytes.subarray(i, i + 32768)));
  return btoa(parts.join(""));
};
"""


def open_page(browser, pages, path="/"):
    """A page of these whose AudioContexts are listened to."""
    pages.files["/ear.js"] = WORKLET
    page = browser.page("about:blank")
    page.call("Page.addScriptToEvaluateOnNewDocument", source=HOOK)
    page.open(pages.origin + path)
    return page


def given(page):
    """What the browser gave, as 16-bit samples of its own rate, and that rate."""
    data = base64.b64decode(page.run("takeEared()", 60))
    return numpy.frombuffer(data, "<f4").astype(float) * 32768, int(page.run("contexts[0].sampleRate"))


def check_nothing_lost(page, heard):
    """Everything that the client was given arrived; what it was given, at 16 kHz.

    Its first tenth of a second is not compared: the two ears need not have begun together.
    """
    samples, rate = given(page)
    expected = sound.at_rate(samples, rate)
    start = sound.lag(heard, expected)
    length = min(len(heard) - start, len(expected))
    at = sound.RATE // 10 + max(0, -start)
    # The client stops hearing before the page does.
    end = min(length, len(heard) - start) - sound.RATE // 10
    assert end - at > 5 * sound.RATE
    arrived, wanted = heard[start + at : start + end], expected[at:end]
    if rate == sound.RATE:
        wrong = numpy.flatnonzero(numpy.abs(arrived - numpy.clip(wanted, -32768, 32767)) > 0.51)
        assert not len(wrong), f"{len(wrong)} samples are not those that were given, the first after {wrong[0] + at}"
    seconds = sound.seconds_compared(heard, expected)
    delays = [delay for _, delay, _, _ in seconds]
    assert max(delays) - min(delays) < 0.1, f"samples are missing or came twice: {delays}"
    assert min(snr for _, _, _, snr in seconds) > 20
    return expected
