"""Metrics of what waits and of the way to the service, at the moment when it happens."""

import contextlib
import os
import threading

from support.client import START
from support.peer import Ended
from support.upstream import echo
from support.waiting import eventually

PREFIX = "fennec_gateway_"
UP = {"direction": "client_to_upstream"}
DOWN = {"direction": "upstream_to_client"}


def value(gateway, name, **labels):
    return gateway.metrics().sum(PREFIX + name, **labels)


def nothing_waits(gateway):
    metrics = gateway.metrics()
    return metrics.sum(PREFIX + "sessions_active") == 0 and metrics.sum(PREFIX + "buffered_bytes") == 0


def test_audio_that_waits_for_ready_is_buffered_and_its_sender_held_back_at_the_bound(make_gateway, upstream):
    released = threading.Event()

    def late(connection):
        connection.accept()
        connection.take_start()
        assert released.wait(30)
        connection.send_json({"type": "ready"})
        connection.take_until_eos()
        connection.finish()

    upstream.stream = late
    gateway = make_gateway(upstream, sessions={"early_audio": {"seconds": 1, "bytes": "32KiB"}})
    with gateway.client().upgrade() as client:
        client.send_json(START)
        client.send_audio(bytes(3200))
        eventually(lambda: 3200 <= value(gateway, "buffered_bytes", **UP) < 3300, "the early audio is seen")
        assert value(gateway, "back_pressure_seconds_total") == 0
        for _ in range(20):
            client.send_audio(bytes(3200))
        eventually(lambda: value(gateway, "buffered_bytes", **UP) >= 32_000, "the bound is reached")
        released.set()
        client.send_eos()
        client.take_ending()
    eventually(lambda: nothing_waits(gateway), "nothing waits any more")
    assert value(gateway, "back_pressure_seconds_total", **UP) > 0
    assert value(gateway, "back_pressure_seconds_total", **DOWN) == 0


def test_a_client_that_does_not_read_is_seen_by_what_waits_for_it(make_gateway, upstream):
    def flood(connection):
        connection.begin()
        for _ in range(4000):
            connection.final("x" * 10_000)
        connection.finish()

    upstream.stream = flood
    gateway = make_gateway(upstream)
    with gateway.session() as client:
        eventually(lambda: value(gateway, "buffered_bytes", **DOWN) > 0, "the client takes nothing")
        for _ in range(4000):
            client.take_json()
        assert client.take_close().code == 1000
    eventually(lambda: nothing_waits(gateway), "nothing waits any more")
    assert value(gateway, "back_pressure_seconds_total", **DOWN) > 0
    assert value(gateway, "back_pressure_seconds_total", **UP) == 0
    assert value(gateway, "relayed_frames_total", **DOWN) >= 4000


def test_what_waits_for_a_service_that_does_not_read_is_forgotten_with_the_session(make_gateway, upstream):
    released = threading.Event()

    def stop_reading(connection):
        connection.begin()
        released.wait(30)

    def push(client):
        try:
            while True:
                client.send_audio(bytes(64 << 10))
        except (Ended, OSError):
            pass

    upstream.stream = stop_reading
    gateway = make_gateway(upstream, sessions={"write_timeout": "3s"})
    with gateway.session() as client:
        pushing = threading.Thread(target=push, args=(client,), daemon=True)
        pushing.start()
        eventually(lambda: value(gateway, "buffered_bytes", **UP) > 0, "the service takes nothing")
        gateway.ended_session("upstream_stalled")
        released.set()
    pushing.join(10)
    eventually(lambda: nothing_waits(gateway), "nothing waits any more")
    assert value(gateway, "back_pressure_seconds_total", **UP) >= 3


def steps(gateway):
    metrics = gateway.metrics()
    name = PREFIX + "upstream_phase_seconds_count"
    return {labels["phase"]: value for found, labels, value in metrics.samples if found == name}


def talk(gateway):
    with gateway.session() as client:
        client.send_eos()
        client.take_ending()


def test_each_step_to_the_service_is_measured(gateway, upstream):
    upstream.stream = echo
    assert steps(gateway) == {"dns": 0, "tcp": 0, "tls": 0, "upgrade": 0, "ready": 0}
    for _ in range(3):
        talk(gateway)
    assert steps(gateway) == {"dns": 3, "tcp": 3, "tls": 0, "upgrade": 3, "ready": 3}


def test_steps_before_the_one_that_fails_are_measured_too(gateway, upstream):
    upstream.stream = lambda connection: connection.reply(503, "{}")
    with gateway.client().upgrade() as client:
        client.send_json(START)
        client.take_ending()
    assert steps(gateway) == {"dns": 1, "tcp": 1, "tls": 0, "upgrade": 0, "ready": 0}


def test_sessions_are_counted_by_the_rule_that_let_them_in(make_gateway, upstream):
    upstream.stream = echo
    rules = [{"name": "machine", "match": {"address": ["loopback"]}}, {"name": "web", "match": {"origin": ["https://a.example"]}}]
    gateway = make_gateway(upstream, access=rules)
    talk(gateway)
    gateway.reload(access=[{**rules[0], "name": "renamed"}])
    talk(gateway)
    counted = {rule: value(gateway, "admitted_sessions_total", rule=rule) for rule in ("machine", "web", "other")}
    assert counted == {"machine": 1, "web": 0, "other": 1}


def test_open_descriptors_are_told_as_they_are(gateway):
    def difference():
        told = gateway.metrics().sum("process_open_fds")
        return told - len(os.listdir(f"/proc/{gateway.pid}/fd"))

    # The scrape's own connection is told, and gone when we look.
    eventually(lambda: difference() == 1, lambda: f"one more than there are, not {difference()}")
    with contextlib.ExitStack() as clients:
        for _ in range(50):
            clients.enter_context(gateway.client()).request("GET", "/nowhere")
        assert gateway.metrics().sum("process_open_fds") > 50
        eventually(lambda: difference() == 1, lambda: f"one more than there are, not {difference()}")
