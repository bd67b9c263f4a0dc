"""The offline tools for policies: what they say, how they exit, and that the gateway does as they say."""

import json

import pytest
from support.client import STREAM
from support.policies import POLICIES, under
from support.programs import ROOT, run
from support.settings import settings, to_yaml
from support.upstream import echo

UNCHANGED, CHANGED, REFUSED, USAGE, CONFIG = 0, 1, 2, 64, 78


def written(directory, **changes):
    """A configuration file; the API key that it names is not there, and nobody looks for it."""
    path = directory / "gateway.yaml"
    upstream = {"api_key": {"credential": "no-such-credential"}}
    path.write_text(
        to_yaml(settings(directory, "http://127.0.0.1:1/t", "ws://127.0.0.1:1/s", upstream=upstream, **changes))
    )
    return path


@pytest.fixture
def config(tmp_path):
    return written(tmp_path, **under("gentle", "strict", "watchful"))


def explain(config, policy, message, *options):
    """Runs `policy explain --json`: (exit status, the decision)."""
    stdin = message if isinstance(message, str) else json.dumps(message)
    done = run("policy", "explain", "--config", config, "--policy", policy, "--json", *options, stdin=stdin)
    assert done.stderr == "", done
    return done.returncode, json.loads(done.stdout)


def by_field(decision):
    return {field["field"]: field for field in decision["fields"]}


def test_the_exit_status_tells_unchanged_changed_and_refused(config):
    start = {"type": "start", "vad": {"min_silence_ms": 800, "debug": False}}
    assert explain(config, "gentle", start)[0] == UNCHANGED
    start["vad"]["min_silence_ms"] = 50
    assert explain(config, "gentle", start)[0] == CHANGED
    assert explain(config, "strict", start)[0] == REFUSED
    assert explain(config, "watchful", start)[0] == UNCHANGED


def test_the_decision_is_told_field_by_field(config):
    start = {"type": "start", "colour": "red", "sample_rate": 16000, "vad": {"threshold": 0.9, "min_silence_ms": 50}}
    status, decision = explain(config, "gentle", start)
    assert (status, decision["policy"], decision["verdict"]) == (CHANGED, "gentle", "changed")
    fields = by_field(decision)
    assert fields["vad.threshold"] == {
        "field": "vad.threshold",
        "asked": 0.9,
        "applied": 0.8,
        "reason": "max",
        "effect": "adjusted",
        "allowed": "from 0.3 to 0.8",
    }
    assert {name: field.get("reason") for name, field in fields.items()} == {
        "sample_rate": None,
        "vad.threshold": "max",
        "vad.min_silence_ms": "min",
        "vad.debug": "fixed",
        "colour": "unknown",
    }
    assert decision["upstream"] == {
        "type": "start",
        "sample_rate": 16000,
        "vad": {"threshold": 0.8, "min_silence_ms": 200, "debug": False},
    }


def test_the_table_has_the_same_in_columns(config):
    start = json.dumps({"type": "start", "vad": {"threshold": 0.9, "debug": False}})
    done = run("policy", "explain", "-c", config, "-p", "gentle", stdin=start)
    assert done.returncode == CHANGED, done
    head, *rows, blank, verdict, message = done.stdout.splitlines()
    assert head.split() == ["field", "asked", "applied", "why", "allowed"]
    columns = [head.index(name) for name in head.split()]
    for row in rows:
        assert all(row[column - 1] == " " for column in columns[1:]), row
    assert [row[: columns[4]].split() for row in rows] == [
        ["vad.threshold", "0.9", "0.8", "max"],
        ["vad.min_silence_ms", "-", "800", "default"],
        ["vad.debug", "false", "false"],
    ]
    assert (blank, verdict) == ("", "Changed by gentle. This goes upstream:")
    assert json.loads(message)["vad"] == {"threshold": 0.8, "min_silence_ms": 800, "debug": False}


def test_the_message_may_come_from_a_file(config, tmp_path):
    file = tmp_path / "start.json"
    file.write_text('{"type":"start","vad":{"min_silence_ms":800,"debug":false}}\n')
    done = run("policy", "explain", "--config", config, "--policy", "gentle", file)
    assert (done.returncode, done.stderr) == (UNCHANGED, ""), done


def test_never_is_answered_by_the_maximum(config):
    status, decision = explain(config, "gentle", {"type": "start", "vad": {"force_decode_ms": 0}})
    assert (status, by_field(decision)["vad.force_decode_ms"]["reason"]) == (CHANGED, "max")
    assert decision["upstream"]["vad"]["force_decode_ms"] == 60_000


