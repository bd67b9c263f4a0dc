"""What the client makes of sound: a recording said to it, its filter, its limits."""

import pytest
from support import browser, ear, sound, webpage
from support.programs import RECORDING, TRANSCRIPTS
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]
TIMED = "{ ...listeners, level: ({ time }) => (window.time = time) }"


@pytest.mark.parametrize("rate", [16000, 44100, 48000, 96000])
def test_what_arrives_is_what_was_said_at_every_rate(make_browser, make_simulator, make_site, tmp_path, capsys, rate):
    site = make_site(make_simulator("--record", tmp_path))
    page = ear.open_page(make_browser(microphone=RECORDING, once=True), site.pages)
    webpage.begin(page, f"{{ contextRate: {rate}, on: {TIMED} }}")
    page.wait("window.time > 17", "the whole recording", 40)
    webpage.stop(page)
    site.gateway.ended_session("upstream_closed")
    heard, said = next(iter(webpage.received(tmp_path).values())), sound.recording(RECORDING)
    # Not a sample of what the browser gave is missing, and none came twice.
    given = ear.check_nothing_lost(page, heard)
    # And it is the recording, but for the seconds into which the browser itself put silence.
    torn = {second for second, _, _, snr in sound.seconds_compared(given, said) if snr < 20}
    seconds = [one for one in sound.seconds_compared(heard, said) if one[0] not in torn]
    snr = sorted(snr for _, _, _, snr in seconds)
    with capsys.disabled():
        print(
            f"\n{rate} Hz: SNR median {snr[len(snr) // 2]:.1f} dB, least {snr[0]:.1f} dB in {len(snr)} s of speech,"
            f" {len(torn)} s torn by the browser"
        )
    assert len(seconds) >= 6
    assert all(abs(gain - 1) < 0.02 for _, _, gain, _ in seconds)
    # What lies above 7 kHz is cut by the filter, and counts as noise here: hissing seconds have the least.
    assert snr[len(snr) // 2] > 35
    assert snr[0] > 20


#: What some versions of Firefox do: they refuse to join a stream to a context of another rate.
STUBBORN = """
const { createMediaStreamSource } = AudioContext.prototype;
window.contexts = [];
AudioContext.prototype.createMediaStreamSource = function (stream) {
  contexts.push(this);
  if (this.sampleRate === 16000) throw new DOMException("Connecting AudioNodes ...", "NotSupportedError");
  return createMediaStreamSource.call(this, stream);
};"""


def test_a_browser_that_does_not_resample_is_helped(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--transcripts", TRANSCRIPTS, "--record", tmp_path))
    page = make_browser(microphone=RECORDING, once=True).page("about:blank")
    page.call("Page.addScriptToEvaluateOnNewDocument", source=STUBBORN)
    page.open(site.page_url)
    webpage.begin(page, f"{{ vad: {{ min_silence_ms: 400 }}, on: {TIMED} }}")
    page.wait("heard.some(({ kind }) => kind === 'final')", "words", 20)
    webpage.stop(page)
    rates = page.run("contexts.map(({ sampleRate, state }) => [sampleRate, state])")
    assert rates[0] == [16000, "closed"] and rates[1][0] > 16000 and rates[1][1] == "closed"
    seconds = sound.seconds_compared(next(iter(webpage.received(tmp_path).values())), sound.recording(RECORDING))
    assert max(snr for _, _, _, snr in seconds) > 35


def test_words_that_are_said_before_ready_are_not_lost(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--ready-latency", "3s", "--record", tmp_path))
    page = ear.open_page(make_browser(microphone=RECORDING, once=True), site.pages)
    webpage.begin(page, f"{{ on: {TIMED} }}")
    assert page.run("time") > 2, "audio was not taken while the service got ready"
    page.wait("window.time > 8", "more of the recording", 40)
    webpage.stop(page)
    site.gateway.ended_session("upstream_closed")
    heard = next(iter(webpage.received(tmp_path).values()))
    ear.check_nothing_lost(page, heard)
    first = [second for second, _, _, _ in sound.seconds_compared(heard, sound.recording(RECORDING))][:2]
    assert first == [1, 2], "the first sentence was not sent"


def test_sound_that_the_browser_did_not_take_is_told(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = ear.open_page(make_browser(microphone=RECORDING), site.pages)
    webpage.begin(page, f"{{ on: {TIMED} }}")
    page.wait("window.time > 0.3", "sound")
    assert not webpage.heard(page, "warning")
    page.run("contexts[0].suspend().then(() => (window.suspended = performance.now()))")
    page.wait("performance.now() - suspended > 600", "a while without sound")
    page.run("contexts[0].resume()")
    page.wait("heard.some(({ kind }) => kind === 'warning')", "the warning")
    warning = webpage.heard(page, "warning")[0]
    assert warning["code"] == "sound_lost"
    lost = int(warning["message"].split()[-2])
    assert lost >= 550
    webpage.stop(page)
    assert webpage.states(page) == ["live", "stopping", "ended"]


SWEEP = """(() => {
  const rate = %d, through = (frequency) => {
    const { Resampler } = client, out = [];
    const input = Float32Array.from({ length: rate / 4 }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
    new Resampler(rate).process(input, (sample) => out.push(sample));
    return out.slice(600, -600);
  };
  // The tone that went in, under a window that hides where it is cut off.
  const kept = (frequency) => {
    const steady = through(frequency), turn = (2 * Math.PI * frequency) / 16000;
    const sums = [0, 0, 0];
    steady.forEach((sample, i) => {
      const weight = 1 - Math.cos((2 * Math.PI * (i + 0.5)) / steady.length);
      const parts = [Math.cos(turn * i) * sample, Math.sin(turn * i) * sample, 0.5];
      parts.forEach((part, n) => (sums[n] += weight * part));
    });
    return 20 * Math.log10(Math.hypot(sums[0], sums[1]) / sums[2]);
  };
  // Whatever is left, wherever it went.
  const left = (frequency) => {
    const steady = through(frequency);
    return 10 * Math.log10((2 * steady.reduce((sum, sample) => sum + sample ** 2, 0)) / steady.length);
  };
  const pass = [], halt = [];
  for (let frequency = 40; frequency <= 7000; frequency += 120) pass.push(kept(frequency));
  for (let frequency = 8000; frequency < rate / 2; frequency += 120) halt.push(left(frequency));
  const busy = new client.Resampler(rate), block = new Float32Array(128), begun = performance.now();
  for (let i = 0; i < 10 * rate; i += 128) busy.process(block, () => {});
  return [Math.min(...pass), Math.max(...pass), Math.max(...halt), (performance.now() - begun) / 10];
})()"""


def test_the_filter_is_flat_to_7_khz_and_80_db_down_from_8_khz(make_browser, make_simulator, make_site, capsys):
    site = make_site(make_simulator())
    page = make_browser().page(site.page_url)
    page.wait("window.client", "the client is loaded")
    for rate in (44100, 48000, 96000):
        least, most, rest, cost = page.run(SWEEP % rate, 60)
        with capsys.disabled():
            band = f"pass-band {least:+.4f} to {most:+.4f} dB, stop-band {rest:.1f} dB"
            print(f"\n{rate} Hz: {band}, {cost:.1f} ms of CPU for a second of sound")
        assert -0.005 < least <= most < 0.005
        assert rest < -80


def test_an_impulse_comes_out_where_it_went_in_and_nothing_is_kept_back(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = make_browser().page(site.page_url)
    page.wait("window.client", "the client is loaded")
    lengths, places = page.run(
        """(() => {
          const lengths = [], places = [];
          for (const rate of [22050, 44100, 48000, 96000]) {
            const r = new client.Resampler(rate), input = new Float32Array(rate), out = [];
            input[rate / 2] = 1;
            for (let i = 0; i < rate; i += 128) r.process(input.subarray(i, i + 128), (sample) => out.push(sample));
            r.flush((sample) => out.push(sample));
            lengths.push(out.length);
            places.push(out.indexOf(Math.max(...out)));
          }
          return [lengths, places];
        })()"""
    )
    assert lengths == [16000] * 4
    assert places == [8000] * 4


def test_too_loud_is_cut_off_and_never_wraps_around(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--record", tmp_path))
    page = make_browser().page(site.page_url)
    page.wait("Boolean(window.begin)", "the page's script has run")
    page.run(
        """(async () => {
          const context = new AudioContext({ sampleRate: 16000 });
          const tone = new OscillatorNode(context, { frequency: 200 });
          const destination = context.createMediaStreamDestination();
          tone.connect(new GainNode(context, { gain: 3 })).connect(destination);
          tone.start();
          await begin({ source: destination.stream });
          window.track = destination.stream.getAudioTracks()[0];
        })()"""
    )
    page.wait("t.lastFinal || heard.length > 3", "something is heard")
    eventually(lambda: next(iter(webpage.received(tmp_path).values())).size > 24000, "1.5 s arrived")
    webpage.stop(page)
    assert page.run("track.readyState") == "live", "the page's own stream was stopped"
    samples = next(iter(webpage.received(tmp_path).values()))[8000:]
    assert samples.max() == 32767 and samples.min() == -32768
    # A sine of three times full scale rises by 0.24 of full scale in a sample; a wrap is a jump of 2.
    steps = abs(samples[1:] - samples[:-1])
    assert steps.max() < 9000
