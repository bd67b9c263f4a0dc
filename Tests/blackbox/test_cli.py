"""The command line: what it says and how it exits."""

import json
import os
import re
import wave

import pytest
from support.programs import RECORDING, TRANSCRIPTS, run
from support.settings import settings, to_yaml
from support.upstream import echo, unused_port

USAGE, CONFIG = 64, 78
POLICY = [["policy", command] for command in ("explain", "list", "show", "schema")]


def written(directory, **changes):
    """A configuration file that is right but for the changes."""
    path = directory / "gateway.yaml"
    value = settings(directory, "http://127.0.0.1:1/token", "ws://127.0.0.1:1/stream", **changes)
    path.write_text(to_yaml(value))
    return path


@pytest.mark.parametrize("command", [[], ["serve"], ["check-config"], ["simulate"], ["stream"], ["version"], *POLICY])
def test_help_is_not_empty(command):
    done = run(*command, "--help")
    assert done.returncode == 0, done
    assert "USAGE: fennec-gateway" in done.stdout
    overview = re.search(r"^OVERVIEW: (\S.*)$", done.stdout, re.M)
    assert overview and len(overview.group(1)) > 20, done.stdout


@pytest.mark.parametrize("command", [[], ["serve"], ["check-config"], ["simulate"], ["stream"], *POLICY])
def test_every_option_is_explained(command):
    lines = run(*command, "--help").stdout.split("OPTIONS:")[-1].split("SUBCOMMANDS:")[0]
    options = re.findall(r"^  (-\S.*(?:\n {6,}\S.*)*)", lines, re.M)
    assert options
    for option in options:
        assert re.search(r"\s{2,}\S", option), f"no word of explanation: {option}"


def test_version_is_one_line():
    done = run("version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"\d+\.\d+", done.stdout)
    assert len(done.stdout.splitlines()) == 1


USAGE_ERRORS = {
    "an unknown command": ["sever"],
    "serve without a file": ["serve"],
    "serve with an unknown option": ["serve", "--confog", "x"],
    "check-config without a file": ["check-config"],
    "stream without a file": ["stream"],
    "stream with a bad address": ["stream", str(RECORDING), "--url", "not a url"],
    "stream with another scheme": ["stream", str(RECORDING), "--url", "ftp://127.0.0.1/"],
    "stream with a bad vad": ["stream", str(RECORDING), "--vad", "threshold"],
    "stream both fast and in real time": ["stream", str(RECORDING), "--fast", "--realtime"],
    "simulate with a bad fault": ["simulate", "--listen", "127.0.0.1:0", "--fault", "mint:explode"],
    "simulate with a bad latency": ["simulate", "--listen", "127.0.0.1:0", "--mint-latency", "soon"],
    "simulate with a bad address": ["simulate", "--listen", "nowhere"],
}


@pytest.mark.parametrize("arguments", USAGE_ERRORS.values(), ids=USAGE_ERRORS.keys())
def test_wrong_usage_exits_with_64(arguments):
    done = run(*arguments)
    assert done.returncode == USAGE, done
    assert done.stderr.strip() and not done.stdout


def test_a_right_configuration_is_said_to_be_right(tmp_path):
    done = run("check-config", written(tmp_path))
    assert done.returncode == 0, done


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        ({}, "1 to 32: 4320 mints a day while idle"),
        ({"floor": 3, "ceiling": 5, "max_age": "1m"}, "3 to 5: 4320 mints a day while idle"),
        ({"ceiling": 0}, "no mints while idle"),
    ],
)
def test_the_idle_cost_of_the_token_pool_is_stated(tmp_path, pool, words):
    done = run("check-config", written(tmp_path, upstream={"token_pool": pool}))
    assert done.returncode == 0 and words in done.stdout, done


BROKEN = """\
admn: { address: "127.0.0.1:0" }
# The next one is a name, where an address is expected.
listeners:
  - { name: public, address: "localhost:8080" }
upstream:
  token_url: http://127.0.0.1:1/token
  stream_url: http://127.0.0.1:1/stream
  api_key: { file: /nowhere/api-key }
access:
  - { name: local, match: { address: [loopbak] } }
sessions:
  start_timeout: 10 seconds
  max: many
log: { levl: info }
"""


