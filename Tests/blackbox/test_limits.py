"""How much clients may use: places, connects, pace, time and budgets."""

import contextlib
import json
import threading
import time

import pytest
from support.client import START, STREAM, TOKEN
from support.devices import Devices
from support.frames import TEXT
from support.settings import ORIGIN
from support.upstream import echo
from support.waiting import eventually, settled

SECOND = 32_000


def limited(limits, **more):
    """Settings with these limits for everybody on loopback."""
    access = [
        {"name": "web", "match": {"origin": [ORIGIN]}, "limits": "tight"},
        {"name": "local", "match": {"address": ["loopback"]}, "limits": "tight"},
    ]
    return {"access": access, "limits": {"tight": limits}, **more}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def refusal(gateway, headers=()):
    with gateway.client() as client:
        answer = client.try_upgrade(headers=headers)
        assert answer.status != 101
        return answer.status, answer.problem()["code"], answer.header("retry-after")


@pytest.mark.parametrize(
    "limits",
    [{"concurrent_streams": 2}, {"per_client": {"concurrent_streams": 2}}, {"per_address": {"concurrent_streams": 2}}],
)
def test_places_are_limited_and_given_back(make_gateway, upstream, limits):
    gateway = make_gateway(upstream, **limited(limits))
    for _ in range(3):
        with gateway.session(), gateway.session():
            status, code, retry = refusal(gateway)
            assert (status, code) == (429, "too_many_sessions") and int(retry) >= 1
        eventually(lambda: try_session(gateway), "the places are free again")


def try_session(gateway):
    with gateway.client() as client:
        return client.try_upgrade().status == 101


def test_a_full_rule_leaves_another_alone(make_gateway, upstream):
    gateway = make_gateway(upstream, **limited({"concurrent_streams": 1}))
    with gateway.session():
        assert refusal(gateway)[0] == 429
        with gateway.session(headers=[("Origin", ORIGIN)]):
            pass


def test_places_come_back_however_a_session_ends(make_gateway, upstream):
    gateway = make_gateway(upstream, **limited({"concurrent_streams": 1}))

    def vanish(client):
        client.hang_up()

    def violate(client):
        client.send(b"\xff\xff")
        client.is_ended()

    def say_goodbye(client):
        client.send_eos()
        client.take_close()

    def start_twice(client):
        client.send_json(START)
        client.take_close()

    for end in (vanish, violate, say_goodbye, start_twice) * 3:

        def opens():
            try:
                return gateway.session()
            except AssertionError:
                return None

        client = eventually(opens, f"a place is free before {end.__name__}", timeout=8)
        end(client)
        client.hang_up()


def test_connects_are_limited(make_gateway, upstream):
    gateway = make_gateway(upstream, **limited({"per_client": {"connects_per_minute": 6, "connect_burst": 3}}))
    for _ in range(3):
        with gateway.session():
            pass
    status, code, retry = refusal(gateway)
    assert (status, code) == (429, "too_many_connects") and 1 <= int(retry) <= 10
    with gateway.client() as client:
        assert client.request("GET", "/gateway/policy").status == 429
        assert client.request("POST", TOKEN).status == 429


def test_a_rule_bounds_duration_and_messages(make_gateway, upstream):
    session = {"max_duration": "1s", "max_audio_message": "2KiB"}
    gateway = make_gateway(upstream, **limited({"session": session}))
    with gateway.session() as client:
        error, closed = client.take_ending(timeout=5)
        assert (error["code"], closed.code) == ("session_too_long", 1008)
    with gateway.session() as client:
        client.send_audio(bytes(4096))
        _, closed = client.take_ending()
        assert closed.code == 1009


