"""The browser client in a real browser: a microphone that plays a recording, the gateway, and the stand-in."""

import json


import pytest
from support import browser, sound, webpage
from support.browser import Browser
from support.pages import PageServer
from support.programs import RECORDING, TRANSCRIPTS
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]
TEXTS = [entry["text"] for entry in json.loads(TRANSCRIPTS.read_text())["utterances"]]


@pytest.fixture
def make_browser():
    made = []

    def make(**options):
        made.append(Browser(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Site:
    """A page elsewhere that the gateway admits, and what stands behind the gateway."""

    def __init__(self, make_gateway, simulator, headers=None, admits=True):
        self.pages = PageServer(headers=headers)
        origin = self.pages.origin if admits else "https://another.example"
        self.gateway = make_gateway(simulator, access=[{"name": "web", "match": {"origin": [origin]}}])
        self.url = "http://{}:{}".format(*self.gateway.address)
        self.pages.files.update(webpage.files(self.url))

    @property
    def page_url(self):
        return self.pages.origin + "/"


@pytest.fixture
def make_site(make_gateway):
    made = []

    def make(simulator, **options):
        made.append(Site(make_gateway, simulator, **options))
        return made[-1]

    yield make
    for site in made:
        site.pages.close()


def received(directory):
    """What the stand-in received: the `context` of the start → its samples."""
    return {
        json.loads(start.read_text()).get("context"): sound.pcm(
            start.with_name(start.name.replace("-start.json", ".pcm")).read_bytes()
        )
        for start in directory.glob("*-start.json")
    }


def test_a_page_elsewhere_with_a_strict_policy_transcribes_the_microphone(make_browser, make_simulator, make_site):
    site = make_site(make_simulator("--transcripts", TRANSCRIPTS))
    site.pages.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' {site.url}; connect-src {site.url} {site.url.replace('http', 'ws')}"
    )
    page = make_browser(microphone=RECORDING).page(site.page_url)
    webpage.begin(page, "{ vad: { min_silence_ms: 600 } }")
    page.wait("heard.filter(({ kind }) => kind === 'final').length >= 3", "three finals", 40)
    last = webpage.stop(page)
    finals = webpage.heard(page, "final")
    assert [final["text"] for final in finals[:3]] == TEXTS
    assert last == finals[-1]
    assert webpage.heard(page, "partial"), "no words came while they were said"
    assert webpage.states(page) == ["live", "stopping", "ended"]
    # The times of transcripts are those of the captured audio.
    assert all(0 <= final["start"] < final["end"] for final in finals)
    assert not page.errors
    assert not [line for line in page.console if "favicon" not in line and "404" not in line]


@pytest.mark.parametrize("chunk", [20, 100])
def test_chunks_are_as_long_as_the_page_wants(make_browser, make_simulator, make_site, tmp_path, chunk):
    site = make_site(make_simulator("--record", tmp_path))
    page = make_browser(microphone=RECORDING).page(site.page_url)
    page.run("listeners.sent = (data) => (window.sizes ??= []).push(data.byteLength)")
    webpage.begin(page, f"{{ chunkMs: {chunk} }}")
    page.wait("window.sizes?.length > 10", "eleven messages")
    webpage.stop(page)
    sizes = page.run("sizes.filter(Boolean)")
    assert set(sizes[:-1]) == {chunk * 32}
    assert sizes[-1] <= chunk * 32
    assert sum(sizes) == sum(len(samples) * 2 for samples in received(tmp_path).values())


@pytest.mark.parametrize("rate", [16000, 44100, 48000, 96000])
def test_what_arrives_is_what_was_said_at_every_rate(make_browser, make_simulator, make_site, tmp_path, capsys, rate):
    site = make_site(make_simulator("--record", tmp_path))
    page = make_browser(microphone=RECORDING, once=True).page(site.page_url)
    listeners = "{ ...listeners, level: ({ time }) => (window.time = time) }"
    webpage.begin(page, f"{{ contextRate: {rate}, on: {listeners} }}")
    page.wait("window.time > 17", "the whole recording", 40)
    webpage.stop(page)
    site.gateway.ended_session("upstream_closed")
    heard, said = next(iter(received(tmp_path).values())), sound.recording(RECORDING)
    seconds = sound.seconds_compared(heard, said)
    delays = [delay for _, delay, _, _ in seconds]
    snr = sorted(snr for _, _, _, snr in seconds)
    with capsys.disabled():
        print(
            f"\n{rate} Hz: SNR median {snr[len(snr) // 2]:.1f} dB, least {snr[0]:.1f} dB in {len(snr)} s of speech,"
            f" delay {min(delays):+.3f} to {max(delays):+.3f} samples"
        )
    assert len(seconds) >= 9
    # Not a sample is missing, and none came twice.
    assert max(delays) - min(delays) < 0.1
    assert all(abs(gain - 1) < 0.02 for _, _, gain, _ in seconds)
    # What lies above 7 kHz is cut by the filter, and counts as noise here: hissing seconds have the least.
    assert snr[len(snr) // 2] > 35
    assert snr[0] > 20


SWEEP = """(() => {
  const rate = %d, level = (frequency) => {
    const { Resampler } = client, out = [];
    const input = Float32Array.from({ length: rate / 4 }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
    new Resampler(rate).process(input, (sample) => out.push(sample));
    const steady = out.slice(600, -600);
    return 10 * Math.log10((2 * steady.reduce((sum, sample) => sum + sample ** 2, 0)) / steady.length);
  };
  const pass = [], halt = [];
  for (let frequency = 40; frequency <= 7000; frequency += 120) pass.push(level(frequency));
  for (let frequency = 8000; frequency < rate / 2; frequency += 120) halt.push(level(frequency));
  const busy = new client.Resampler(rate), block = new Float32Array(128), begun = performance.now();
  for (let i = 0; i < 10 * rate; i += 128) busy.process(block, () => {});
  return [Math.min(...pass), Math.max(...pass), Math.max(...halt), (performance.now() - begun) / 10];
})()"""


def test_the_filter_is_flat_to_7_khz_and_70_db_down_from_8_khz(make_browser, make_simulator, make_site, capsys):
    site = make_site(make_simulator())
    page = make_browser().page(site.page_url)
    page.wait("window.client", "the client is loaded")
    for rate in (44100, 48000, 96000):
        least, most, rest, cost = page.run(SWEEP % rate, 60)
        with capsys.disabled():
            band = f"pass-band {least:+.4f} to {most:+.4f} dB, stop-band {rest:.1f} dB"
            print(f"\n{rate} Hz: {band}, {cost:.1f} ms of CPU for a second of sound")
        assert -0.05 < least <= most < 0.05
        assert rest < -70


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
    eventually(lambda: next(iter(received(tmp_path).values())).size > 24000, "1.5 s arrived")
    webpage.stop(page)
    assert page.run("track.readyState") == "live", "the page's own stream was stopped"
    samples = next(iter(received(tmp_path).values()))[8000:]
    assert samples.max() == 32767 and samples.min() == -32768
    # A sine of three times full scale rises by 0.24 of full scale in a sample; a wrap is a jump of 2.
    steps = abs(samples[1:] - samples[:-1])
    assert steps.max() < 9000


def test_an_iterable_is_a_source_and_its_end_is_the_end(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--record", tmp_path, "--transcripts", TRANSCRIPTS))
    site.pages.files["/speech.wav"] = RECORDING.read_bytes()
    page = make_browser().page(site.page_url)
    begin = """{
      source: (async function* () {
        const bytes = await (await fetch("/speech.wav")).arrayBuffer();
        const samples = new Int16Array(bytes, 44);
        // Odd sizes, one of them nothing, and faster than real time.
        for (let at = 0, size = 1; at < samples.length; at += size, size = (size * 7) % 5003) {
          yield samples.slice(at, at + size);
        }
        yield new Int16Array(0);
      })() }"""
    webpage.begin(page, begin)
    assert page.run("t.done", 40)["text"] == TEXTS[-1]
    assert [final["text"] for final in webpage.heard(page, "final")] == TEXTS
    said = sound.recording(RECORDING).tolist()
    eventually(lambda: next(iter(received(tmp_path).values())).tolist() == said, "every sample arrives")


def test_words_that_are_said_before_ready_are_not_lost(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--ready-latency", "3s", "--record", tmp_path))
    page = make_browser(microphone=RECORDING, once=True).page(site.page_url)
    webpage.begin(page, "{ on: { ...listeners, level: ({ time }) => (window.time = time) } }")
    assert page.run("time") > 2, "audio was not taken while the service got ready"
    page.wait("window.time > 8", "more of the recording", 40)
    webpage.stop(page)
    site.gateway.ended_session("upstream_closed")
    seconds = sound.seconds_compared(next(iter(received(tmp_path).values())), sound.recording(RECORDING))
    assert [second for second, _, _, _ in seconds][:2] == [1, 2], "the first sentence was not sent"
    delays = [delay for _, delay, _, _ in seconds]
    assert max(delays) - min(delays) < 0.1


def test_nothing_goes_on_after_the_end(make_browser, make_simulator, make_site):
    """Tracks, contexts, sockets and timers, counted by what the browser has of them."""
    site = make_site(make_simulator())
    page = make_browser(microphone=RECORDING).page("about:blank")
    page.call("Page.addScriptToEvaluateOnNewDocument", source=COUNTERS)
    page.open(site.page_url)

    def session():
        webpage.begin(page, "{ on: { ...listeners, state: ({ state }) => (window.last = state) } }")
        page.wait("sockets[0]?.bufferedAmount === 0 && t.state === 'live'", "audio goes")
        webpage.stop(page)
        page.wait("last === 'ended'", "the end")
        page.run("heard.length = sockets.length = 0, delete window.t")

    session()
    first = page.heap()
    for _ in range(12):
        session()
    assert page.run("tracks.filter((track) => track.readyState === 'live').length") == 0
    assert page.run("contexts.filter((context) => context.state !== 'closed').length") == 0
    assert page.run("[...timers].length") == 0
    assert page.run("tracks.length") == 13
    page.run("tracks.length = contexts.length = 0")
    grown = page.heap() - first
    assert grown < 300_000, f"the heap grew by {grown} bytes in 12 sessions"


COUNTERS = """
window.tracks = []; window.contexts = []; window.sockets = []; window.timers = new Set();
const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
mediaDevices.getUserMedia = async (wish) => { const s = await ask(wish); tracks.push(...s.getTracks()); return s; };
window.AudioContext = class extends AudioContext { constructor(o) { super(o); contexts.push(this); } };
window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); sockets.push(this); } };
const [set, clear] = [setTimeout, clearTimeout];
window.setTimeout = (act, ms, ...rest) => {
  const id = set(() => { timers.delete(id); act(...rest); }, ms);
  timers.add(id);
  return id;
};
window.clearTimeout = (id) => { timers.delete(id); clear(id); };
"""


def test_muted_is_silence_and_the_session_stays(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--record", tmp_path))
    page = make_browser(microphone=RECORDING).page(site.page_url)
    webpage.begin(page, "{ on: { ...listeners, level: ({ peak }) => (window.peak = peak) } }")
    page.wait("window.peak > 0.01", "sound")
    page.run("t.muted = true")
    page.wait("window.peak === 0", "silence")
    before = next(iter(received(tmp_path).values())).size
    eventually(lambda: next(iter(received(tmp_path).values())).size > before + 16000, "a second of silence arrives")
    page.run("t.muted = false")
    page.wait("window.peak > 0.001", "sound again")
    webpage.stop(page)
    samples = next(iter(received(tmp_path).values()))
    silent = max(len(run) for run in "".join("0" if value == 0 else "1" for value in samples).split("1"))
    assert silent > 16000
    assert webpage.states(page) == ["live", "stopping", "ended"]


def test_an_abort_ends_everything_at_once(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = make_browser(microphone=RECORDING).page(site.page_url)
    webpage.begin(page, "{ signal: (window.controller = new AbortController()).signal }")
    page.run("controller.abort()")
    assert page.run("failure(t.done)")["message"]
    assert webpage.states(page)[-1] == "failed"
    page.run("window.early = AbortSignal.abort()")
    assert page.run("failure(begin({ signal: early }))") is not None
    site.gateway.ended_session("client_closed")


def test_errors_say_what_to_do(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    denied = make_browser(allow_microphone=False).page(site.page_url)
    denied.wait("Boolean(window.begin)", "the page's script has run")
    error = denied.run("failure(begin({}))")
    assert (error["code"], error["retryable"]) == ("microphone_denied", False)
    assert "Allow it" in error["message"]

    foreign = make_site(make_simulator(), admits=False)
    page = make_browser().page(foreign.page_url)
    page.wait("Boolean(window.begin)", "the page's script has run")
    error = page.run("failure(begin({}))")
    assert error["code"] == "origin_refused"
    assert foreign.pages.origin in error["message"]

    error = page.run("failure(begin({ url: 'http://127.0.0.1:1', retries: 0 }))")
    assert (error["code"], error["retryable"]) == ("unreachable", True)
    assert "127.0.0.1:1 cannot be reached" in error["message"]



