"""The browser client and a connection that breaks: what is said arrives all the same."""

import collections
import sys

import pytest
from support import browser, sound, webpage
from support.browser import Browser
from support.pages import PageServer
from support.programs import RECORDING, ROOT, Gateway
from support.relay import Relay
from support.settings import settings
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(240),
]
RECOGNISER = f"{sys.executable} {ROOT}/Tests/blackbox/clients/place_recogniser.py {RECORDING}"
BLOCK = sound.RATE // 5


class Road:
    """A browser, a relay that can be cut, a gateway that can be replaced, and a stand-in that tells what it heard."""

    def __init__(self, simulator, directory):
        self.simulator, self.directory = simulator, directory
        self.pages = PageServer()
        self.relay = Relay()
        self.gateway = None
        self.start_gateway()
        self.pages.files.update(webpage.files(self.relay.origin))
        self.browser = Browser(microphone=RECORDING)
        self.page = self.browser.page(self.pages.origin + "/")

    def start_gateway(self):
        access = [{"name": "web", "match": {"origin": [self.pages.origin]}}]
        simulator = self.simulator
        self.gateway = Gateway(
            self.directory, settings(self.directory, simulator.token_url, simulator.stream_url, access=access)
        )
        self.relay.target = self.gateway.address

    def restart_gateway(self, politely):
        if politely:
            self.gateway.terminate()
        else:
            self.gateway.destroy()
        self.relay.cut()
        self.start_gateway()

    def close(self):
        self.browser.close()
        self.relay.close()
        self.gateway.destroy()
        self.pages.close()


@pytest.fixture
def make_road(make_simulator, tmp_path):
    made = []

    def make(*arguments):
        made.append(Road(make_simulator(*arguments), tmp_path))
        return made[-1]

    yield make
    for road in made:
        road.close()


