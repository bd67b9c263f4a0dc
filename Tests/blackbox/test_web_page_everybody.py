"""The demo page for everybody: seen, reached by keyboard, named; and the programs that one can copy from it."""

import json
import shutil
import subprocess

import pytest
from support import browser
from support.demopage import FINALS, STATE, TEXTS, clean, settled
from support.pages import PageServer
from support.programs import RECORDING, Sdk, program

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]


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


#: What is no text but must be seen too: outlines of controls, the focus, meters, marks, each on what it lies on.
SHAPES = """(() => {
  const style = getComputedStyle(document.documentElement), at = (name) => style.getPropertyValue(`--${name}`).trim();
  const light = (colour) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255);
    const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  return [["line-strong", "surface"], ["line-strong", "sunken"], ["accent", "ground"], ["accent", "surface"],
    ["accent", "sunken"], ["accent", "accent-wash"], ["good", "sunken"], ["good", "accent-wash"], ["bad", "sunken"],
    ["bad", "bad-wash"], ["warn", "warn-wash"], ["ink", "sunken"], ["surface", "accent"], ["ink", "surface"]]
    .map(([a, b]) => {
      const [x, y] = [light(at(a)), light(at(b))].sort((one, other) => other - one);
      return [`${a} on ${b}`, (x + 0.05) / (y + 0.05)];
    });
})()"""


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
        shapes = page.run(SHAPES)
        with capsys.disabled():
            print("shapes: least contrast {1:.2f}, {0}".format(*min(shapes, key=lambda one: one[1])))
        assert not [one for one in shapes if one[1] < 3]
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


def test_the_javascript_that_one_can_copy_runs(make_demo):
    pages = PageServer()
    try:
        page = make_demo(others=[pages.origin]).open("?min_silence_ms=600&threshold=0.4")
        page.click("#tab-javascript")
        copied = page.run("document.querySelector('#code-text').textContent")
        page.click("#copy-code")
        page.wait("document.querySelector('#copy-code').textContent === 'Copied'", "it is on the clipboard")
        # Its last line ends it; a page would do that on a click.
        pages.files["/page.js"] = copied.replace("await t.stop();", "window.t = t;")
        pages.files["/"] = '<!doctype html><title>A page</title><script type="module" src="/page.js"></script>'
        page.open(pages.origin + "/")
        page.wait("window.t?.lastFinal", "words", 20)
        assert page.run("t.stop()", 30)["text"] in TEXTS
        assert not page.errors
    finally:
        pages.close()


def test_the_command_that_one_can_copy_runs(make_demo, tmp_path):
    page = make_demo().open("?min_silence_ms=600")
    page.click("#tab-websocat")
    copied = page.run("document.querySelector('#code-text').textContent")
    json.loads(next(line for line in copied.splitlines() if line.startswith("{")))
    shutil.copy(RECORDING, tmp_path / "speech.wav")
    command = copied[copied.index("fennec-gateway stream") :].removeprefix("fennec-gateway")
    command = f"{program('fennec-gateway', 'FENNEC_GATEWAY')}{command}"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert all(text in done.stdout for text in TEXTS), done.stderr
