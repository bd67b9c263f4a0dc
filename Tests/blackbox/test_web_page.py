"""The demo page in a real browser: what it shows, in every state."""

import json
import shutil
import subprocess

import pytest
from support import browser
from support.demopage import FINALS, STATE, TEXTS, clean, picture
from support.programs import RECORDING, ROOT, program

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]


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


@pytest.mark.skipif(not shutil.which("pocketsphinx_continuous"), reason="pocketsphinx is not installed")
def test_a_real_recogniser_writes_what_it_hears_and_the_page_names_it(make_demo):
    command = "pocketsphinx_continuous -logfn /dev/null -infile"
    page = make_demo("--recognizer-command", command).open("?source=recording&min_silence_ms=600")
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end of the recording", 90)
    heard = " ".join(page.run(FINALS)).split()
    said = " ".join(TEXTS).split()
    # It makes mistakes; a program that only describes what it hears would have hardly any of these words.
    assert len([word for word in said if word in heard]) > len(said) / 3, heard
    assert "pocketsphinx_continuous" in page.run("document.querySelector('#engine').textContent")
    picture(page, "recogniser")


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


def test_settings_keep_to_the_policy_that_is_chosen(make_demo):
    vad = {"threshold": {"min": 0.2, "max": 0.8}, "speech_pad_ms": 250, "start_trigger_ms": "deny"}
    strict = {"extends": "default", "vad": {"threshold": {"min": 0.4, "max": 0.6}}}
    policies = {"default": {"vad": vad}, "strict": strict}
    page = make_demo(policies=policies, rule={"policy": "default", "policies": ["strict"]}).open()
    page.wait("document.querySelector('#policy').value", "the policy bounds the sliders")
    slider, mark = "document.querySelector('#setting-{}')", "document.querySelector('#setting-{}-mark').textContent"
    assert page.run(f"{slider.format('speech_pad_ms')}.disabled && {slider.format('speech_pad_ms')}.value") == "250"
    assert page.run(mark.format("speech_pad_ms")) == "Fixed by the policy"
    assert page.run(mark.format("start_trigger_ms")) == "Not allowed by the policy"
    page.run("document.querySelector('#setting-threshold').focus()")
    page.key("ArrowRight")
    assert "threshold=0.51" in page.run("location.search")
    page.run("(({ policy }) => { policy.value = 'strict'; policy.dispatchEvent(new Event('change')); })(window)")
    page.wait(f"{slider.format('threshold')}.min === '0.4' && {slider.format('threshold')}.max === '0.6'", "its limits")
    picture(page, "fixed", whole=True)
    assert "policy=strict" in page.run("location.search")
    assert 'policy: "strict"' in page.run("document.querySelector('#code-text').textContent")
    page.click("#start")
    page.wait("document.querySelector('#messages').textContent.includes('gateway.policy')", "the gateway's event")
    assert '"policy":"strict"' in page.run("document.querySelector('#messages').textContent")
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end")
    # The address brings all of it back.
    page.open(page.run("location.href"))
    page.wait("document.querySelector('#policy').value === 'strict'", "the policy of the address")
    assert page.run(f"{slider.format('threshold')}.value") == "0.51"
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


def test_a_machine_without_a_microphone_says_so(make_demo):
    page = make_demo().open(browser_options={"microphone": None, "devices": False})
    page.click("#start")
    page.wait("!document.querySelector('#notice').hidden", "a notice")
    words = page.run("document.querySelector('#notice').innerText")
    assert words.startswith("No microphone found") and "no_microphone" in words
    assert page.run("document.querySelector('#notice-recording').checkVisibility()")
    picture(page, "no-microphone")
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
    page.wait("document.querySelector('#policy').value", "the policy bounds the sliders")
    assert page.run("document.querySelector('#setting-min_silence_ms-mark').textContent").endswith("will refuse it")
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
    picture(page, "not-admitted")
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
    # What was being said comes all the same; how late it is tells nothing of the service.
    page.wait("document.querySelector('#finals .late')?.textContent === 'after reconnecting'", "the cut sentence", 20)
    picture(page, "reconnected")
    page.click("#start")
    page.wait(f"{STATE} === 'ended'", "the end", 30)
    clean(page)