def loud_blocks():
    """The fifths of a second of the recording in which something is clearly said."""
    samples = sound.recording(RECORDING)
    return {
        number
        for number in range(len(samples) // BLOCK)
        if sound.numpy.std(samples[number * BLOCK : (number + 1) * BLOCK]) > 400
    }


def check_the_words(texts, loops):
    """No word of the recording, which was played over and over, is missing; which utterances came again in part.

    The words are numbers of places in it: each utterance goes on where the last one ended, or repeats some of it.
    """
    loud, blocks = loud_blocks(), len(sound.recording(RECORDING)) // BLOCK + 1
    heard, last, repeated = set(), None, []
    for number, text in enumerate(texts):
        places = [int(word[1:]) for word in text.split()]
        # The loop number that brings this utterance nearest to where the last one ended.
        base = 0 if last is None else max(0, round((last - places[0]) / blocks)) * blocks
        unrolled = [base + (place - places[0]) % blocks + places[0] for place in places]
        if last is not None and unrolled[0] < last - 1:
            repeated.append(number)
        heard.update(unrolled)
        last = max(unrolled[-1], last or 0)
    first = min(heard)
    lost = [place for place in range(first, last) if place % blocks in loud and place not in heard]
    assert not lost, f"lost {lost} of {first} to {last}; heard {texts}"
    assert last - first > loops * blocks
    return repeated


def test_ten_cuts_mid_speech_lose_no_word_and_repeat_at_most_one_utterance_each(make_road, capsys):
    road = make_road("--recognizer-command", RECOGNISER, "--partials-every", "off")
    page = road.page
    # More is kept than usual: cuts so close together may leave no time for any final.
    page.wait("Boolean(window.begin)", "the page's script has run")
    page.run("listeners.level = ({ time }) => (window.time = time)")
    webpage.begin(page, "{ vad: { min_silence_ms: 400 }, keepSeconds: 120 }")
    restarts = [lambda: road.restart_gateway(politely=True), lambda: road.restart_gateway(politely=False)]
    cuts = [road.relay.cut] * 7 + restarts + [road.relay.cut]
    for number, cut in enumerate(cuts):
        ready = len(webpage.heard(page, "ready"))
        # In the middle of an utterance: voice was found, and its final has not come.
        page.wait(
            "(() => { const v = heard.findLast(({ kind, event }) => kind === 'message' && event.type === 'utterance');"
            " return v?.event.phase === 'start' && performance.now() - v.at > 500; })()",
            f"speech before cut {number}",
            30,
        )
        page.run("heard.push({ kind: 'cut', at: performance.now(), event: {} })")
        cut()
        page.wait(f"heard.filter(({{ kind }}) => kind === 'ready').length > {ready}", f"back after cut {number}", 30)
    page.wait("window.time > 36", "the recording twice", 60)
    webpage.stop(page)
    told = page.run(
        "heard.filter(({ kind }) => ['cut', 'final'].includes(kind)).map(({ event }) => event.text ?? null)"
    )
    texts = [text for text in told if text is not None]
    repeated = check_the_words(texts, 1)
    cuts_before = [told[:at].count(None) for at, text in enumerate(told) if text is not None]
    after = collections.Counter(cuts_before[number] for number in repeated)
    with capsys.disabled():
        print(f"\n{len(texts)} finals across 10 cuts, {len(repeated)} of them repeated something")
    assert told.count(None) == 10
    assert all(cut > 0 and count <= 1 for cut, count in after.items()), f"repeated after each cut: {dict(after)}"
    assert webpage.states(page).count("reconnecting") >= 10
    assert not webpage.heard(page, "error")
    assert [event for event in webpage.heard(page, "warning") if event["code"] == "audio_lost"] == []


def test_a_cut_after_eos_is_made_up_for(make_road):
    road = make_road("--recognizer-command", RECOGNISER, "--partials-every", "off", "--final-latency", "1s")
    page = road.page
    webpage.begin(page)
    page.wait("heard.some(({ event }) => event.phase === 'end')", "an utterance", 30)
    page.run("t.stop().then((last) => (window.last = last)), 0")
    page.wait("heard.some(({ kind, event }) => kind === 'sent' && event.type === 'eos')", "eos")
    road.relay.cut()
    page.wait("t.state === 'ended'", "the end", 30)
    assert page.run("last")["text"].startswith("w")
    assert webpage.states(page)[-1] == "ended"


def test_a_gateway_that_stays_away_is_given_up_in_the_end(make_road):
    road = make_road()
    page = road.page
    webpage.begin(page, "{ retries: 2 }")
    road.relay.open = False
    road.relay.cut()
    error = page.run("failure(t.done)", 40)
    assert (error["code"], error["retryable"]) == ("unreachable", True)
    states = webpage.states(page)
    assert states.count("reconnecting") == 2 and states[-1] == "failed"
    # Full jitter below a doubling bound: 500 ms, then 1 s.
    waits = [event["waitMs"] for event in webpage.heard(page, "state") if event["state"] == "reconnecting"]
    assert all(0 <= wait <= bound for wait, bound in zip(waits, (500, 1000), strict=True))


def test_a_fixed_ticket_works_once_and_a_fetched_one_each_time(make_road):
    road = make_road()
    page = road.page
    page.wait("Boolean(window.begin)", "the page's script has run")
    url = f"{road.relay.origin}/api/v1/transcribe/streaming-token"
    ticket = f"(async () => (await fetch('{url}', {{ method: 'POST' }})).json())"
    page.run(f"{ticket}().then(({{ token }}) => begin({{ ticket: token }}))")
    road.relay.cut()
    error = page.run("failure(t.done)", 40)
    assert (error["code"], error["retryable"]) == ("ticket_used", False)

    page.run(f"window.asked = 0, heard.length = 0, begin({{ getTicket: () => (asked++, {ticket}()) }})")
    road.relay.cut()
    page.wait("heard.filter(({ kind }) => kind === 'ready').length === 2", "back with another ticket")
    assert page.run("asked") >= 2
    webpage.stop(page)
    # Tickets travel as a subprotocol, never in an address that is logged somewhere.
    assert not [url for url in page.requests if "streaming_token" in url or "fgt_" in url]


def test_an_end_that_says_do_not_come_back_is_obeyed(make_road):
    road = make_road()
    page = road.page
    page.wait("Boolean(window.begin)", "the page's script has run")
    error = page.run("failure(begin({ start: { sample_rate: 'high' } }))")
    assert (error["code"], error["retryable"]) == ("policy_start_refused", False)
    assert "sample_rate" in error["message"]
    assert "reconnecting" not in webpage.states(page)


def test_a_sleeping_tab_gives_its_session_back_and_comes_again_with_sound(make_road):
    road = make_road("--recognizer-command", RECOGNISER, "--partials-every", "off")
    page = road.page
    webpage.begin(page)
    page.run("document.dispatchEvent(new Event('freeze'))")
    # The microphone of this test never sleeps: the next chunk of it opens another session.
    page.wait("heard.filter(({ kind }) => kind === 'ready').length === 2", "another session")
    (record,) = eventually(road.gateway.session_log_lines, "the first session ended")
    assert record["close_code"] == 1000
    page.wait("heard.some(({ kind }) => kind === 'final')", "words", 30)
    webpage.stop(page)
    assert "reconnecting" not in webpage.states(page)
    assert not webpage.heard(page, "error")
