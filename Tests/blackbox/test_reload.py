"""SIGHUP: new sessions use the new settings, live ones keep theirs, and what is wrong changes nothing."""

import signal
import socket
import ssl
import time

import pytest
import trustme
from support.client import START, STREAM, RawClient
from support.endings import expect_ending
from support.peer import Collector
from support.policies import POLICIES, under
from support.settings import ORIGIN, key_file
from support.upstream import echo
from support.waiting import eventually

CONTEXT = {"type": "ai_context", "text": "hello"}
LOCAL = {"name": "local", "match": {"address": ["loopback"]}}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def lines(gateway, message):
    return [line for line in gateway.objects(gateway.stderr) if line.get("message") == message]


def line(gateway, message):
    """The last such line, once there is one."""
    return eventually(lambda: lines(gateway, message), f"{message!r} is logged")[-1]


def policy_of(gateway):
    with gateway.client() as client:
        return client.request("GET", "/gateway/policy").json()["policy"]


def exchange(client):
    client.send_audio(bytes(2))
    assert client.take_json()["text"] == "heard 2 bytes"


def exchange_context(client, text):
    """A message that goes up, with its echo."""
    client.send_json({"type": "ai_context", "text": text})
    size = len(f'{{"text":"{text}","type":"ai_context"}}')
    assert client.take_json()["text"] == f"heard {size} bytes"


# What new sessions use and live ones keep


def test_new_sessions_are_under_the_new_policy_and_live_ones_under_the_old(gateway):
    with gateway.session() as live:
        assert gateway.reload(**under("terse")) == "success"
        exchange_context(live, "hello")
        with gateway.session() as new:
            new.send_json(CONTEXT)
            expect_ending(new, gateway, "policy_message_refused")
        exchange(live)
        live.send_eos()
        assert live.take_ending()[1].code == 1000
    assert gateway.ended_session("upstream_closed")["policy"] == "default"
    assert gateway.ended_session("policy_message_refused")["policy"] == "terse"


def test_limits_of_a_policy_change_under_the_same_name(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("gentle"))
    start = {**START, "vad": {"threshold": 0.75}}
    with gateway.session(start=start):
        assert upstream.next_stream().start["vad"]["threshold"] == 0.75
        lower = {"gentle": {**POLICIES["gentle"], "vad": {"threshold": {"max": 0.5}}}}
        assert gateway.reload(policies=lower) == "success"
        with gateway.session(start=start):
            assert upstream.next_stream().start["vad"]["threshold"] == 0.5


def test_access_rules_change_and_live_sessions_go_on(gateway):
    page = [("Origin", ORIGIN)]
    with gateway.client().open_session(headers=page) as live:
        assert gateway.reload(access=[LOCAL]) == "success"
        with gateway.client() as client:
            assert client.try_upgrade(headers=page).problem()["code"] == "origin_refused"
        exchange(live)


def test_a_ticket_of_a_policy_that_is_gone_is_refused(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("terse", "deaf"))
    with gateway.client() as client:
        ticket = client.request("POST", "/api/v1/transcribe/streaming-token?policy=deaf").json()["token"]
    assert gateway.reload(**under("terse")) == "success"
    with gateway.client() as client:
        answer = client.try_upgrade(target=f"{STREAM}?streaming_token={ticket}")
        assert (answer.status, answer.problem()["code"]) == (403, "policy_refused")


def test_hosts_change(gateway):
    def status(host):
        with gateway.client() as client:
            return client.request("GET", "/gateway/policy", host=host).status

    assert status("gateway.example.com") == 403
    listener = {**gateway.settings["listeners"][0], "hosts": ["gateway.example.com"]}
    assert gateway.reload(listeners=[listener]) == "success"
    assert status("gateway.example.com") == 200


