"""Under a service manager: what it is told, and that the watchdog is fed only by a program that lives."""

import json
import resource
import signal
import subprocess
import threading
import time

import pytest
from support.manager import HeldThread, NotifySocket, threads_named
from support.programs import program
from support.settings import settings, to_yaml
from support.upstream import echo
from support.waiting import eventually


@pytest.fixture
def notify(tmp_path):
    made = NotifySocket(tmp_path)
    yield made
    made.close()


@pytest.fixture
def upstream(make_upstream):
    return make_upstream(stream=echo)


def serve(tmp_path, before, environment=None, limit=None, **changes):
    """Runs a gateway that will not start: (exit status, what it said)."""
    config = tmp_path / "gateway.yaml"
    config.write_text(to_yaml(settings(tmp_path, before.token_url, before.stream_url, **changes)))
    done = subprocess.run(
        [program("fennec-gateway", "FENNEC_GATEWAY"), "serve", "--config", config],
        env=environment,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return done.returncode, done.stderr


def test_the_life_of_a_service_is_told_in_order(make_gateway, upstream, notify):
    gateway = make_gateway(upstream, notify.environment)
    ready = notify.wait_for("READY")
    assert ready["READY"] == "1" and ready["STATUS"] == "Relaying 0 of 1000 sessions"
    with gateway.session():
        eventually(lambda: "Relaying 1 of 1000 sessions" in notify.statuses, lambda: notify.statuses)
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert gateway.hang_up() == "success"
        reloading = notify.wait_for("RELOADING")
        assert before <= int(reloading["MONOTONIC_USEC"]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert notify.wait_for("READY", 2)["STATUS"] == "Relaying 1 of 1000 sessions"
        assert gateway.reload("nonsense: 1\n") == "failure"
        assert "was not reloaded" in notify.wait_for("READY", 3)["STATUS"]
    assert gateway.terminate() == 0
    notify.wait_for("STOPPING")
    assert notify.order == ["READY", "RELOADING", "READY", "RELOADING", "READY", "STOPPING"]


def test_ready_is_told_when_the_listeners_listen_and_not_before_the_key_is_read(
    make_gateway, upstream, notify, tmp_path
):
    status, said = serve(
        tmp_path, upstream, notify.environment, upstream={"api_key": {"credential": "fennec-api-key"}}
    )
    assert status == 78 and "/etc/credstore/fennec-api-key" in said
    assert not notify.messages
    gateway = make_gateway(upstream, notify.environment, ready=False)
    notify.wait_for("READY")
    assert gateway.admin("/readyz")[0] == 200
    with gateway.session():
        pass


def test_the_stop_asks_for_the_time_that_it_may_take(make_gateway, upstream, notify):
    released = threading.Event()

    def hold(conn):
        conn.begin()
        conn.take_until_eos()
        released.wait(30)
        conn.finish()

    upstream.stream = hold
    gateway = make_gateway(
        upstream, notify.environment, sessions={"drain_lead": "1s", "drain_max": "1s", "drain_timeout": "40s"}
    )
    with gateway.session() as client:
        gateway.process.send_signal(signal.SIGTERM)
        first = notify.wait_for("EXTEND_TIMEOUT_USEC")
        # 1 s, 1 s, 40 s and what the closes may take.
        assert 42_000_000 < int(first["EXTEND_TIMEOUT_USEC"]) < 60_000_000
        assert first["STATUS"].startswith("Stopping: 1 sessions, ")
        fourth = notify.wait_for("EXTEND_TIMEOUT_USEC", 4)
        assert int(fourth["EXTEND_TIMEOUT_USEC"]) < int(first["EXTEND_TIMEOUT_USEC"])
        released.set()
        assert client.take_close().code == 1012
    assert gateway.wait() == 0


# The watchdog


def fed(notify):
    return len(notify.all("WATCHDOG"))


@pytest.mark.parametrize("name", ["NIO-SGLTN", "mint"])
def test_the_watchdog_starves_while_one_thread_is_held_up(make_gateway, upstream, notify, name):
    interval = 0.6
    gateway = make_gateway(upstream, {**notify.environment, "WATCHDOG_USEC": str(int(interval * 1e6))})
    notify.wait_for("WATCHDOG", 3)
    # Their names begin alike, and they are many on large machines: each is one that the feed must wait for.
    threads = threads_named(gateway.pid, name)
    assert threads, threads_named(gateway.pid, "")
    for thread in threads[:3]:
        with HeldThread(thread):
            before, held = fed(notify), time.monotonic()
            # A feed may be on its way; after two intervals without one systemd would have acted.
            eventually(lambda: time.monotonic() - held > 2 * interval, "time passes")
            assert fed(notify) <= before + 1
        starved = fed(notify)
        eventually(lambda: fed(notify) > starved + 1, "it is fed again")


def test_without_a_watchdog_nothing_feeds_it(make_gateway, upstream, notify):
    gateway = make_gateway(upstream, {**notify.environment, "WATCHDOG_USEC": "30000", "WATCHDOG_PID": "1"})
    notify.wait_for("READY")
    assert gateway.terminate() == 0
    assert not notify.all("WATCHDOG")


# The limit on open files


def few_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (600, 600))


def test_too_few_open_files_for_the_sessions_are_a_wrong_configuration(tmp_path, upstream):
    status, said = serve(tmp_path, upstream, limit=few_files, sessions={"max": 200})
    assert status == 78
    assert "656 open files" in said and "LimitNOFILE=656" in said and "600" in said


def test_a_soft_limit_is_raised_by_itself(make_gateway, upstream):
    def soft():
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))

    gateway = make_gateway(upstream, start={"preexec_fn": soft})
    assert gateway.metrics().sum("process_max_fds") >= 2256


def test_more_sessions_than_files_are_not_put_in_force_by_a_reload(make_gateway, upstream):
    gateway = make_gateway(upstream, start={"preexec_fn": few_files}, sessions={"max": 100})
    assert gateway.reload(sessions={"max": 10_000}) == "failure"
    assert "LimitNOFILE=20256" in gateway.output
    assert json.dumps(gateway.metrics().sum("fennec_gateway_sessions_limit")) == "100.0"
