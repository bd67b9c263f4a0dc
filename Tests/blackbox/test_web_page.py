"""The demo page in a real browser: what it shows, in every state, to everybody."""

import json
import os
import pathlib
import subprocess

import pytest
from support import browser, relay
from support.browser import Browser
from support.programs import RECORDING, ROOT, TRANSCRIPTS, Gateway, Sdk, program
from support.settings import settings

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]
TEXTS = [entry["text"] for entry in json.loads(TRANSCRIPTS.read_text())["utterances"]]
#: For people to look at; nothing reads them.
SCREENSHOTS = pathlib.Path(os.environ.get("SCREENSHOTS", ROOT / ".build/screenshots"))
POLICIES = {"default": {"vad": {"min_silence_ms": {"min": 300, "max": 2000}, "threshold": {"min": 0.2, "max": 0.8}}}}
FINALS = "[...document.querySelectorAll('#finals li > span')].map((line) => line.firstChild.textContent)"
STATE = "document.querySelector('#status').dataset.state"


class Demo:
    """The page, from a gateway behind a relay, so that its origin is known before the gateway starts."""

    def __init__(self, simulator, directory, changes):
        self.relay = relay.Relay()
        name = changes.pop("name", "127.0.0.1")
        self.origin = "http://{}:{}".format(name, self.relay.address[1])
        listener = {"name": "public", "address": "127.0.0.1:0", "demo_page": True, "hosts": ["gateway.test"]}
        value = settings(
            directory,
            simulator.token_url,
            simulator.stream_url,
            listeners=[listener],
            access=[
                {"name": "page", "match": {"origin": [changes.pop("admits", self.origin)]}},
                {"name": "programs", "match": {"address": ["loopback"]}},
            ],
            policies=changes.pop("policies", POLICIES),
        )
        self.gateway = Gateway(directory, value)
        self.relay.target = self.gateway.address
        self.browsers = []

    def open(self, query="", browser_options=None, **options):
        self.browsers.append(Browser(**{"microphone": RECORDING, **(browser_options or {})}))
        page = self.browsers[-1].page(f"{self.origin}/{query}", **options)
        page.wait("document.querySelector('#code-text').textContent", "the page's script has run")
        return page

    def close(self):
        for one in self.browsers:
            one.close()
        self.relay.close()
        self.gateway.destroy()


@pytest.fixture
def make_demo(make_simulator, tmp_path):
    made = []

    def make(*arguments, **changes):
        made.append(Demo(make_simulator(*(arguments or ("--transcripts", TRANSCRIPTS))), tmp_path, changes))
        return made[-1]

    yield make
    for demo in made:
        demo.close()


def settled(page):
    """Lets fonts, transitions and the policy's answer arrive before a picture is taken."""
    finite = "document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity)"
    page.run(f"Promise.all([document.fonts.ready, ...{finite}.map((one) => one.finished.catch(() => 0))])")


def picture(page, name, whole=False):
    settled(page)
    page.screenshot(SCREENSHOTS / f"{name}.png", whole)


def clean(page):
    """No exception, and nothing that the Content-Security-Policy refused."""
    assert not page.errors
    assert not [line for line in page.console if "Content Security Policy" in line or "Refused" in line]


def test_speech_becomes_text_while_it_is_said(make_demo):
    page = make_demo().open()
    page.wait("document.querySelector('#policy').value", "the policy bounds the sliders")
    assert page.run("document.querySelector('#setting-min_silence_ms').min") == "300"
    picture(page, "idle", whole=True)
    page.click("[data-preset=dictation]")
    page.click("#start")
    page.wait(f"{STATE} === 'live'", "live")
    page.wait("document.querySelector('#partial').textContent", "words before the end of the sentence")
    third = f"{FINALS}.length === 2 && document.querySelector('#partial').textContent.includes('have')"
    page.wait(third, "the third sentence has begun", 30)
    picture(page, "live")
    picture(page, "live-whole", whole=True)
    page.scheme(True)
    picture(page, "live-dark", whole=True)
    page.scheme(False)
    page.wait(f"{FINALS}.length === 3", "three finals", 20)
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end")
    assert page.run(FINALS) == TEXTS
    assert page.run("document.querySelector('#engine').textContent").endswith("the texts of a known recording")
    figures = page.run("[...document.querySelectorAll('.figures dd')].map((one) => one.textContent)")
    assert figures[3] == "3" and all(figure not in ("–", "0 KB") for figure in figures)
    assert "min_silence_ms=800" in page.run("location.search")
    assert page.run("document.querySelector('#messages').textContent").count("final_transcript") == 3
    clean(page)


