"""The ledger and the commands that read it, across crashes and full disks."""

import json
import os
import signal
import sqlite3
import subprocess
import time

import pytest
from support.programs import run
from support.upstream import echo
from support.waiting import eventually


def rows(path, sql):
    """What a query finds in a ledger that a gateway may be writing; nothing as long as there is no ledger."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as ledger:
            return ledger.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []


def report(path, *arguments):
    done = run("usage", "report", "--ledger", path, "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def exported(path, *arguments):
    done = run("usage", "export", "--ledger", path, *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def ledger(tmp_path):
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "usage.sqlite"


@pytest.fixture
def serve(make_gateway, upstream, ledger):
    upstream.stream = echo

    def make(**usage):
        return make_gateway(upstream, usage={"ledger": str(ledger), **usage})

    return make


def talk(gateway, audio):
    with gateway.session() as client:
        client.send_audio(bytes(audio))
        client.send_eos()
        client.take_ending()


def test_ledger_log_and_metrics_tell_the_same_of_a_session(serve, ledger):
    gateway = serve()
    talk(gateway, 32_000)
    logged = gateway.ended_session("upstream_closed")
    eventually(lambda: rows(ledger, "SELECT * FROM sessions WHERE state = 'closed'"), "the session is in the ledger")
    (record,) = exported(ledger)
    for key in ("time", "level", "message"):
        del logged[key]
    assert {key: record[key] for key in logged} == logged
    assert set(record) - set(logged) == {"node", "sequence", "state"}
    assert record["audio_bytes"] == record["forwarded_bytes"] == 32_000
    assert record["address"] == "127.0.0.1" and record["client"] == "127.0.0.1"
    assert record["first_transcript_ms"] >= 0 and record["declared_bytes_per_second"] == 32_000
    assert gateway.metrics().sum("fennec_gateway_audio_bytes_total") == 32_000


def test_a_session_that_lives_is_in_the_ledger_as_it_stands(serve, ledger):
    gateway = serve()
    with gateway.session() as client:
        for total in (3200, 6400):
            client.send_audio(bytes(3200))
            eventually(
                lambda total=total: rows(ledger, "SELECT state, audio_bytes FROM sessions") == [("open", total)],
                f"the ledger knows of {total} bytes",
            )
        assert report(ledger)["total"]["open"] == 1
        assert exported(ledger) == []
    gateway.ended_session("client_lost")
    eventually(lambda: report(ledger)["total"]["open"] == 0, "the row is closed")


def test_a_crash_costs_at_most_what_came_since_the_last_commit(serve, ledger):
    gateway = serve()
    client = gateway.session()
    client.send_audio(bytes(64_000))
    eventually(lambda: rows(ledger, "SELECT audio_bytes FROM sessions") == [(64_000,)], "the ledger is up to date")
    gateway.process.send_signal(signal.SIGKILL)
    gateway.wait()
    gateway.process.returncode = 0
    again = serve()
    (record,) = exported(ledger)
    assert (record["state"], record["reason"], record["audio_bytes"]) == ("lost", "lost", 64_000)
    assert again.metrics().sum("fennec_gateway_ledger_lost_sessions_total") == 1
    total = report(ledger)["total"]
    assert (total["sessions"], total["lost"], total["audio_bytes"]) == (1, 1, 64_000)
    talk(again, 3200)
    eventually(lambda: len(exported(ledger)) == 2, "new sessions are kept besides")
    first, second = exported(ledger)
    assert first["node"] == second["node"] and first["sequence"] < second["sequence"]
    assert exported(ledger, "--since", first["sequence"]) == [second]


def test_a_ledger_that_cannot_be_written_stops_no_session_and_recovers(serve, ledger):
    elsewhere = ledger.parent.parent / "elsewhere"
    ledger.parent.rename(elsewhere)
    gateway = serve()
    assert gateway.metrics().sum("fennec_gateway_ledger_failing") == 1
    talk(gateway, 3200)
    gateway.ended_session("upstream_closed")
    elsewhere.rename(ledger.parent)
    eventually(lambda: rows(ledger, "SELECT state FROM sessions") == [("closed",)], "the session is written late")
    metrics = gateway.metrics()
    assert metrics.sum("fennec_gateway_ledger_failing") == 0
    assert metrics.sum("fennec_gateway_ledger_dropped_records_total") == 0
    assert metrics.sum("fennec_gateway_ledger_failures_total") > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_stops_no_session_and_recovers(make_gateway, upstream, tmp_path):
    upstream.stream = echo
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    try:
        gateway = make_gateway(upstream, usage={"ledger": str(disk / "usage.sqlite")})
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        for _ in range(30):
            talk(gateway, 3200)
        eventually(
            lambda: gateway.metrics().sum("fennec_gateway_ledger_failures_total", kind="full") > 0,
            "the ledger is full",
        )
        filler.unlink()
        path = disk / "usage.sqlite"
        eventually(lambda: rows(path, "SELECT count(*) FROM sessions WHERE state = 'closed'") == [(30,)], "all are kept")
        assert gateway.metrics().sum("fennec_gateway_ledger_dropped_records_total") == 0
        assert gateway.terminate() == 0
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_read_only_disk_stops_no_session_and_recovers(make_gateway, upstream, tmp_path):
    upstream.stream = echo
    disk = tmp_path / "disk"
    disk.mkdir()
    path = disk / "usage.sqlite"
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=True)
    try:
        first = make_gateway(upstream, usage={"ledger": str(path)})
        talk(first, 3200)
        assert first.terminate() == 0
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        gateway = make_gateway(upstream, usage={"ledger": str(path)})
        for _ in range(3):
            talk(gateway, 3200)
        waiting = "fennec_gateway_ledger_waiting_records"
        eventually(lambda: gateway.metrics().sum(waiting) == 3, "three records wait")
        assert gateway.metrics().sum("fennec_gateway_ledger_failures_total", kind="read_only") > 0
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        eventually(lambda: rows(path, "SELECT count(*) FROM sessions WHERE state = 'closed'") == [(4,)], "all are kept")
        eventually(lambda: gateway.metrics().sum(waiting) == 0, "nothing waits")
        assert gateway.metrics().sum("fennec_gateway_ledger_dropped_records_total") == 0
        assert gateway.terminate() == 0
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_an_orderly_end_closes_every_row(serve, ledger):
    gateway = serve()
    with gateway.session() as client:
        client.send_audio(bytes(3200))
        assert gateway.terminate() == 0
        client.take_ending()
    assert rows(ledger, "SELECT state, ended_by, reason FROM sessions") == [("closed", "gateway", "restart")]


def test_reports_add_up_by_each_fact_and_in_each_form(serve, ledger):
    gateway = serve()
    for audio in (3200, 64_000):
        talk(gateway, audio)
    eventually(lambda: report(ledger)["total"]["sessions"] == 2, "both are kept")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for by, key in {"client": "127.0.0.1", "policy": "default", "origin": "", "day": today}.items():
        (row,) = report(ledger, "--by", by)["rows"]
        assert row[by] == key and row["audio_bytes"] == 67_200 and row["audio_seconds"] == 2.1
    for since in ("1h", "7d", today, f"{today}T00:00:00Z"):
        assert report(ledger, "--since", since)["total"]["audio_bytes"] == 67_200
    assert report(ledger, "--since", "2999-01-01")["rows"] == []
    priced = run("usage", "report", "--ledger", ledger, "--format", "csv", "--price-per-minute", "2")
    header, line = priced.stdout.splitlines()
    assert dict(zip(header.split(","), line.split(",")))["cost"] == "0.07"
    table = run("usage", "report", "--ledger", ledger).stdout.splitlines()
    assert [line.split()[0] for line in table] == ["day", today, "total"]


def test_costs_follow_the_price_of_the_configuration(serve, ledger):
    gateway = serve(price_per_minute=3)
    talk(gateway, 640_000)
    eventually(lambda: report(ledger)["total"]["sessions"] == 1, "it is kept")
    assert "cost" not in report(ledger)["total"], "a ledger alone knows of no price"
    done = run("usage", "report", "--config", gateway.config, "--format", "json")
    assert json.loads(done.stdout)["total"]["cost"] == 1
    assert json.loads(gateway.admin("/usage?by=client")[1])["rows"][0]["cost"] == 1
    done = run("usage", "report", "--config", gateway.config, "--format", "json", "--price-per-minute", "6")
    assert json.loads(done.stdout)["total"]["cost"] == 2


def test_lines_of_json_go_to_a_file_that_may_be_rotated(serve, tmp_path):
    lines = tmp_path / "usage.jsonl"
    gateway = serve(jsonl=str(lines))
    talk(gateway, 3200)
    eventually(lambda: lines.exists() and lines.read_text().count("\n") == 1, "the first line")
    lines.rename(tmp_path / "usage.jsonl.1")
    talk(gateway, 6400)
    eventually(lambda: lines.exists() and lines.read_text().count("\n") == 1, "the second line, in a new file")
    assert json.loads(lines.read_text())["audio_bytes"] == 6400


@pytest.mark.parametrize(("form", "kept"), [("full", "127.0.0.1"), ("truncated", "127.0.0.0"), ("none", None)])
def test_of_addresses_only_what_was_configured_is_kept(serve, ledger, form, kept):
    gateway = serve(address=form)
    talk(gateway, 3200)
    record = gateway.ended_session("upstream_closed")
    assert record.get("address") == kept and record["client"] == (kept or "unknown")
    eventually(lambda: rows(ledger, "SELECT address FROM sessions") == [(kept,)], "the ledger keeps the same")


def test_hashed_addresses_link_sessions_and_tell_no_address(serve):
    gateway = serve(address="hashed")
    for _ in range(2):
        talk(gateway, 3200)
    eventually(lambda: len(gateway.session_log_lines()) == 2, "both have ended")
    addresses = {line["address"] for line in gateway.session_log_lines()}
    assert len(addresses) == 1 and "127.0.0" not in json.dumps(gateway.session_log_lines())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_root_reads_as_the_owner_and_leaves_no_file_of_its_own(serve, ledger):
    gateway = serve()
    talk(gateway, 3200)
    eventually(lambda: rows(ledger, "SELECT * FROM sessions WHERE state = 'closed'"), "the session is kept")
    assert gateway.terminate() == 0
    nobody = 65534
    directory = ledger.parent
    for parent in directory.parents:
        if parent.owner() == "root" and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o011)
    for file in (directory, *directory.iterdir()):
        os.chown(file, nobody, nobody)
    assert report(ledger)["total"]["sessions"] == 1
    assert {file.stat().st_uid for file in directory.iterdir()} == {nobody}


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["report"], 64, "either --config FILE or --ledger FILE"),
        (["report", "--ledger", "{}", "--config", "{}"], 64, "either --config FILE or --ledger FILE"),
        (["report", "--ledger", "{}"], 1, "cannot be opened"),
        (["report", "--ledger", "{}", "--since", "2026-02-30"], 64, "expected 36h, 7d"),
        (["report", "--ledger", "{}", "--by", "colour"], 64, "client"),
        (["export", "--ledger", "{}", "--since=-1"], 64, "expected a sequence"),
        (["report", "--config", "{}"], 78, "{}"),
    ],
)
def test_commands_say_what_is_wrong(tmp_path, arguments, status, words):
    path = str(tmp_path / "none")
    done = run("usage", *[argument.format(path) for argument in arguments])
    assert done.returncode == status, done.stderr
    assert words.format(path) in done.stderr


def test_a_cursor_of_another_ledger_is_told(serve, ledger):
    gateway = serve()
    talk(gateway, 3200)
    eventually(lambda: exported(ledger), "the session is kept")
    done = run("usage", "export", "--ledger", ledger, "--since", "99")
    assert done.returncode == 1 and "begin with 0" in done.stderr


def test_check_config_tells_where_usage_goes(serve, ledger):
    gateway = serve()
    assert str(ledger) in run("check-config", gateway.config).stdout
    done = run("usage", "report", "--config", gateway.config, "--format", "csv")
    assert done.returncode == 0 and done.stdout.startswith("day,sessions,open,lost,")



def test_readiness_follows_the_ledger_when_it_is_asked_to(make_gateway, upstream, ledger):
    upstream.stream = echo
    elsewhere = ledger.parent.parent / "elsewhere"
    ledger.parent.rename(elsewhere)
    gateway = make_gateway(upstream, ready=False, usage={"ledger": str(ledger), "on_failure": "unready"})
    assert gateway.admin("/readyz") == (503, "ledger\n")
    status, words = gateway.admin("/readyz?verbose")
    assert status == 503 and words.startswith("ok draining\nok event_loops\nfailed ledger: ") and words.endswith("\nnot ready\n")
    assert gateway.admin("/livez") == (200, "ok\n")
    talk(gateway, 3200)
    elsewhere.rename(ledger.parent)
    eventually(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
    passed = "ok draining\nok event_loops\nok ledger\nok api_key\nready\n"
    assert gateway.admin("/readyz?verbose") == (200, passed)


def test_the_admin_surface_reports_too(serve, ledger):
    gateway = serve()
    talk(gateway, 3200)
    eventually(lambda: report(ledger)["total"]["sessions"] == 1, "the session is kept")
    status, body = gateway.admin("/usage?by=client&since=2020-01-01")
    assert status == 200 and json.loads(body) == report(ledger, "--by", "client")
    assert gateway.admin("/usage?by=colour")[0] == 400
    assert gateway.admin("/usage?since=yesterday")[0] == 400


def test_without_a_ledger_the_admin_surface_says_so(gateway):
    status, body = gateway.admin("/usage")
    assert status == 404 and "usage.ledger" in body
