"""One name for a session everywhere, and the names that a trusted proxy gives."""

import json
import sqlite3
import threading
import urllib.request

import pytest
from support.client import START
from support.upstream import echo
from support.waiting import eventually

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NAMES = [("X-Request-Id", "proxy-7f3c"), ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01")]
PUBLIC = {"name": "public", "address": "127.0.0.1:0"}
BEHIND_A_PROXY = [{**PUBLIC, "client_address": "x-forwarded-for", "trusted_proxies": ["127.0.0.1"]}]
FROM_ELSEWHERE = [{**PUBLIC, "client_address": "x-forwarded-for", "trusted_proxies": ["192.0.2.1"]}]
ANYWHERE = [{"name": "all", "match": {"address": ["0.0.0.0/0"]}}]


def refuse(connection):
    connection.reply(503, "{}")


def lines(gateway, message):
    return [line for line in gateway.objects(gateway.stderr) if line.get("message") == message]


def failed(gateway, headers=()):
    """A session that gets no upstream: the error message that its client was told."""
    with gateway.client().upgrade(headers=headers) as client:
        client.send_json(START)
        return client.take_ending()[0]


def test_a_client_knows_its_session_by_the_name_that_log_ledger_and_metrics_have(make_gateway, upstream, tmp_path):
    ledger = tmp_path / "usage.sqlite"
    gateway = make_gateway(upstream, usage={"ledger": str(ledger)})
    upstream.stream = refuse
    session = failed(gateway)["session"]
    assert gateway.ended_session("upstream_unreachable")["session"] == session
    assert [line["session"] for line in lines(gateway, "no upstream")] == [session]

    def kept():
        with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as database:
            return database.execute("SELECT session FROM sessions WHERE state = 'closed'").fetchall()

    eventually(lambda: kept() == [(session,)], "the ledger has the session")
    upstream.stream = echo
    with gateway.session() as client:
        client.send_audio(bytes(3200))
        client.send_eos()
        client.take_ending()
    session = gateway.ended_session("upstream_closed")["session"]
    request = urllib.request.Request(
        "http://{}:{}/metrics".format(*gateway.listeners["admin"]), headers={"Accept": "application/openmetrics-text"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    for name in ("time_to_ready", "final_delay", "upstream_phase"):
        found = [line for line in text.splitlines() if f"{name}_seconds_bucket" in line and " # {" in line]
        assert found and f'# {{session="{session}"}} ' in found[0], name
    assert session not in gateway.metrics().text


@pytest.mark.parametrize(
    ("listeners", "headers", "expected"),
    [
        (BEHIND_A_PROXY, NAMES, {"request_id": "proxy-7f3c", "trace_id": TRACE}),
        (BEHIND_A_PROXY, NAMES[1:], {"trace_id": TRACE}),
        (BEHIND_A_PROXY, [("X-Request-Id", 'a"b'), ("traceparent", "00-0-0-01")], {}),
        (BEHIND_A_PROXY, [("X-Request-Id", "x" * 129)], {}),
        (BEHIND_A_PROXY, [("X-Request-Id", "one"), ("X-Request-Id", "two")], {}),
        (FROM_ELSEWHERE, NAMES, {}),
        ([PUBLIC], NAMES, {}),
    ],
)
def test_names_are_taken_from_trusted_proxies_alone(make_gateway, upstream, listeners, headers, expected):
    gateway = make_gateway(upstream, listeners=listeners, access=ANYWHERE)
    upstream.stream = refuse
    headers = [*headers, ("X-Forwarded-For", "198.51.100.7")]
    failed(gateway, headers)
    for line in (gateway.ended_session("upstream_unreachable"), *lines(gateway, "no upstream")):
        assert {key: line[key] for key in ("request_id", "trace_id") if key in line} == expected
    upstream.stream = echo
    with gateway.client().upgrade(headers=headers) as client:
        client.send_json(START)
        (session,) = json.loads(gateway.admin("/sessions")[1])["sessions"]
        assert {key: session[key] for key in ("request_id", "trace_id") if key in session} == expected


def test_a_flood_of_the_same_warning_is_held_back_and_counted(make_gateway, upstream):
    """Every second dial fails, so that the service is not left alone; each failure is a warning, or counted in one."""
    turns = iter(range(1_000_000))

    def every_second(connection):
        if next(turns) % 2:
            refuse(connection)
        else:
            echo(connection)

    upstream.stream = every_second
    gateway = make_gateway(upstream)

    def visit():
        for _ in range(50):
            with gateway.client().upgrade() as client:
                client.send_json(START)
                client.send_eos()
                client.take_ending()

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    eventually(lambda: len(gateway.session_log_lines()) == 300, "every session has its account", timeout=20)
    gateway.terminate()
    failures = sum(record["reason"] == "upstream_unreachable" for record in gateway.session_log_lines())
    told = lines(gateway, "no upstream")
    held = [line for line in lines(gateway, "lines were held back") if line["repeated"] == "no upstream"]
    assert failures >= 100 and held and all(line["level"] == "warning" for line in held)
    assert len(told) + sum(line["held_back"] for line in held) == failures
    for line in held:
        before = [other for other in told if other["time"] < line["time"]]
        assert len(before) >= 10, "a second's first lines are written"
    assert len(told) <= 10 * (len(held) + 2)
