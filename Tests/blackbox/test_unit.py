"""The systemd unit: how much it exposes, and that the daemon lives within it, all without a running systemd."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from support.manager import AS_ROOT, CLIENTS
from support.programs import ROOT, Gateway, program, run
from support.settings import settings

UNITS = ROOT / "deploy/systemd"
SERVICE = UNITS / "fennec-gateway.service"
USER = 65534


def directives(path=SERVICE):
    """Every setting of a unit file, as a list of its values in order."""
    found = {}
    for line in path.read_text().splitlines():
        if re.match(r"[A-Z]\w*=", line):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def only(name):
    (value,) = directives()[name]
    return value


def analyze(*arguments, **options):
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, **options
    )


def test_the_exposure_is_at_most_1_1():
    done = analyze("security", "--offline=true", SERVICE)
    assert done.returncode == 0, done.stderr
    assert "Unknown" not in done.stderr
    assert float(re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)[1]) <= 1.1
    assert analyze("security", "--offline=true", "--threshold=11", SERVICE).returncode == 0


def test_systemd_reads_the_units_without_a_word(tmp_path):
    for unit in [*UNITS.glob("*.service"), *UNITS.glob("*.socket")]:
        text = unit.read_text().replace("/usr/bin/fennec-gateway", program("fennec-gateway", "FENNEC_GATEWAY"))
        (tmp_path / unit.name).write_text(text)
    units = sorted(tmp_path.iterdir())
    assert len(units) == 3
    done = analyze("verify", "--man=no", *units, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"})
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_the_unit_promises_fits_what_the_daemon_needs():
    assert only("Type") == "notify" and only("NotifyAccess") == "main"
    assert only("RestartPreventExitStatus") == "64 78"
    assert only("LoadCredential") == "fennec-api-key", "by bare name: a path that is missing would end the start with 243"
    assert "DynamicUser" not in directives()
    assert only("Environment") == "SWIFT_BACKTRACE=enable=no"
    check, hang_up = directives()["ExecReload"]
    assert "check-config" in check and "kill -HUP" in hang_up
    # drain_lead, drain_max, drain_timeout and close_timeout of the defaults, with what is added to them.
    assert int(only("TimeoutStopSec")) > 0 + 5 + (10 + 1) + (5 + 1) + 5
    summary = run("check-config", ROOT / "config/fennec-gateway.yaml").stdout
    assert int(only("LimitNOFILE")) >= int(re.search(r"takes (\d+) open files", summary)[1])
    names = {directives(unit)["FileDescriptorName"][0] for unit in UNITS.glob("*.socket")}
    assert names == {"public", "admin"}
    assert all(directives(unit)["Service"] == [SERVICE.name] for unit in UNITS.glob("*.socket"))


def test_the_check_before_a_reload_needs_no_credential(tmp_path):
    file = tmp_path / "fennec-gateway.yaml"
    shutil.copy(ROOT / "config/minimal.yaml", file)
    arguments = directives()["ExecReload"][0].split()[1:-1]
    environment = {name: value for name, value in os.environ.items() if name != "CREDENTIALS_DIRECTORY"}
    command = [program("fennec-gateway", "FENNEC_GATEWAY"), *arguments, str(file)]
    assert subprocess.run(command, env=environment, timeout=20, check=False).returncode == 0
    file.write_text(file.read_text() + "nonsense: 1\n")
    done = subprocess.run(command, env=environment, timeout=20, check=False, capture_output=True)
    assert done.returncode == 78, "a file with mistakes fails the reload"


# System calls


# What the filter answers with EPERM, to no harm: Swift's libdispatch wants other nice values for its threads, which only
# root may have, and SQLite gives its files to their owner when it is run by root.
HARMLESS = {"setpriority", "fchown"}


def call_groups():
    """The groups of system calls that systemd knows."""
    groups = {}
    listing = analyze("syscall-filter").stdout
    for block in re.split(r"\n(?=@)", listing):
        name, *members = [line.strip() for line in block.splitlines() if not line.strip().startswith("#")]
        groups[name] = [member for member in members if member]
    return groups


def allowed_calls():
    """What the unit's filter lets through, its groups expanded."""
    groups = call_groups()

    def expand(item):
        return set().union(*map(expand, groups[item])) if item.startswith("@") else {item}

    # What every filter lets through.
    allowed = expand("@default")
    for rule in directives()["SystemCallFilter"]:
        calls = set().union(*map(expand, rule.lstrip("~").split()))
        allowed = allowed - calls if rule.startswith("~") else allowed | calls
    return allowed