def test_too_fast_is_held_back_and_then_sent_away(make_gateway, upstream):
    pace = {"max_realtime_factor": 2, "realtime_burst": "2s", "realtime_patience": "3s"}
    gateway = make_gateway(upstream, **limited({"session": pace}))
    with gateway.session() as client:
        began = time.monotonic()
        stop = threading.Event()

        def pour():
            try:
                while not stop.is_set():
                    client.send_audio(bytes(3200))
            except OSError:
                pass

        pouring = threading.Thread(target=pour)
        pouring.start()
        error, closed = client.take_ending(timeout=30)
        elapsed = time.monotonic() - began
        stop.set()
        client.hang_up()
        pouring.join(10)
    assert (error["code"], closed.code) == ("audio_too_fast", 1008)
    record = gateway.ended_session("audio_too_fast")
    # What was read: the burst, twice the time, and what came in one read beyond that.
    assert record["audio_seconds"] <= 2 + 2 * elapsed + 17


def test_real_time_is_never_held_back(make_gateway, upstream):
    gateway = make_gateway(upstream, **limited({"session": {"max_realtime_factor": 1, "realtime_burst": "2s"}}))
    with gateway.session() as client:
        client.send_audio(bytes(2 * SECOND))
        client.take_json()
        client.send_eos()
        client.take_close()


def budget(seconds, **more):
    return {"per_client": {"audio_seconds_per_day": seconds, **more}}


def test_a_budget_ends_the_session_with_what_was_said(make_gateway, upstream, tmp_path):
    gateway = make_gateway(upstream, **limited(budget(3), state_directory=str(tmp_path / "state")))
    with gateway.session(target=f"{STREAM}?gateway_events=1") as client:
        for _ in range(40):
            client.send_audio(bytes(3200))
        error, closed = client.take_ending(timeout=15)
    assert (error["code"], closed.code, error["retryable"]) == ("quota_exhausted", 1008, False)
    assert "begins anew at 20" in error["message"] and "T00:00:00Z" in error["message"]
    assert [m for m in client.texts if b'"gateway.warning"' in m]
    conn = upstream.next_stream()
    assert len(conn.audio) == 3 * SECOND and conn.eos_count == 1
    status, code, retry = refusal(gateway)
    assert (status, code) == (429, "quota_exhausted") and 1 <= int(retry) <= 86_400


def test_what_was_not_used_is_given_back(make_gateway, upstream, tmp_path):
    gateway = make_gateway(upstream, **limited(budget(3), state_directory=str(tmp_path / "state")))
    for _ in range(2):
        with gateway.session() as client:
            client.send_audio(bytes(SECOND))
            client.take_json()
            client.send_eos()
            client.take_close()
    gateway.terminate()
    again = make_gateway(upstream, **limited(budget(3), state_directory=str(tmp_path / "state")))
    with again.session() as client:
        for _ in range(20):
            client.send_audio(bytes(3200))
        assert client.take_ending()[0]["code"] == "quota_exhausted"
    total = sum(len(upstream.next_stream().audio) for _ in range(3))
    assert total == 3 * SECOND


def test_the_gateways_budget_is_everybodys(make_gateway, upstream, tmp_path):
    changes = {"budget": {"audio_seconds_per_day": 2}, "state_directory": str(tmp_path / "state")}
    gateway = make_gateway(upstream, **changes)
    with gateway.session(headers=[("Origin", ORIGIN)]) as client:
        client.send_audio(bytes(2 * SECOND))
        client.take_json()
    eventually(lambda: refusal(gateway)[1] == "quota_exhausted", "the budget is used up for others, too")


def test_a_service_that_hears_nobody_speak_ends_the_session_where_that_is_asked_for(make_gateway, make_upstream):
    def deaf(conn):
        conn.begin()
        conn.take_until_eos()
        conn.finish()

    limits = limited({"session": {"no_speech": "1500ms"}})
    gateway = make_gateway(make_upstream(stream=deaf), **limits)
    with gateway.session() as client:
        stop = threading.Event()

        def drone():
            while not stop.wait(0.1):
                try:
                    client.send_audio(bytes(3200))
                except OSError:
                    return

        droning = threading.Thread(target=drone)
        droning.start()
        error, closed = client.take_ending(timeout=15)
        stop.set()
        droning.join(5)
        assert (error["code"], closed.code) == ("idle_timeout", 1008) and "speech" in error["message"]
    # Where somebody is heard, the same audio goes on for as long as it likes.
    gateway = make_gateway(make_upstream(stream=echo), **limits)
    with gateway.session() as client:
        began = time.monotonic()
        while time.monotonic() < began + 3:
            client.send_audio(bytes(3200))
            assert client.take_json()["text"] == "heard 3200 bytes"