def test_the_query_asks_for_thoughts(config):
    start = {"type": "start"}
    query = ["--query", "gateway_events=1&detect_thoughts=true"]
    assert by_field(explain(config, "gentle", start, *query)[1])["detect_thoughts"]["reason"] == "denied"
    assert explain(config, "strict", start, *query)[0] == REFUSED
    for other in ("", "detect_thoughts=false", "xdetect_thoughts=true"):
        assert "detect_thoughts" not in by_field(explain(config, "gentle", start, "--query", other)[1])


def test_a_message_that_is_too_big_is_refused(tmp_path):
    config = written(tmp_path, sessions={"max_text_message": 2048})
    message = json.dumps({"type": "start", "context": ""})
    fits = message.replace('""', '"' + "x" * (2048 - len(message)) + '"')
    assert explain(config, "default", fits)[0] == UNCHANGED
    status, decision = explain(config, "default", fits + " ")
    assert (status, decision["error"]["code"], decision["error"]["close_code"]) == (REFUSED, "message_too_big", 1009)


WRONG_USAGE = {
    "no policy": ["policy", "explain", "--config", "CONFIG"],
    "no configuration": ["policy", "explain", "--policy", "gentle"],
    "an unknown policy": ["policy", "explain", "--config", "CONFIG", "--policy", "gnetle"],
    "a missing message": ["policy", "explain", "--config", "CONFIG", "--policy", "gentle", "/nowhere/start.json"],
    "show of an unknown policy": ["policy", "show", "gnetle", "--config", "CONFIG"],
    "schema of an unknown policy": ["policy", "schema", "gnetle", "--config", "CONFIG"],
    "show without a name": ["policy", "show", "--config", "CONFIG"],
    "list without a configuration": ["policy", "list"],
}


@pytest.mark.parametrize("arguments", WRONG_USAGE.values(), ids=WRONG_USAGE.keys())
def test_wrong_usage_exits_with_64(config, arguments):
    done = run(*[str(config) if argument == "CONFIG" else argument for argument in arguments])
    assert (done.returncode, done.stdout) == (USAGE, ""), done
    assert "gnetle" not in arguments or "Did you mean gentle?" in done.stderr, done


@pytest.mark.parametrize("command", [["explain", "--policy", "p"], ["list"], ["show", "p"], ["schema", "p"]])
def test_a_wrong_configuration_exits_with_78(tmp_path, command):
    config = written(tmp_path, policies={"p": {"vad": {"threshold": {"min": 0.8, "max": 0.3}}}})
    for path in (config, tmp_path / "missing.yaml"):
        done = run("policy", *command, "--config", path)
        assert (done.returncode, done.stdout) == (CONFIG, ""), done
        assert path.name in done.stderr
    assert "policies.p.vad.threshold.max: is below the min 0.8" in run("policy", *command, "--config", config).stderr


def test_list_tells_modes_and_rules(config):
    done = run("policy", "list", "--config", config)
    assert (done.returncode, done.stderr) == (0, ""), done
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [(row[0], row[1]) for row in rows] == [("gentle", "clamp"), ("strict", "reject"), ("watchful", "observe")]
    listed = json.loads(run("policy", "list", "--config", config, "--json").stdout)["policies"]
    assert [policy["applies_to"] for policy in listed] == [["web", "local"], [], []]
    assert [policy["offered_by"] for policy in listed] == [[], ["web", "local"], ["web", "local"]]


def test_check_config_warns_and_goes_on(tmp_path):
    config = written(tmp_path, **under("watchful", policies={"watchful": POLICIES["watchful"]}))
    done = run("check-config", config)
    assert done.returncode == 0, done
    assert "warning: policies.watchful.on_violation: nothing is limited" in done.stderr
    assert "rule web" in done.stdout and "policy watchful" in done.stdout
    quiet = run("check-config", "--quiet", config)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", done.stderr)


def test_serve_logs_what_is_doubtful_and_goes_on(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("watchful"))
    lines = gateway.objects(gateway.stderr)
    found = [line for line in lines if line.get("setting") == "policies.watchful.on_violation"]
    assert [line["level"] for line in found] == ["warning"], gateway.stderr
    assert "nothing is limited" in found[0]["message"] and found[0]["file"].endswith(".yaml")


# The gateway does as they say.

