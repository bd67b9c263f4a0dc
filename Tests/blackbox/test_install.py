"""What installs the gateway where there is no package, and what it announces itself by."""

import os
import stat
import subprocess
import xml.etree.ElementTree as xml

from support.programs import ROOT, the_gateway


def install(directory):
    return subprocess.run(
        [ROOT / "deploy/install.sh", the_gateway()],
        env={**os.environ, "DESTDIR": str(directory)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_script_installs_and_upgrades_but_keeps_the_configuration(tmp_path):
    done = install(tmp_path)
    assert done.returncode == 0, done.stderr
    modes = {
        str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode)
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert modes == {
        "usr/bin/fennec-gateway": 0o755,
        "etc/systemd/system/fennec-gateway.service": 0o644,
        "etc/systemd/system/fennec-gateway.socket": 0o644,
        "etc/systemd/system/fennec-gateway-admin.socket": 0o644,
        "etc/sysusers.d/fennec-gateway.conf": 0o644,
        "etc/tmpfiles.d/fennec-gateway.conf": 0o644,
        "etc/fennec-gateway/fennec-gateway.yaml": 0o644,
    }
    config = tmp_path / "etc/fennec-gateway/fennec-gateway.yaml"
    config.write_text(config.read_text() + "# mine\n")
    again = install(tmp_path)
    assert again.returncode == 0 and f"kept {config}" in again.stdout
    assert config.read_text().endswith("# mine\n")


def test_a_configuration_with_mistakes_is_told_of_by_an_upgrade(tmp_path):
    config = tmp_path / "etc/fennec-gateway/fennec-gateway.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("nonsense: 1\n")
    assert install(tmp_path).returncode == 78


def test_what_avahi_announces_is_the_stream():
    service = xml.parse(ROOT / "deploy/examples/avahi/fennec-gateway.service").getroot().find("service")
    assert service.findtext("type") == "_fennec-gateway._tcp"
    assert service.findtext("port") == "8080"
    assert "path=/api/v1/transcribe/stream" in [record.text for record in service.findall("txt-record")]