def test_the_filter_is_understood():
    allowed = allowed_calls()
    assert {"read", "accept4", "mlock", "epoll_wait"} <= allowed
    assert not {"ptrace", "mount", "bpf", "setuid", "chown", "reboot", "mlockall", "keyctl"} & allowed


TRACED = [
    "test_relay.py",
    "test_tls.py",
    "test_reload.py",
    "test_ledger.py",
    "test_sigterm.py",
    "test_activation.py",
    "test_journald.py",
    "test_devices.py",
    "test_tickets.py",
]


@pytest.mark.timeout(500)
def test_every_system_call_of_the_black_box_tests_is_in_the_filter(tmp_path):
    calls = tmp_path / "calls"
    calls.mkdir()
    environment = {
        **os.environ,
        "TRACED_PROGRAM": program("fennec-gateway", "FENNEC_GATEWAY"),
        "TRACED_CALLS": str(calls),
        "FENNEC_GATEWAY": str(CLIENTS / "traced.sh"),
    }
    tests = [str(ROOT / "Tests/blackbox" / name) for name in TRACED]
    # Whether they pass is not the question here: tracing makes everything slow.
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        env=environment,
        cwd=ROOT / "Tests/blackbox",
        capture_output=True,
        timeout=480,
        check=False,
    )
    used = {line.strip() for file in calls.iterdir() for line in file.read_text().splitlines()}
    used = {call for call in used if re.fullmatch(r"[a-z_]\w*", call)} - {"syscall", "total"}
    assert len(list(calls.iterdir())) > 50 and {"accept4", "execve", "epoll_wait", "mlock2", "fdatasync"} <= used
    assert used - allowed_calls() - HARMLESS == set()


def filtering():
    """What starts a program under the unit's filter: every other call fails as there, with EPERM."""
    known = {call for call in call_groups()["@known"] if not call.startswith("@")}
    refused = ",".join(f"?{call}" for call in sorted(known - allowed_calls()))
    return ["strace", "-D", "-f", "-qq", "-o", "/dev/null", f"--trace={refused}", f"--inject={refused}:error=EPERM"]


# Under the filter, without capabilities, with nothing to write but its directory


def status(pid, name):
    return re.search(rf"^{name}:\s+(\S+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)[1]


@pytest.mark.parametrize("under", [list, filtering], ids=["unfiltered", "filtered"])
def test_the_daemon_runs_without_capabilities_where_only_its_directory_can_be_written(
    upstream, tmp_path_factory, under
):
    place = pathlib.Path("/var/tmp") / tmp_path_factory.mktemp("place").name
    # Not below a directory that only root may enter.
    place.mkdir(mode=0o755)
    try:
        state = place / "state"
        state.mkdir(mode=0o700)
        binary = shutil.copy(program("fennec-gateway", "FENNEC_GATEWAY"), place / "fennec-gateway")
        os.chown(state, USER, USER)
        confined_life(upstream, place, state, binary, under())
    finally:
        shutil.rmtree(place)


def confined_life(upstream, place, state, binary, under):
    value = settings(
        place,
        upstream.token_url,
        upstream.stream_url,
        state_directory=str(state),
        usage={"ledger": str(state / "usage.sqlite")},
    )
    # Read by the service, written by root alone.
    os.chown(place / "api-key", 0, USER)
    (place / "api-key").chmod(0o640)
    prefix = [*AS_ROOT, CLIENTS / "confined.sh", USER, state, *under]
    gateway = Gateway(place, value, prefix=prefix, program=binary)
    try:
        live(gateway, state)
    finally:
        gateway.destroy()


def live(gateway, state):
    for name in "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb":
        assert int(status(gateway.pid, name), 16) == 0, name
    assert (status(gateway.pid, "Uid"), status(gateway.pid, "NoNewPrivs")) == (str(USER), "1")
    mounts = [line.split() for line in pathlib.Path(f"/proc/{gateway.pid}/mountinfo").read_text().splitlines()]
    # Where one is mounted over another, the last is what can be reached.
    options = {fields[4]: fields[5].split(",") for fields in mounts}
    writable = [point for point in options if "ro" not in options[point]]
    assert writable == [str(state)]
    with gateway.session() as client:
        client.send_audio(bytes(3200))
        client.send_eos()
        assert client.take_close().code == 1000
    assert gateway.ended_session("upstream_closed")["audio_bytes"] == 3200
    assert gateway.hang_up() == "success", "the key is read again"
    assert gateway.terminate() == 0
    assert (state / "usage.sqlite").stat().st_uid == USER