def test_bounds_of_sessions_change(gateway):
    with gateway.session() as live:
        assert gateway.reload(sessions={"max": 1, "max_text_message": "1KiB", "ticket_lifetime": "5s"}) == "success"
        with gateway.client() as client:
            assert client.try_upgrade().problem()["code"] == "full"
        # The live session still takes what it took.
        exchange_context(live, "x" * 2000)
    gateway.ended_session("client_lost")
    with gateway.client() as client:
        assert client.request("POST", "/api/v1/transcribe/streaming-token").json()["expires_in"] == 5
    with gateway.session() as new:
        new.send_json({**CONTEXT, "text": "x" * 2000})
        expect_ending(new, gateway, "message_too_big")


def test_the_log_level_changes(gateway):
    assert gateway.reload(log={"level": "error", "format": "json"}) == "success"
    assert lines(gateway, "configuration reloaded") == []
    assert gateway.reload(log={"level": "info", "format": "json"}) == "success"
    line(gateway, "configuration reloaded")
    assert len(lines(gateway, "configuration reloaded")) == 1


def test_the_key_is_read_again(gateway, upstream):
    key_file(gateway.directory, "another-key")
    assert gateway.hang_up() == "success"
    with gateway.session():
        pass
    assert upstream.mints[-1].header("x-api-key") == "another-key"


# What cannot change


def test_what_needs_a_restart_is_named_and_left_alone(gateway, upstream):
    changed = {
        "listeners": [
            {"name": "public", "address": "127.0.0.2:0"},
            {"name": "second", "address": "127.0.0.1:0"},
        ],
        "upstream": {**gateway.settings["upstream"], "stream_url": "ws://127.0.0.1:9/elsewhere"},
    }
    before = dict(gateway.settings)
    assert gateway.reload(**changed) == "success"
    warning = line(gateway, "some settings take effect with a restart only")
    assert warning["level"] == "warning"
    named = {"listeners.public.address", "listeners.second (new)", "upstream.stream_url"}
    assert set(warning["settings"].split(", ")) == named
    with gateway.session() as client:
        exchange(client)
    # Back at what it started with there is nothing to wait for.
    assert gateway.reload(**before) == "success"
    assert len(lines(gateway, "some settings take effect with a restart only")) == 1


def certificate(directory, authority, name):
    made = authority.issue_cert("localhost", common_name=name)
    made.private_key_pem.write_to_path(str(directory / "key.pem"))
    made.cert_chain_pems[0].write_to_path(str(directory / "chain.pem"))


def subject(client):
    return dict(item for part in client.socket.getpeercert()["subject"] for item in part)["commonName"]


def test_certificates_are_read_again_and_live_connections_keep_theirs(make_gateway, upstream, tmp_path):
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    certificate(tmp_path, authority, "first")
    tls = {"certificate": str(tmp_path / "chain.pem"), "key": str(tmp_path / "key.pem")}
    gateway = make_gateway(upstream, listeners=[{"name": "public", "address": "127.0.0.1:0", "tls": tls}])
    with RawClient(gateway.address, tls=trusting).open_session() as live:
        certificate(tmp_path, authority, "second")
        assert gateway.hang_up() == "success"
        with RawClient(gateway.address, tls=trusting).open_session() as new:
            assert (subject(live), subject(new)) == ("first", "second")
            exchange(new)
        exchange(live)
        (tmp_path / "chain.pem").write_text("no certificate")
        assert gateway.hang_up() == "failure"
        with RawClient(gateway.address, tls=trusting) as client:
            assert subject(client) == "second"


# What is wrong


def check_unchanged(gateway, since):
    """The old settings are in force, and the metrics say why to look into the log."""
    assert policy_of(gateway) == "terse"
    metrics = gateway.metrics()
    assert metrics.sum("fennec_gateway_config_last_reload_successful") == 0
    assert metrics.sum("fennec_gateway_config_last_reload_timestamp_seconds") == since
    assert line(gateway, "configuration not reloaded: nothing was changed")["level"] == "error"