def test_every_problem_is_reported_at_once_with_its_place(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    done = run("check-config", path)
    assert done.returncode == CONFIG, done
    said = done.stdout + done.stderr
    for line, column, offending in [
        (1, 1, "admn"),
        (4, 30, "localhost:8080"),
        (7, 15, "http://127.0.0.1:1/stream"),
        (10, 39, "loopbak"),
        (12, 18, "10 seconds"),
        (13, 8, "many"),
        (14, 8, "levl"),
    ]:
        found = [text for text in said.splitlines() if re.search(rf"\b{line}:{column}\b", text)]
        assert found, f"no problem at {line}:{column} in:\n{said}"
        assert offending in said, offending
    for suggestion in ("admin", "level"):
        assert f'did you mean "{suggestion}"?' in said, suggestion
    # What stands under api_key may be a key that was pasted in the wrong place: it is never repeated.
    assert "upstream.api_key.file: there is no such file" in said
    assert "/nowhere/api-key" not in said


PROBLEMS = {
    "a syntax error": "listeners: [",
    "a key twice": "log: { level: info }\nlog: { level: debug }\n",
    "an alias": "log: &a { level: info }\nsessions: *a\n",
    "an empty file": "",
    "a list": "- listeners\n",
}


@pytest.mark.parametrize("text", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_file_that_is_no_configuration_exits_with_78(tmp_path, text):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    for command in (["check-config", path], ["serve", "--config", path]):
        done = run(*command)
        assert done.returncode == CONFIG, done
        assert (done.stdout + done.stderr).strip()


def test_a_literal_key_is_refused_and_not_repeated(tmp_path):
    path = written(tmp_path, upstream={"api_key": "fk-literal-0123456789"})
    done = run("check-config", path)
    assert done.returncode == CONFIG, done
    assert "0123456789" not in done.stdout + done.stderr


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    path = written(tmp_path, key="fk-0123456789")
    os.chmod(tmp_path / "api-key", 0o644)
    done = run("serve", "--config", path)
    assert done.returncode in (1, CONFIG), done
    assert "api-key" in done.stderr and "0123456789" not in done.stdout + done.stderr


def test_a_missing_file_is_named(tmp_path):
    for command in (["check-config"], ["serve", "--config"]):
        done = run(*command, tmp_path / "missing.yaml")
        assert done.returncode in (1, USAGE, CONFIG), done
        assert "missing.yaml" in done.stderr


def test_an_address_in_use_is_named(gateway, tmp_path):
    address = "127.0.0.1:{}".format(gateway.address[1])
    done = run("serve", "--config", written(tmp_path, listeners=[{"name": "public", "address": address}]))
    assert done.returncode == 1, done
    assert f"{address}: Address already in use" in done.stderr, done


def test_the_simulator_stops_on_sigterm(make_simulator):
    assert make_simulator().terminate() == 0


# stream


def stream(target, *options, file=RECORDING):
    return run("stream", file, "--url", target, "--fast", *options)


@pytest.fixture
def simulator(make_simulator):
    return make_simulator("--transcripts", TRANSCRIPTS)


def test_stream_prints_the_sentences_of_the_recording(make_gateway, simulator):
    gateway = make_gateway(simulator)
    done = stream(gateway.stream_url, "--vad", "min_silence_ms=1000")
    assert done.returncode == 0, done
    at = 0
    for utterance in json.loads(TRANSCRIPTS.read_text())["utterances"]:
        at = done.stdout.find(utterance["text"], at)
        assert at >= 0, (utterance["text"], done.stdout)
    assert gateway.ended_session("upstream_closed")["audio_bytes"] == RECORDING.stat().st_size - 44


def test_stream_fails_where_nobody_listens():
    bound, port = unused_port()
    with bound:
        done = stream(f"ws://127.0.0.1:{port}/api/v1/transcribe/stream")
    assert (done.returncode, done.stderr) == (1, f"Error: 127.0.0.1:{port} cannot be reached: Connection refused\n")


def test_stream_says_when_the_other_side_speaks_no_tls(gateway):
    done = stream(gateway.stream_url.replace("ws://", "wss://"))
    assert done.returncode == 1 and "it speaks no TLS; is ws:// meant?" in done.stderr, done


def test_stream_fails_when_the_session_ends_badly(gateway, upstream):
    def break_off(conn):
        conn.begin()
        conn.finish(4000, "not today")

    upstream.stream = break_off
    done = stream(gateway.stream_url)
    assert done.returncode == 1, done
    assert "4000" in done.stderr and "not today" in done.stderr


def test_stream_fails_when_it_is_refused(gateway):
    done = stream(gateway.stream_url.replace("/stream", "/nowhere"))
    assert done.returncode == 1 and "404" in done.stderr, done


def test_stream_tells_the_gateways_error(gateway, upstream):
    upstream.mint = lambda conn: conn.reply(500)
    done = stream(gateway.stream_url)
    assert done.returncode == 1 and "token_unavailable" in done.stderr, done


def test_stream_sends_the_vad_settings_that_it_is_given(gateway, upstream):
    upstream.stream = echo
    done = stream(gateway.stream_url, "--vad", "threshold=0.45", "--vad", "min_silence_ms=800", "--vad", "debug=true")
    assert done.returncode == 0, done
    start = upstream.next_stream().start
    assert start["vad"] == {"threshold": 0.45, "min_silence_ms": 800, "debug": True}
    assert (start["sample_rate"], start["channels"]) == (16000, 1)


def other_wav(path, rate, channels, width):
    with wave.open(str(path), "wb") as file:
        file.setframerate(rate)
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.writeframes(bytes(rate * channels * width))
    return path


def test_stream_says_what_is_wrong_with_a_file(gateway, tmp_path):
    text = tmp_path / "text.wav"
    text.write_text("this is no recording")
    cut = tmp_path / "cut.wav"
    cut.write_bytes(RECORDING.read_bytes()[:30])
    for file in (text, cut, tmp_path / "missing.wav", tmp_path):
        done = stream(gateway.stream_url, file=file)
        assert done.returncode not in (0, 132, 133, 134, 139, -4, -5, -6, -11), done
        assert file.name in done.stderr, done


def test_stream_survives_a_file_that_claims_an_absurd_rate(gateway, tmp_path):
    file = tmp_path / "absurd.wav"
    recording = bytearray(RECORDING.read_bytes())
    recording[24:28] = b"\xff" * 4
    file.write_bytes(recording)
    done = stream(gateway.stream_url, "--chunk", "10s", file=file)
    assert done.returncode in (0, 1), done


@pytest.mark.parametrize(("rate", "channels", "width"), [(8000, 1, 2), (48000, 2, 2), (44100, 1, 3), (16000, 1, 1)])
def test_stream_takes_any_pcm_or_says_why_not(gateway, upstream, tmp_path, rate, channels, width):
    upstream.stream = echo
    done = stream(gateway.stream_url, file=other_wav(tmp_path / "odd.wav", rate, channels, width))
    assert done.returncode == 0 or "odd.wav" in done.stderr, done


# The admin surface


def test_health_is_told_on_the_admin_listener_alone(gateway):
    assert gateway.admin("/livez")[0] == 200
    assert gateway.admin("/readyz")[0] == 200
    assert gateway.admin("/nowhere")[0] == 404
    assert gateway.admin("/metrics", method="POST")[0] == 405
    with gateway.client() as client:
        for path in ("/metrics", "/livez", "/readyz"):
            assert client.request("GET", path).status == 404


def test_every_log_line_is_one_json_object(gateway, upstream):
    upstream.stream = echo
    with gateway.session() as client:
        client.send_eos()
        client.take_ending()
    gateway.ended_session("upstream_closed")
    assert gateway.terminate() == 0
    assert len(gateway.objects(gateway.stderr)) == len(gateway.stderr)
    for line in gateway.objects(gateway.stderr):
        assert line["message"] and line["level"] and line["time"], line