STARTS = [
    {"type": "start"},
    {"type": "start", "vad": {"min_silence_ms": 50, "force_decode_ms": 0}},
    {"type": "start", "sample_rate": 8000},
    {"type": "start", "colour": 1, "vad": {"threshold": 1e3, "sound": [1]}},
    {"type": "start", "context": "names", "vad": {"debug": True}},
    {"type": "start", "channels": None, "vad": {"threshold": "high", "min_words": 1.5}},
    {"type": "eos"},
    {"type": "begin"},
    ["start"],
]


def told(client):
    error, closed = client.take_ending()
    return {"code": error["code"], "message": error["message"], "close_code": closed.code}


@pytest.mark.parametrize("policy", ["gentle", "strict", "watchful"])
def test_the_gateway_does_what_explain_says(make_gateway, make_upstream, config, policy):
    upstream = make_upstream(stream=echo)
    gateway = make_gateway(upstream, **under("gentle", "strict", "watchful"))
    decisions = [(start, *explain(config, policy, start)) for start in STARTS]
    # Those that are refused come last: their streams may have been dialled all the same.
    for start, status, decision in sorted(decisions, key=lambda row: row[1] == REFUSED):
        with gateway.client().upgrade(target=f"{STREAM}?policy={policy}") as client:
            client.send_json(start)
            if status == REFUSED:
                error = decision["error"]
                assert told(client) == {name: error[name] for name in ("code", "message", "close_code")}, start
            else:
                assert client.take_json()["type"] == "ready"
                assert upstream.next_stream().start == decision["upstream"]


def test_show_and_schema_are_what_the_gateway_tells(make_gateway, make_upstream, config):
    gateway = make_gateway(make_upstream(), **under("gentle", "strict", "watchful"))
    for policy in ("gentle", "strict", "watchful"):
        with gateway.client() as client:
            answer = client.request("GET", f"/gateway/policy?policy={policy}").json()
        shown = json.loads(run("policy", "show", policy, "--config", config, "--json").stdout)
        assert shown == {"policy": policy, **answer["limits"]}
        assert json.loads(run("policy", "schema", policy, "--config", config).stdout) == answer["schema"]
        _, silent = explain(config, policy, {"type": "start"})
        assert silent["upstream"] == {"type": "start", **answer["settings"]}


# The vendor's examples


def vendor(**vad):
    return {"type": "start", "sample_rate": 16000, "channels": 1, "single_utterance": False, "vad": vad}


VENDOR = {
    "aggressive": vendor(
        threshold=0.5,
        min_silence_ms=100,
        speech_pad_ms=200,
        final_silence_s=0.1,
        start_trigger_ms=36,
        min_voiced_ms=48,
        min_chars=1,
        min_words=1,
        amp_extend=1200,
        force_decode_ms=0,
        debug=False,
    ),
    "dictation": vendor(
        threshold=0.45,
        min_silence_ms=800,
        speech_pad_ms=200,
        start_trigger_ms=36,
        min_voiced_ms=100,
        min_chars=2,
        min_words=1,
        force_decode_ms=60000,
    ),
    "noisy": vendor(
        threshold=0.65,
        min_silence_ms=400,
        speech_pad_ms=150,
        start_trigger_ms=100,
        min_voiced_ms=250,
        min_chars=1,
        min_words=1,
        amp_extend=0,
        force_decode_ms=0,
    ),
}
ROOMY = {
    "on_violation": "reject",
    "unknown_fields": "reject",
    "audio": {"sample_rate": [16000], "channels": [1]},
    "single_utterance": False,
    "vad": {
        "threshold": {"min": 0.45, "max": 0.65},
        "min_silence_ms": {"min": 100, "max": 800},
        "force_decode_ms": [0, 60000],
        "amp_extend": {"max": 1200},
    },
}


@pytest.mark.parametrize("name", VENDOR)
@pytest.mark.parametrize("policy", ["default", "roomy", "own"])
def test_the_vendors_examples_pass_unchanged_field_for_field(tmp_path, name, policy):
    policies = {"roomy": ROOMY, "own": {"preset": name}}
    status, decision = explain(written(tmp_path, policies=policies), policy, VENDOR[name])
    assert (status, decision["verdict"]) == (UNCHANGED, "unchanged")
    assert decision["upstream"] == VENDOR[name]


@pytest.mark.parametrize("name", VENDOR)
def test_a_preset_fills_in_the_vendors_example(name):
    status, decision = explain(ROOT / "config/presets.yaml", name, {"type": "start"})
    assert (status, decision["upstream"]) == (CHANGED, VENDOR[name])