def test_failed_credentials_are_limited_and_good_ones_never(make_gateway, upstream, tmp_path):
    devices = Devices(tmp_path / "state")
    access = [{"name": "kiosks", "match": {"device": "*"}}]
    gateway = make_gateway(upstream, access=access, state_directory=str(devices.directory))
    good = [("X-API-Key", devices.add("kiosk"))]
    bad = [("X-API-Key", "fgd_" + "x" * 43)]

    def ask(client, headers):
        answer = client.request("POST", TOKEN, headers)
        return answer.status, answer.header("retry-after")

    def knows():
        with gateway.client() as client:
            return ask(client, good)[0] == 200

    eventually(knows, "the device is known", interval=0.5)
    client = gateway.client()
    statuses = []
    for _ in range(40):
        status, retry = ask(client, bad)
        statuses.append(status)
        if status == 429:
            assert int(retry) >= 1
            assert client.is_ended(), "the connection is closed at once"
            break
    client.hang_up()
    assert statuses[-1] == 429 and set(statuses[:-1]) == {401}
    with gateway.client() as client:
        for _ in range(50):
            assert ask(client, good)[0] == 200, "from the very same address"
    with gateway.client() as client:
        assert ask(client, bad)[0] == 429
    with gateway.session(headers=good):
        pass


def test_a_full_gateway_turns_others_away_and_hurts_nobody_inside(make_gateway, upstream):
    gateway = make_gateway(upstream, sessions={"max": 2})
    with gateway.session() as first, gateway.session() as second:
        waits = set()
        for number in range(30):
            status, code, retry = refusal(gateway)
            assert (status, code) == (503, "full")
            waits.add(int(retry))
            for client in (first, second):
                client.send_audio(bytes(640 + 2 * number))
                assert client.take_json()["text"] == f"heard {640 + 2 * number} bytes"
        assert min(waits) >= 1 and len(waits) > 1, "those who were turned away do not return together"
    eventually(lambda: try_session(gateway), "the places are free again")


def test_a_budget_cannot_be_declared_away(make_gateway, upstream):
    gateway = make_gateway(upstream, **limited({"per_client": {"audio_seconds_per_day": 10}}))
    with gateway.session(start={**START, "sample_rate": 384_000, "channels": 32}) as client:
        for _ in range(20):
            client.send_audio(bytes(SECOND))
        error, closed = client.take_ending()
        assert (error["code"], closed.code) == ("quota_exhausted", 1008)
    assert sum(len(stream.audio) for stream in upstream.streams) <= 10 * SECOND


def test_a_flood_of_text_messages_waits_in_the_clients_socket(make_gateway, upstream):
    gateway = make_gateway(upstream)
    message = json.dumps({"type": "ai_context", "text": "x"}).encode()
    with gateway.session() as client:
        client.send(client.frame(TEXT, message) * 3000)
        relayed = settled(lambda: len(upstream.streams[0].texts), quiet=0.3)
        assert 200 <= relayed < 1000
        with gateway.session():
            pass


def test_a_few_large_texts_are_fine(make_gateway, upstream):
    gateway = make_gateway(upstream)
    with gateway.session() as client:
        for _ in range(4):
            client.send_json({"type": "ai_context", "text": "x" * 60_000})
        client.send_eos()
        assert client.take_ending()[1].code == 1000
    assert len([text for text in upstream.streams[0].texts if b"ai_context" in text]) == 4
