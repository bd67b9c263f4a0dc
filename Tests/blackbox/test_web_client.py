"""The browser client in a real browser: a microphone that plays a recording, the gateway, and the stand-in."""

import json

import pytest
from support import browser, sound, webpage
from support.programs import RECORDING, TRANSCRIPTS
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]
TEXTS = [entry["text"] for entry in json.loads(TRANSCRIPTS.read_text())["utterances"]]


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
def test_chunks_are_as_long_as_the_page_wants(make_browser, make_simulator, make_site, tmp_path, capsys, chunk):
    site = make_site(make_simulator("--record", tmp_path))
    page = make_browser(microphone=RECORDING).page(site.page_url)
    page.run("listeners.sent = (data) => (window.sizes ??= []).push(data.byteLength)")
    webpage.begin(page, f"{{ chunkMs: {chunk} }}")
    page.wait("window.sizes?.length > 10", "eleven messages")
    webpage.stop(page)
    sizes = page.run("sizes.filter(Boolean)")
    with capsys.disabled():
        # Two bytes, the length in two more, and the mask (RFC 6455 section 5.2).
        print(f"\n{chunk} ms: {chunk * 32 + 8} bytes a message on the wire, {8 / (chunk * 32):.1%} of it framing")
    assert set(sizes[:-1]) == {chunk * 32}
    assert sizes[-1] <= chunk * 32
    assert sum(sizes) == sum(len(samples) * 2 for samples in webpage.received(tmp_path).values())


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
    eventually(lambda: next(iter(webpage.received(tmp_path).values())).tolist() == said, "every sample arrives")


def test_nothing_goes_on_after_the_end(make_browser, make_simulator, make_site, capsys):
    """Tracks, contexts, sockets and timers, counted by what the browser has of them, whatever the end was."""
    site = make_site(make_simulator())
    page = webpage.open_counted(make_browser(microphone=RECORDING), site.page_url)
    page.wait("Boolean(window.begin)", "the page's script has run")
    page.run("listeners.state = ({ state }) => (window.last = state)")

    def session(end):
        webpage.begin(page, "{ signal: (window.controller = new AbortController()).signal }")
        page.wait("sockets[0]?.bufferedAmount === 0 && t.state === 'live'", "audio goes")
        page.run(end)
        page.wait("['ended', 'failed'].includes(last)", "the end")
        page.run("heard.length = sockets.length = 0, delete window.t, delete window.controller")

    ends = ["t.stop().then(() => 0)", "t.close()", "controller.abort()"]
    for end in ends:
        session(end)
    first = page.heap()
    for end in ends * 4:
        session(end)
    assert page.run("tracks.filter((track) => track.readyState === 'live').length") == 0
    assert page.run("contexts.filter((context) => context.state !== 'closed').length") == 0
    assert page.run("[...timers].length") == 0
    assert page.run("tracks.length") == 15
    page.run("tracks.length = contexts.length = 0")
    grown = page.heap() - first
    with capsys.disabled():
        print(f"\nafter 12 sessions: no live track, context or timer; the heap grew by {grown} bytes")
    assert grown < 300_000


def test_muted_is_silence_and_the_session_stays(make_browser, make_simulator, make_site, tmp_path):
    site = make_site(make_simulator("--record", tmp_path))
    page = make_browser(microphone=RECORDING).page(site.page_url)
    webpage.begin(page, "{ on: { ...listeners, level: ({ peak }) => (window.peak = peak) } }")
    page.wait("window.peak > 0.01", "sound")
    page.run("t.muted = true")
    page.wait("window.peak === 0", "silence")

    def arrived():
        return next(iter(webpage.received(tmp_path).values())).size

    before = arrived()
    eventually(lambda: arrived() > before + 16000, "a second of silence arrives")
    page.run("t.muted = false")
    page.wait("window.peak > 0.001", "sound again")
    webpage.stop(page)
    samples = next(iter(webpage.received(tmp_path).values()))
    silent = max(len(run) for run in "".join("0" if value == 0 else "1" for value in samples).split("1"))
    assert silent >= 12000
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
