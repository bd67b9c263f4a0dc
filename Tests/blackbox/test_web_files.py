"""What browsers load: the client for everybody, the demo page where it is switched on."""

import base64
import gzip
import hashlib
import http.client
import pathlib
import shutil
import subprocess

import pytest
from support.programs import ROOT

WEB = ROOT / "Sources/GatewayServer/Web"
CLIENT = "/gateway/client.js"


def ask(gateway, path, method="GET", **headers):
    """(status, headers, body) of a request."""
    connection = http.client.HTTPConnection(*gateway.address, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.fixture
def demo(make_gateway, upstream):
    return make_gateway(upstream, listeners=[{"name": "public", "address": "127.0.0.1:0", "demo_page": True}])


def test_pages_of_any_origin_may_load_the_client(gateway):
    status, headers, body = ask(gateway, CLIENT, Origin="https://elsewhere.example")
    assert status == 200
    assert body == (WEB / "client.js").read_bytes()
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_client_asks_again_and_hears_that_nothing_changed(gateway):
    _, first, _ = ask(gateway, CLIENT)
    assert first["cache-control"] == "no-cache"
    for offered in (first["etag"], f'"another", W/{first["etag"]}', "*"):
        status, headers, body = ask(gateway, CLIENT, If_None_Match=offered)
        assert (status, body) == (304, b"")
        assert headers["etag"] == first["etag"]
        assert headers["access-control-allow-origin"] == "*"
    assert ask(gateway, CLIENT, If_None_Match='"another"')[0] == 200


def test_the_path_with_the_hash_stays_for_ever(gateway):
    _, latest, body = ask(gateway, CLIENT)
    path = latest["content-location"]
    assert path == f"/gateway/client-{hashlib.sha256(body).hexdigest()[:16]}.js"
    status, headers, same = ask(gateway, path)
    assert (status, same) == (200, body)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ask(gateway, "/gateway/client-0000000000000000.js")[0] == 404


def test_the_digest_header_is_what_an_integrity_attribute_wants(gateway):
    _, headers, body = ask(gateway, CLIENT)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert headers["repr-digest"] == f"sha-256=:{digest}:"


def test_types_stand_beside_the_client(gateway):
    status, headers, body = ask(gateway, "/gateway/client.d.ts")
    assert (status, body) == (200, (WEB / "client.d.ts").read_bytes())
    assert headers["access-control-allow-origin"] == "*"


def test_head_tells_the_size_alone_and_other_methods_are_refused(gateway):
    status, headers, body = ask(gateway, CLIENT, "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == (WEB / "client.js").stat().st_size
    status, headers, _ = ask(gateway, CLIENT, "POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_the_demo_page_is_off_unless_asked_for(gateway):
    assert ask(gateway, "/")[0] == 404
    assert ask(gateway, "/gateway/page/page.js")[0] == 404


def test_the_demo_page_loads_only_from_its_gateway(demo):
    status, headers, body = ask(demo, "/")
    assert (status, body) == (200, (WEB / "page/index.html").read_bytes())
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("microphone=(self)")


@pytest.mark.parametrize("file", sorted(path.name for path in (WEB / "page").iterdir() if path.name != "index.html"))
def test_every_file_of_the_page_is_served_with_its_type(demo, file):
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "mp3": "audio/mpeg"}
    status, headers, body = ask(demo, f"/gateway/page/{file}")
    assert (status, body) == (200, (WEB / "page" / file).read_bytes())
    assert headers["content-type"].startswith(types[file.rpartition(".")[2]])


@pytest.mark.skipif(not shutil.which("esbuild"), reason="esbuild is not installed")
def test_the_client_is_small(capsys):
    minified = subprocess.run(
        ["esbuild", "--minify", "--target=es2022", WEB / "client.js"], capture_output=True, check=True
    ).stdout
    compressed = len(gzip.compress(minified, 9))
    with capsys.disabled():
        print(f"\nclient.js: {len(minified)} bytes minified, {compressed} with gzip")
    assert len(minified) <= 12 * 1024
    assert compressed <= 5 * 1024


USE = (pathlib.Path(__file__).parent / "clients/typed_page.ts").read_text()


@pytest.mark.skipif(not shutil.which("tsc"), reason="tsc is not installed")
def test_the_types_fit_their_use(tmp_path):
    shutil.copy(WEB / "client.d.ts", tmp_path)
    (tmp_path / "page.ts").write_text(USE)
    done = subprocess.run(
        ["tsc", "--strict", "--noEmit", "--target", "es2022", "--module", "es2022", "--moduleResolution", "node"]
        + ["--lib", "es2022,dom", "page.ts", "client.d.ts"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