def test_the_shipped_recording_plays_and_is_transcribed_on_a_phone(make_demo):
    page = make_demo().open("?source=recording&min_silence_ms=600", width=390, height=844, phone=True)
    page.click("#start")
    page.wait(f"{FINALS}.length >= 1 && document.querySelector('#partial').textContent", "words", 20)
    picture(page, "phone")
    picture(page, "phone-whole", whole=True)
    page.scheme(True)
    picture(page, "phone-dark")
    # The recording's end is the end.
    page.wait(f"{STATE} === 'ended'", "the end", 40)
    assert page.run(FINALS) == TEXTS
    for width in (390, 320):
        page.size(width, 800, True)
        assert page.run("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width}"
    clean(page)


def test_a_file_that_is_dropped_on_the_page_is_transcribed(make_demo, tmp_path):
    page = make_demo().open("?min_silence_ms=600")
    other = tmp_path / "notes.txt"
    other.write_text("no sound")
    page.drop(other)
    page.click("#start")
    page.wait("!document.querySelector('#notice').hidden", "a notice")
    assert "cannot decode" in page.run("document.querySelector('#notice').innerText")
    picture(page, "not-audio")
    page.drop(RECORDING)
    page.wait("document.querySelector('#file-name').textContent === 'speech.wav'", "the file's name")
    assert page.run("document.querySelector('[name=source]:checked').value") == "file"
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end of the file", 40)
    assert page.run(FINALS) == TEXTS
    clean(page)


def test_what_the_policy_bends_is_marked(make_demo):
    page = make_demo().open("?min_silence_ms=100&threshold=0.95")
    page.wait("document.querySelector('#policy').value", "the policy bounds the sliders")
    mark = "document.querySelector('#setting-%s-mark').textContent"
    assert "Outside the policy, from 300 to 2000" in page.run(mark % "min_silence_ms")
    page.click("#start")
    page.wait(f"{mark % 'min_silence_ms'}.startsWith('Clamped')", "the mark")
    assert "100 ms → 300 ms" in page.run(mark % "min_silence_ms")
    assert "0.95 → 0.8" in page.run(mark % "threshold")
    assert page.run("document.querySelector('#speech').style.getPropertyValue('--threshold')") == "0.8"
    picture(page, "clamped")
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end")
    clean(page)


def test_the_preset_buttons_are_the_presets_of_policies(make_demo):
    buttons = make_demo().open().run("import('/gateway/page/settings.js').then(({ PRESETS }) => PRESETS)")
    for name in ("dictation", "noisy", "aggressive"):
        command = [program("fennec-gateway", "FENNEC_GATEWAY"), "policy", "show", name, "--json"]
        shown = subprocess.check_output([*command, "--config", ROOT / "config/presets.yaml"])
        fields = json.loads(shown)["fields"]
        defaults = {
            field.removeprefix("vad."): limit["default"]
            for field, limit in fields.items()
            if field.startswith("vad.") and "default" in limit
        }
        defaults.pop("debug", None)
        assert buttons[name] == defaults


def test_a_blocked_microphone_says_how_to_allow_it(make_demo):
    page = make_demo().open(browser_options={"allow_microphone": False})
    page.click("#start")
    page.wait("!document.querySelector('#notice').hidden", "a notice")
    assert page.run("document.querySelector('#notice').innerText").startswith("The microphone is blocked")
    picture(page, "microphone-blocked")
    # The way out works without a microphone.
    page.click("#notice-recording")
    page.wait(f"{FINALS}.length", "words of the recording", 20)
    clean(page)


def test_an_insecure_page_says_the_cure(make_demo):
    rules = ["--host-resolver-rules=MAP gateway.test 127.0.0.1"]
    page = make_demo(name="gateway.test").open(browser_options={"arguments": rules})
    page.wait("!document.querySelector('#notice').hidden", "a notice")
    words = page.run("document.querySelector('#notice').innerText")
    assert "http://localhost:" in words and "certificate" in words
    picture(page, "insecure")
    clean(page)


def test_a_refusal_shows_what_the_gateway_says(make_demo):
    policies = {"default": {"on_violation": "reject", "vad": {"min_silence_ms": {"min": 300}}}}
    page = make_demo(policies=policies).open("?min_silence_ms=100")
    page.click("#start")
    page.wait("!document.querySelector('#notice').hidden", "a notice")
    words = page.run("document.querySelector('#notice').innerText")
    assert "min_silence_ms" in words and "policy_start_refused" in words
    picture(page, "refused")
    clean(page)


def test_a_page_that_is_not_admitted_shows_why(make_demo):
    page = make_demo(admits="https://another.example").open()
    page.click("#start")
    page.wait("!document.querySelector('#notice').hidden", "a notice")
    words = page.run("document.querySelector('#notice').innerText")
    assert "The gateway refused" in words and "origin_refused" in words
    clean(page)


def test_a_lost_connection_is_shown_until_it_is_back(make_demo):
    demo = make_demo()
    page = demo.open()
    page.click("#start")
    page.wait(f"{STATE} === 'live'", "live")
    page.wait("document.querySelector('#partial').textContent", "words", 20)
    demo.relay.open = False
    demo.relay.cut()
    page.wait(f"{STATE} === 'reconnecting'", "reconnecting")
    picture(page, "reconnecting")
    demo.relay.open = True
    page.wait(f"{STATE} === 'live'", "back", 30)
    assert page.run("document.querySelector('#notice').hidden")
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end", 30)
    clean(page)


# MARK: For everybody

CONTRAST = """(() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const linear = (value) => (value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (element) => {
    const colour = element ? parse(getComputedStyle(element).backgroundColor) : [255, 255, 255, 1];
    return colour[3] === 1 ? colour : ground(element.parentElement);
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim());
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!text.join("") || box.width <= 1 || element.matches(":disabled, .skip")) continue;
    const [a, b] = [light(parse(style.color)), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    found.push({ text: text.join(" ").slice(0, 40), ratio: (a + 0.05) / (b + 0.05), least: large ? 3 : 4.5 });
  }
  return found;
})()"""

ORDER = [
    "skip", "source", "device", "start", "copy-text", "clear", "reset", "policy", "dictation", "noisy", "aggressive",
    "setting-threshold", "setting-min_silence_ms", "setting-speech_pad_ms", "setting-start_trigger_ms", "more",
    "show-vad", "clear-messages", "messages", "copy-code", "tab-javascript", "code",
    "client.js", "client.d.ts", "policy",
]  # fmt: skip


def test_text_stands_out_in_both_schemes(make_demo, capsys):
    page = make_demo().open("?min_silence_ms=100&threshold=0.5")
    page.run("document.querySelector('#start').click()")
    page.wait(f"{FINALS}.length", "words to look at", 20)
    for dark in (False, True):
        page.scheme(dark)
        settled(page)
        found = page.run(CONTRAST)
        least = min(found, key=lambda one: one["ratio"])
        with capsys.disabled():
            scheme = "dark" if dark else "light"
            print(f"\n{scheme}: {len(found)} texts, least contrast {least['ratio']:.2f}: {least['text']}")
        assert len(found) > 50
        assert not [one for one in found if one["ratio"] < one["least"]]


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(make_demo):
    page = make_demo().open()
    page.wait("document.querySelector('#policy').value", "the policy bounds the sliders")
    seen = []
    for _ in range(40):
        page.key("Tab")
        name = page.run(
            "(({ activeElement: e }) => e === document.body ? '' : e.id || e.dataset.preset || e.name || e.className ||"
            " e.parentElement.className || e.getAttribute('href')?.split('/').pop())(document)"
        )
        if not name:
            break
        seen.append(name)
        shown = "(e.matches('[name=source]') ? e.nextSibling : e)"
        outlined = f"(({{ activeElement: e }}) => getComputedStyle{shown}.outlineStyle !== 'none')(document)"
        assert page.run(outlined), f"{name} does not show that it has the focus"
    assert seen == ORDER
    # And what it reaches works: the recording, started and stopped without a mouse.
    page.run("document.querySelector('[name=source]').focus()")
    page.key("ArrowRight")
    page.run("document.querySelector('#start').focus()")
    page.key("Enter")
    page.wait(f"{STATE} === 'live'", "live")
    page.key(" ")
    page.wait(f"{STATE} === 'ended'", "the end")
    clean(page)


def test_every_control_has_a_name_and_a_role(make_demo):
    page = make_demo().open()
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    controls = {"button", "slider", "radio", "tab", "checkbox", "combobox", "meter", "link", "image", "log", "textbox"}
    found = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in controls
    ]
    assert len(found) > 25
    assert not [one for one in found if not one[1].strip()]
    assert page.run("document.documentElement.lang") == "en"
    assert page.run("document.querySelectorAll('h1').length") == 1


def test_the_python_that_one_can_copy_runs(make_demo, tmp_path):
    if not Sdk.python.exists():
        pytest.skip("the SDK's environment is not there; run Tests/blackbox/setup.sh")
    demo = make_demo()
    page = demo.open("?min_silence_ms=600")
    page.click("#tab-python")
    copied = tmp_path / "copied.py"
    copied.write_text(page.run("document.querySelector('#code-text').textContent"))
    (tmp_path / "speech.pcm").write_bytes(RECORDING.read_bytes()[44:])
    command = [Sdk.python, "-W", "ignore", copied]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == TEXTS, done.stderr
