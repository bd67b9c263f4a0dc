"""The usage record of a session and the metrics, against what was really sent."""

import pytest
from support.upstream import echo
from support.waiting import eventually


def speak(conn):
    conn.begin()
    conn.take_until_eos()
    conn.send_json({"type": "partial", "text": "he was"})
    conn.final("he was not an ill disposed young man")
    conn.send_json({"text": "Zoë said: fine"})
    conn.finish()


def test_a_session_leaves_one_complete_record(gateway, upstream):
    upstream.stream = speak
    with gateway.session() as client:
        for _ in range(50):
            client.send_audio(bytes(3200))
        client.send_eos()
        assert client.take_ending()[1].code == 1000
    record = gateway.ended_session("upstream_closed")
    assert record["session"] and "127.0.0.1" in record["client"]
    assert record["rule"] == "local"
    expected = {
        "audio_seconds": 5,
        "audio_bytes": 160_000,
        "frames": 50,
        "utterances": 2,
        "words": 11,
        "characters": len("he was not an ill disposed young man") + len("Zoë said: fine"),
        "ended_by": "upstream",
        "close_code": 1000,
        "reason": "upstream_closed",
    }
    assert {key: record[key] for key in expected} == expected
    for duration in ("duration_ms", "ready_ms", "mint_ms"):
        assert 0 <= record[duration] < 30_000, duration
    assert len(gateway.session_log_lines()) == 1


def test_sessions_have_different_names(gateway, upstream):
    upstream.stream = echo
    for _ in range(3):
        with gateway.session() as client:
            client.send_eos()
            client.take_ending()
    eventually(lambda: len(gateway.session_log_lines()) == 3, "three records")
    assert len({record["session"] for record in gateway.session_log_lines()}) == 3


def test_a_session_that_ends_badly_is_accounted_for_all_the_same(gateway, upstream):
    upstream.stream = echo
    client = gateway.session()
    client.send_audio(bytes(32_000))
    assert client.take_json()["text"] == "heard 32000 bytes"
    client.abandon()
    record = gateway.ended_session("client_lost")
    assert (record["audio_bytes"], record["audio_seconds"], record["utterances"]) == (32_000, 1, 1)


def test_metrics_tell_of_sessions_as_they_come_and_go(gateway, upstream):
    upstream.stream = speak
    with gateway.session() as client:
        client.send_audio(bytes(64_000))
        assert gateway.metrics().sum("fennec_gateway_sessions_active") == 1
        client.send_eos()
        client.take_ending()
    gateway.ended_session("upstream_closed")
    metrics = gateway.metrics()
    assert metrics.sum("fennec_gateway_sessions_active") == 0
    assert metrics.sum("fennec_gateway_sessions_total") == 1
    assert metrics.sum("fennec_gateway_session_closes_total", side="upstream", code="upstream_closed") == 1
    assert metrics.sum("fennec_gateway_audio_seconds_total") == pytest.approx(2)
    directions = {
        labels["direction"]: value
        for name, labels, value in metrics.samples
        if name == "fennec_gateway_relayed_bytes_total"
    }
    assert len(directions) == 2 and max(directions.values()) >= 64_000 and min(directions.values()) > 0
    assert metrics.sum("fennec_gateway_mint_seconds_count") == 1
    assert metrics.sum("fennec_gateway_time_to_ready_seconds_count") == 1
    assert metrics.sum("fennec_gateway_build_info") == 1


def test_histograms_are_cumulative_and_close_with_infinity(gateway, upstream):
    upstream.stream = speak
    with gateway.session() as client:
        client.send_eos()
        client.take_ending()
    gateway.ended_session("upstream_closed")
    metrics = gateway.metrics()
    for name in ("fennec_gateway_mint_seconds", "fennec_gateway_time_to_ready_seconds"):
        buckets = [(labels["le"], value) for found, labels, value in metrics.samples if found == f"{name}_bucket"]
        counts = [value for _, value in buckets]
        assert counts == sorted(counts) and buckets[-1] == ("+Inf", 1), buckets
        assert metrics.sum(f"{name}_sum") > 0


def test_metrics_are_described(gateway):
    text = gateway.metrics().text
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            assert f"# HELP {line.split(' ')[2]} " in text, line
    assert "# TYPE fennec_gateway_sessions_active gauge" in text
    assert "# TYPE fennec_gateway_sessions_total counter" in text
    assert "# TYPE fennec_gateway_mint_seconds histogram" in text


def test_refusals_are_counted_by_code(gateway):
    for _ in range(2):
        with gateway.client() as client:
            assert client.request("GET", "/nowhere").status == 404
    assert gateway.metrics().sum("fennec_gateway_refusals_total", code="not_found") == 2


def test_strangers_cannot_make_new_labels(gateway):
    before = len(gateway.metrics().samples)
    for number in range(20):
        with gateway.client() as client:
            client.request("GET", f"/nowhere/{number}", [("Origin", f"https://stranger{number}.example")])
    assert "stranger" not in gateway.metrics().text
    assert len(gateway.metrics().samples) == before
