"""Tokens that are minted before they are needed, and what becomes of the tokens endpoint's moods."""

import threading

import pytest
from support.client import START
from support.settings import key_file
from support.upstream import echo, mint
from support.waiting import eventually, settled

ON_DEMAND = {"token_pool": {"ceiling": 0}}


def pool(**settings):
    return {"token_pool": settings}


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def size(gateway):
    return gateway.metrics().sum("fennec_gateway_token_pool_size")


def lines(gateway, level):
    """The log lines of this level, without those of sessions."""
    return [line["message"] for line in gateway.objects(gateway.stderr) if line.get("level") == level]


def test_tokens_are_ready_before_anybody_comes(make_gateway, upstream):
    gateway = make_gateway(upstream, upstream=pool(floor=2, ceiling=4))
    eventually(lambda: size(gateway) == 2, "two tokens are ready")
    before = set(upstream.tokens)
    assert len(before) == 2
    with gateway.session():
        assert upstream.next_stream().token in before
    metrics = gateway.metrics()
    assert metrics.sum("fennec_gateway_token_pool_hits_total") == 1
    assert metrics.sum("fennec_gateway_token_pool_misses_total") == 0
    assert metrics.sum("fennec_gateway_mints_total", outcome="ok") == len(upstream.tokens)


def test_no_token_is_used_twice(make_gateway, upstream):
    gateway = make_gateway(upstream, upstream=pool(floor=1, ceiling=8))

    def sessions():
        for _ in range(5):
            with gateway.session():
                pass

    threads = [threading.Thread(target=sessions) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    used = [conn.token for conn in upstream.streams]
    assert len(used) == 40 and len(set(used)) == 40
    metrics = gateway.metrics()
    served = metrics.sum("fennec_gateway_token_pool_hits_total") + metrics.sum("fennec_gateway_token_pool_misses_total")
    assert served == 40


def test_a_token_that_is_too_old_is_replaced(make_gateway, upstream):
    gateway = make_gateway(upstream, upstream=pool(floor=1, ceiling=1, max_age="1s"))
    eventually(
        lambda: gateway.metrics().sum("fennec_gateway_token_pool_expired_total") >= 2, "tokens expire", timeout=20
    )
    eventually(lambda: size(gateway) == 1, "the next one is ready")
    last = upstream.tokens[-1]
    with gateway.session():
        assert upstream.next_stream().token not in upstream.tokens[:2]
    assert last in upstream.tokens


def test_without_a_pool_no_token_is_minted_ahead(make_gateway, upstream):
    gateway = make_gateway(upstream, upstream=ON_DEMAND)
    with gateway.session():
        pass
    assert settled(lambda: len(upstream.tokens)) == 1


def test_a_refused_key_makes_the_gateway_unready_and_is_told_of_once(make_gateway, upstream):
    upstream.mint = lambda conn: conn.reply(401)
    gateway = make_gateway(upstream, ready=False, upstream=pool(floor=1, ceiling=1))
    eventually(lambda: gateway.admin("/readyz")[0] == 503, "it is not ready")
    assert "key" in gateway.admin("/readyz")[1] and gateway.admin("/livez")[0] == 200
    eventually(lambda: len(upstream.mints) >= 3, "it tries again by itself, ever more rarely", timeout=20)
    assert len(lines(gateway, "critical")) == 1
    assert gateway.metrics().sum("fennec_gateway_api_key_events_total", event="refused") == 1
    upstream.mint = mint
    eventually(lambda: gateway.admin("/readyz")[0] == 200, "it is ready again", timeout=30)
    assert gateway.metrics().sum("fennec_gateway_api_key_events_total", event="accepted") == 1


def test_a_refused_key_causes_no_storm(make_gateway, upstream):
    upstream.mint = lambda conn: conn.reply(403)
    gateway = make_gateway(upstream, upstream=ON_DEMAND)
    answers = []
    for _ in range(30):
        with gateway.client() as client:
            answer = client.try_upgrade()
            answers.append(answer.status)
            if answer.status == 101:
                client.take_ending()
    assert 503 in answers
    assert len(upstream.mints) < 10, "sessions are turned away without asking"
    assert len(lines(gateway, "critical")) == 1


@pytest.mark.parametrize("status", [401, 403, 429])
def test_the_next_key_serves_while_the_first_does_not(make_gateway, upstream, tmp_path, status):
    (tmp_path / "second").mkdir()
    keys = [{"file": str(key_file(tmp_path, "the-first"))}, {"file": str(key_file(tmp_path / "second", "the-second"))}]

    def choosy(conn):
        if conn.request.header("x-api-key") == "the-first":
            conn.reply(status)
        else:
            mint(conn)

    upstream.mint = choosy
    gateway = make_gateway(upstream, upstream={**ON_DEMAND, "api_key": None, "api_keys": keys})
    for _ in range(5):
        with gateway.session():
            pass
    used = [request.header("x-api-key") for request in upstream.mints]
    assert used[:2] == ["the-first", "the-second"] and used.count("the-second") == 5
    assert used.count("the-first") == 1
    event = "limited" if status == 429 else "refused"
    assert gateway.metrics().sum("fennec_gateway_api_key_events_total", event=event) == 1


def test_keys_with_weights_share_the_work(make_gateway, upstream, tmp_path):
    (tmp_path / "second").mkdir()
    keys = [
        {"file": str(key_file(tmp_path, "the-first")), "weight": 3},
        {"file": str(key_file(tmp_path / "second", "the-second")), "weight": 1},
    ]
    gateway = make_gateway(upstream, upstream={**ON_DEMAND, "api_key": None, "api_keys": keys})
    for _ in range(8):
        with gateway.session():
            pass
    used = [request.header("x-api-key") for request in upstream.mints]
    assert (used.count("the-first"), used.count("the-second")) == (6, 2)


@pytest.mark.parametrize("form", ["7", "Wed, 01 Jan 2070 00:00:00 GMT"], ids=["seconds", "date"])
def test_after_a_429_nobody_asks_before_its_time(make_gateway, upstream, form):
    upstream.mint = lambda conn: conn.reply(429, "{}", [("Retry-After", form)])
    gateway = make_gateway(upstream, upstream=ON_DEMAND, sessions={"connect_timeout": "2s"})
    with gateway.client().upgrade() as client:
        error, closed = client.take_ending()
        assert (closed.code, closed.reason) == (1013, "token_unavailable")
        assert 7000 <= error["retry_after_ms"] <= 60_000
    for _ in range(5):
        with gateway.client() as client:
            answer = client.try_upgrade()
            assert answer.status == 503 and answer.problem()["code"] == "upstream_unavailable"
            assert 5 <= int(answer.header("retry-after")) <= 60
    assert len(upstream.mints) == 1
    assert len(lines(gateway, "warning")) == 1


def test_after_failures_in_a_row_sessions_are_kept_away_until_a_probe_succeeds(make_gateway, upstream):
    upstream.mint = lambda conn: conn.reply(500)
    gateway = make_gateway(upstream, upstream=ON_DEMAND)

    def attempt():
        with gateway.client() as client:
            answer = client.try_upgrade()
            if answer.status == 101:
                client.send_json(START)
                error, _ = client.take_ending()
                return error
            return answer

    def opened():
        answer = attempt()
        return answer if getattr(answer, "status", None) == 503 else None

    answer = eventually(opened, "sessions are turned away before the upgrade")
    assert answer.problem()["code"] == "upstream_unavailable" and int(answer.header("retry-after")) >= 1
    assert gateway.metrics().sum("fennec_gateway_mint_circuit_open") == 1
    assert len(lines(gateway, "error")) == 1
    asked = len(upstream.mints)
    assert asked <= 9
    upstream.mint = mint

    def works():
        with gateway.client() as client:
            return client.try_upgrade().status == 101 and client.send_json(START) is None and client.take_json()

    eventually(works, "the probe succeeds", timeout=20)
    assert gateway.metrics().sum("fennec_gateway_mint_circuit_open") == 0


def test_a_stream_endpoint_that_fails_is_left_alone_for_a_while(make_gateway, upstream):
    upstream.stream = lambda conn: conn.reply(503)
    gateway = make_gateway(upstream, upstream=ON_DEMAND)
    statuses = []
    for _ in range(12):
        with gateway.client() as client:
            answer = client.try_upgrade()
            statuses.append(answer.status)
            if answer.status == 101:
                client.take_ending()
    assert statuses[:8] == [101] * 8 and set(statuses[8:]) == {503}
    assert len(upstream.streams) == 8
    assert gateway.metrics().sum("fennec_gateway_dial_circuit_open") == 1
    upstream.stream = echo

    def works():
        with gateway.client() as client:
            return client.try_upgrade().status == 101 and client.send_json(START) is None and client.take_json()

    eventually(works, "the probe succeeds", timeout=20)
    assert gateway.metrics().sum("fennec_gateway_dial_circuit_open") == 0


def test_connections_that_wait_for_start_are_capped(make_gateway, upstream):
    gateway = make_gateway(upstream, upstream={**ON_DEMAND, "early_connections": 2})
    clients = [gateway.client().upgrade() for _ in range(4)]
    assert settled(lambda: len(upstream.streams)) == 2
    assert gateway.metrics().sum("fennec_gateway_early_connections") == 2
    clients[3].send_json(START)
    assert clients[3].take_json()["type"] == "ready"
    clients[0].send_json(START)
    assert clients[0].take_json()["type"] == "ready"
    assert len(upstream.streams) == 3
    clients.append(gateway.client().upgrade())
    eventually(lambda: len(upstream.streams) == 4, "the place that became free is taken")
    for client in clients:
        client.hang_up()
    eventually(lambda: gateway.metrics().sum("fennec_gateway_early_connections") == 0, "all places are free again")


def test_an_upstream_that_ends_before_start_is_dialled_again_with_a_new_token(make_gateway, upstream):
    upstream.stream = lambda conn: (conn.accept(), conn.finish(1001))
    gateway = make_gateway(upstream, upstream=ON_DEMAND)
    with gateway.client().upgrade() as client:
        assert upstream.next_stream().ended.wait(10)
        upstream.stream = echo
        client.send_json(START)
        assert client.take_json()["type"] == "ready"
    first, second = [conn.token for conn in upstream.streams]
    assert first != second
