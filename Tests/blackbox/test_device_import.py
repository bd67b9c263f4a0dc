"""`device import`: many devices at once, all of them or none."""

import csv
import hashlib
import io
import json

import pytest
from support.client import TOKEN
from support.devices import Devices
from support.programs import run
from support.waiting import eventually

ACCESS = [{"name": "kiosks", "match": {"device": "kiosk-*"}}]


@pytest.fixture
def devices(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    return Devices(state)


@pytest.fixture
def sheet(tmp_path):
    """Writes a file to import, and returns its path."""

    def write(text):
        path = tmp_path / "fleet.csv"
        path.write_text(text)
        return path

    return write


def listed(devices):
    return {device["name"]: device for device in map(json.loads, devices.do("list", "--json").splitlines())}


def test_tokens_are_made_where_none_is_known_and_all_of_them_work(make_gateway, upstream, devices, sheet):
    gateway = make_gateway(upstream, access=ACCESS, state_directory=str(devices.directory))
    ours = "fgd_" + "k" * 43
    digest = hashlib.sha256(ours.encode()).hexdigest()
    path = sheet(f"name,policy,expires,sha256\nkiosk-1,,,\nkiosk-2,default,720h,\nkiosk-3,,2999-12-31,{digest}\n")
    status, output, errors = devices.run("import", path)
    assert (status, errors.strip()) == (0, "imported 3 device(s), 2 with a new token")
    made = {row["name"]: row["token"] for row in csv.DictReader(io.StringIO(output))}
    assert set(made) == {"kiosk-1", "kiosk-2"} and len(set(made.values())) == 2

    def works(token):
        with gateway.client() as client:
            return client.request("POST", TOKEN, [("X-API-Key", token)]).status == 200

    for token in [*made.values(), ours]:
        eventually(lambda: works(token), "the gateway knows the device", interval=0.2)
    found = listed(devices)
    assert found["kiosk-2"]["policy"] == "default" and found["kiosk-2"]["expires"]
    assert found["kiosk-3"]["expires"].startswith("2999-12-31T00:00:00")
    assert not any(token in gateway.output for token in [*made.values(), ours])


def test_nothing_is_imported_where_anything_is_wrong(devices, sheet):
    taken = devices.add("kiosk-2")
    digest = hashlib.sha256(taken.encode()).hexdigest()
    path = sheet(f"name,expires,sha256\nkiosk-1,,\nkiosk-2,,\nkiosk 3,soon,\nkiosk-4,,{digest}\nkiosk-1,,\n")
    status, output, errors = devices.run("import", path)
    assert (status, output) == (1, "")
    lines = [line.removeprefix(f"{path}:") for line in errors.splitlines()]
    assert [line.split(":")[0] for line in lines[:5]] == ["3", "4", "4", "5", "6"], errors
    assert "rotate kiosk-2" in lines[0] and "the token that kiosk-2 has" in lines[3]
    assert "nothing was imported: 5 problem(s)" in lines[5]
    assert list(listed(devices)) == ["kiosk-2"]


def test_a_revoked_device_makes_room(devices, sheet):
    devices.add("kiosk-1")
    devices.do("revoke", "kiosk-1")
    assert devices.do("import", sheet("name\nkiosk-1\n")).startswith("name,token\nkiosk-1,fgd_")
    assert listed(devices)["kiosk-1"]["state"] == "good"


def test_the_token_of_a_revoked_device_does_not_come_back(devices, sheet):
    digest = hashlib.sha256(devices.add("kiosk-1").encode()).hexdigest()
    devices.do("revoke", "kiosk-1")
    status, _, errors = devices.run("import", sheet(f"name,sha256\nkiosk-2,{digest}\n"))
    assert status == 1 and "it was revoked" in errors


def test_policies_are_those_of_the_configuration(devices, sheet, gateway):
    path = sheet("name,policy\nkiosk-1,defalt\n")
    status, _, errors = devices.run("import", path, "--config", gateway.config)
    assert status == 1 and f'{path}:2: there is no policy "defalt" in the configuration; did you mean default?' in errors


def test_the_standard_input_will_do(devices):
    arguments = ["device", "import", "-", "--state-directory", devices.directory]
    done = run(*arguments, stdin="name\nkiosk-1\n")
    assert done.returncode == 0 and done.stdout.startswith("name,token\nkiosk-1,fgd_"), done


@pytest.mark.parametrize("text", ["", "kiosk-1\n", "name\n\"x\n", "name\n" + "x" * (4 << 20)], ids=["empty", "no head", "quote", "huge"])
def test_what_is_no_table_is_refused(devices, sheet, text):
    status, output, errors = devices.run("import", sheet(text))
    assert (status, output) == (1, "") and errors
    assert listed(devices) == {}


def test_ten_thousand_at_once(devices, sheet):
    output = devices.do("import", sheet("name\n" + "".join(f"d-{number}\n" for number in range(10_000))))
    assert len(output.splitlines()) == 10_001
    assert len(listed(devices)) == 10_000
