"""The browser client in Firefox: the module, its own resampler, a session over a recording and over a microphone."""

import json

import pytest
from support import firefox, sound, soundserver, webpage
from support.firefox import Firefox
from support.programs import RECORDING, TRANSCRIPTS

pytestmark = [
    pytest.mark.skipif(not firefox.PROGRAM, reason="firefox is not installed"),
    pytest.mark.skipif(not soundserver.PROGRAM, reason="pulseaudio is not installed"),
    pytest.mark.timeout(240),
]
TEXTS = [entry["text"] for entry in json.loads(TRANSCRIPTS.read_text())["utterances"]]

#: Plays the recording into a MediaStream; `play` begins it.
PLAYER = """(async () => {
  const context = new AudioContext();
  const bytes = await (await fetch("/speech.wav")).arrayBuffer();
  const node = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes) });
  const destination = context.createMediaStreamDestination();
  node.connect(destination);
  node.onended = () => t.stop();
  Object.assign(window, { stream: destination.stream, play: () => node.start() });
})()"""


@pytest.fixture
def page():
    one = Firefox()
    yield one
    one.close()


def test_firefox_transcribes_a_stream_and_a_microphone(page, make_simulator, make_site, tmp_path, capsys):
    site = make_site(make_simulator("--transcripts", TRANSCRIPTS, "--record", tmp_path))
    site.pages.files["/speech.wav"] = RECORDING.read_bytes()
    page.open(site.page_url)
    page.wait("Boolean(window.begin)", "the page's script has run")
    # At 16 kHz by the browser, and at its own rate by the client.
    for name, rate in (("browser", 16000), ("client", 48000)):
        page.run(f"heard.length = 0, {PLAYER}")
        webpage.begin(page, f"{{ source: stream, contextRate: {rate}, start: {{ context: '{name}' }} }}")
        page.run("play()")
        page.wait("t.state === 'ended'", "the end of the recording", 60)
        assert [final["text"] for final in webpage.heard(page, "final")] == TEXTS
        seconds = sound.seconds_compared(webpage.received(tmp_path)[name], sound.recording(RECORDING))
        snr = sorted(snr for _, _, _, snr in seconds)
        with capsys.disabled():
            print(f"\nFirefox, resampled by the {name}: SNR median {snr[len(snr) // 2]:.1f} dB, least {snr[0]:.1f} dB")
        # Between graphs of different rates Firefox bends time a little, to follow two clocks.
        assert snr[len(snr) // 2] > (35 if name == "client" else 3)
        assert webpage.heard(page, "error") == []

    page.run("heard.length = 0")
    webpage.begin(page, "{ on: { ...listeners, level: ({ peak, time }) => Object.assign(window, { peak, time }) } }")
    page.wait("window.time > 1 && window.peak > 0.01", "the microphone hums")
    webpage.stop(page)
    assert webpage.states(page) == ["live", "stopping", "ended"]