def test_a_file_with_mistakes_changes_nothing_and_all_of_them_are_logged(make_gateway, upstream):
    gateway = make_gateway(upstream, **under("terse"))
    since = gateway.metrics().sum("fennec_gateway_config_last_reload_timestamp_seconds")
    assert 0 <= time.time() - since < 60
    with gateway.session() as live:
        wrong = {"max": "many", "idle_timeout": "soon", "colour": "red"}
        assert gateway.reload(**under("deaf"), sessions=wrong) == "failure"
        check_unchanged(gateway, since)
        problems = [line for line in gateway.objects(gateway.stderr) if line.get("message", "").startswith("config")]
        told = {line.get("setting"): line for line in problems if line["level"] == "error"}
        assert {"sessions.max", "sessions.idle_timeout", "sessions.colour"} <= set(told)
        assert all(told[f"sessions.{name}"]["place"] for name in wrong)
        assert problems[-1]["problems"] == 3
        exchange(live)
    assert gateway.reload(sessions={"max": 10}) == "success"
    assert policy_of(gateway) == "deaf"
    assert gateway.metrics().sum("fennec_gateway_config_last_reload_successful") == 1


@pytest.mark.parametrize("text", ["listeners: [", "", "\0", "listeners: []\n"])
def test_what_is_no_configuration_changes_nothing(make_gateway, upstream, text):
    gateway = make_gateway(upstream, **under("terse"))
    since = gateway.metrics().sum("fennec_gateway_config_last_reload_timestamp_seconds")
    assert gateway.reload(text) == "failure"
    check_unchanged(gateway, since)


@pytest.mark.parametrize("lost", ["config", "key"])
def test_a_file_that_is_gone_changes_nothing(make_gateway, upstream, lost):
    gateway = make_gateway(upstream, **under("terse"))
    since = gateway.metrics().sum("fennec_gateway_config_last_reload_timestamp_seconds")
    (gateway.config if lost == "config" else gateway.directory / "api-key").unlink()
    assert gateway.hang_up() == "failure"
    check_unchanged(gateway, since)
    with gateway.session() as client:
        exchange(client)
    assert upstream.mints[-1].header("x-api-key") == "the-key-of-the-operator"


# The service manager, many times, at the end


def test_the_service_manager_is_told(make_gateway, upstream, tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(10)

        def told():
            return dict(line.split("=", 1) for line in manager.recv(4096).decode().splitlines())

        gateway = make_gateway(upstream, environment={"NOTIFY_SOCKET": str(path)})
        assert told()["READY"] == "1"
        for text in (None, "listeners: ["):
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            gateway.reload(text)
            reloading = told()
            assert reloading["RELOADING"] == "1"
            after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            assert before <= int(reloading["MONOTONIC_USEC"]) <= after
            assert told()["READY"] == "1"
        gateway.terminate()
        assert told()["STOPPING"] == "1"


def test_fifty_reloads_lose_nothing(gateway, upstream):
    live = [gateway.session() for _ in range(5)]
    readers = [Collector(client) for client in live]
    for number in range(50):
        sections = under("terse", "deaf") if number % 2 else under("deaf", "terse")
        assert gateway.reload(**sections, sessions={"max": 100 + number}) == "success"
        for client in live:
            client.send_audio(bytes(2 * number + 2))
        with gateway.session() as new:
            exchange(new)
            new.send_eos()
            assert new.take_ending()[1].code == 1000
    for client in live:
        client.send_eos()
    expected = [f"heard {2 * number + 2} bytes" for number in range(50)] + ["the last words"]
    for reader in readers:
        assert reader.ended.wait(20) and reader.close_code == 1000
        assert [text.split('"text": "')[1].split('"')[0] for text in reader.texts] == expected
    eventually(lambda: len(gateway.session_log_lines()) == 55, "every session has its record")
    assert {line["close_code"] for line in gateway.session_log_lines()} == {1000}
    policies = [line["policy"] for line in gateway.session_log_lines()]
    assert (policies.count("default"), policies.count("terse"), policies.count("deaf")) == (5, 25, 25)


def test_a_reload_while_it_stops_is_no_harm(gateway):
    with gateway.session() as live:
        gateway.process.send_signal(signal.SIGTERM)
        eventually(lambda: lines(gateway, "draining"), "it drains")
        gateway.process.send_signal(signal.SIGHUP)
        assert live.take_ending()[1].code == 1012
    assert gateway.wait() == 0
