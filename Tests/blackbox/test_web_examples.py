"""The README's examples for web pages, as they stand there."""

import http.client
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from support import browser
from support.browser import Browser
from support.devices import Devices
from support.pages import PageServer
from support.programs import RECORDING, ROOT, TRANSCRIPTS, Program
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(120),
]
README = (ROOT / "README.md").read_text()


def example(language, first):
    """The block of this language that has these words in it."""
    blocks = [block for block in re.findall(rf"```{language}\n(.*?)```", README, re.S) if first in block]
    assert len(blocks) == 1, f"{len(blocks)} examples in {language} have {first!r}"
    return blocks[0]


@pytest.fixture
def chromium():
    one = Browser(microphone=RECORDING)
    yield one
    one.close()


@pytest.fixture
def pages():
    server = PageServer()
    yield server
    server.close()


@pytest.fixture
def gateway(make_gateway, make_simulator, pages):
    access = [{"name": "web", "match": {"origin": [pages.origin]}}]
    return make_gateway(make_simulator("--transcripts", TRANSCRIPTS), access=access)


def here(text, gateway):
    return text.replace("https://gateway.example.com", "http://{}:{}".format(*gateway.address))


def test_the_plain_page_writes_what_is_said(chromium, pages, gateway):
    pages.files["/"] = "<!doctype html>" + here(example("html", 'id="go"'), gateway)
    page = chromium.page(pages.origin + "/")
    page.wait("Boolean(document.querySelector('#go').onclick)", "the page's script has run")
    page.click("#go")
    page.wait("document.querySelector('#text').textContent.startsWith('he was not an ill')", "words", 20)
    page.wait("document.querySelector('#go').textContent === 'Stop'", "the other word on the button")
    page.click("#go")
    page.wait("document.querySelector('#go').textContent === 'Speak'", "the end", 20)
    assert not page.errors


def headers_of_the_client(gateway):
    connection = http.client.HTTPConnection(*gateway.address, timeout=10)
    connection.request("HEAD", "/gateway/client.js")
    answer = connection.getresponse()
    connection.close()
    return answer.getheader("Content-Location"), answer.getheader("Repr-Digest")


def test_the_import_map_lets_only_this_very_client_in(chromium, pages, gateway):
    path, digest = headers_of_the_client(gateway)
    text = here(example("html", "importmap"), gateway)
    text = re.sub(r"/gateway/client-[0-9a-f]+\.js", path, text)
    right = re.sub(r"sha256-[^\"]+", "sha256-" + digest.removeprefix("sha-256=:").removesuffix(":"), text)
    page_text = '<!doctype html>{}<script type="module" src="/page.js"></script>'
    pages.files["/page.js"] = (
        'import { FennecGateway } from "fennec";\n'
        "FennecGateway.connect({ on: { state: ({ state }) => (window.state = state) } }).then((t) => (window.t = t));"
    )
    pages.files["/"] = page_text.format(right)
    page = chromium.page(pages.origin + "/")
    # Its worklet is the same file.
    page.wait("window.state === 'live' && window.t", "a session")
    page.run("t.stop()")
    assert not page.errors

    # With the hash of another file, which the README has, nothing runs.
    pages.files["/"] = page_text.format(text)
    page = chromium.page(pages.origin + "/")
    page.wait("performance.getEntriesByName(location.origin + '/page.js').length", "the page's script was fetched")
    eventually(lambda: any("integrity" in line for line in page.console), "the browser refuses it")
    assert page.run("window.state === undefined")


REACT = pathlib.Path("/usr/share/nodejs/react-dom")
APP = """
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useTranscription } from "./hook.jsx";

const options = { vad: { min_silence_ms: 600 } };
function App() {
  const { start, stop, state, finals, partial, error } = useTranscription(options);
  return <>
    <button id="start" onClick={start}>Speak</button> <button id="stop" onClick={stop}>Stop</button>
    <p id="state">{state}</p> <p id="finals">{finals.join("|")}</p> <p id="partial">{partial}</p>
    <p id="error">{error?.message}</p>
  </>;
}
const root = createRoot(document.getElementById("root"));
root.render(<StrictMode><App /></StrictMode>);
window.unmount = () => root.unmount();
"""


@pytest.mark.skipif(not (REACT.exists() and shutil.which("esbuild")), reason="React or esbuild is not installed")
def test_the_react_hook_transcribes_and_ends_with_its_component(chromium, pages, gateway, tmp_path):
    (tmp_path / "hook.jsx").write_text(here(example("jsx", "useTranscription"), gateway))
    (tmp_path / "app.jsx").write_text(APP)
    command = ["esbuild", "--bundle", "--format=esm", "--jsx=automatic", "app.jsx"]
    command.append('--define:process.env.NODE_ENV="development"')
    environment = {**os.environ, "NODE_PATH": str(REACT.parent)}
    pages.files["/app.js"] = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=True
    ).stdout
    pages.files["/"] = (
        '<!doctype html><title>A page</title><div id="root"></div><script type="module" src="/app.js"></script>'
    )
    page = chromium.page(pages.origin + "/")
    text = "document.querySelector('#{}').textContent"
    page.wait("Boolean(document.querySelector('#start'))", "React has rendered")
    page.click("#start")
    page.wait(f"{text.format('partial')}", "words while they are said", 20)
    page.wait(f"{text.format('finals')}.startsWith('he was not an ill')", "a final", 20)
    page.click("#stop")
    page.wait(f"{text.format('state')} === 'ended'", "the end", 20)
    gateway.ended_session("upstream_closed")

    # Whoever leaves the page of an application takes the session along.
    page.click("#start")
    page.wait(f"{text.format('state')} === 'live'", "another session")
    page.run("unmount()")
    gateway.ended_session("client_closed")
    assert not page.errors


def test_the_backend_gives_tickets_that_open_a_session(
    chromium, pages, make_gateway, make_simulator, tmp_path, monkeypatch
):
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    access = [{"name": "backend", "match": {"device": "backend"}, "tickets": {"on_behalf": True}}]
    gateway = make_gateway(make_simulator(), access=access, state_directory=str(state))
    text = example("python", "class Tickets")
    assert len([line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]) <= 15
    text = text.replace('HTTPSConnection("gateway.example.com"', f'HTTPConnection("127.0.0.1", {gateway.address[1]}')
    text = text.replace("https://app.example.com", pages.origin)
    listening = 'server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tickets)\n'
    listening += "print(server.server_address[1], flush=True)\nserver.serve_forever()\n"
    program = tmp_path / "backend.py"
    program.write_text(re.sub(r"http.server.ThreadingHTTPServer.*", listening, text))
    monkeypatch.setenv("GATEWAY_TOKEN", Devices(state).add("backend"))
    backend = Program([sys.executable, program])
    try:
        port = eventually(lambda: backend.stdout and backend.stdout[0], "the backend listens")

        def ticket():
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/ticket", b"", timeout=10).read()

        def known():
            try:
                return ticket()
            except urllib.error.HTTPError:
                return None

        eventually(known, "the gateway knows the device", interval=0.2)
        pages.files["/ticket"] = ticket
        code = here(example("js", "const getTicket"), gateway)
        module = "http://{}:{}/gateway/client.js".format(*gateway.address)
        pages.files["/page.js"] = f'import {{ FennecGateway }} from "{module}";\n{code}\nwindow.t = t;'
        pages.files["/"] = '<!doctype html><title>A page</title><script type="module" src="/page.js"></script>'
        page = chromium.page(pages.origin + "/")
        page.wait("window.t?.state === 'live'", "a session")
        page.run("t.stop()")
        assert not page.errors
    finally:
        backend.destroy()
