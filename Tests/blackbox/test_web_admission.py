"""Admission in a real browser, with nothing but `fetch` and `WebSocket`: what the browser itself sends and lets be read."""

import json

import pytest
from support import browser
from support.browser import Browser
from support.client import TOKEN
from support.devices import Devices
from support.pages import PageServer
from support.upstream import echo
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]

PAGE = "<!doctype html><title>A page</title><p>A page."
#: A ticket by `fetch`: its answer, or that the page may not read it.
ASK = """
fetch("%s/api/v1/transcribe/streaming-token", { method: "POST" }).then(
  async (answer) => ({ status: answer.status, body: await answer.json() }), (error) => ({ error: error.name }))
"""
#: A stream: what came until the end of it. The ticket goes as the subprotocol, or in the query.
STREAM = """
new Promise((resolve) => {
  const heard = [];
  const socket = %s;
  const say = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => say({ type: "start", sample_rate: 16000, channels: 1 });
  socket.onmessage = ({ data }) => {
    heard.push(JSON.parse(data));
    if (heard.length === 1) { socket.send(new Uint8Array(3200)); say({ type: "eos" }); }
  };
  socket.onclose = ({ code }) => resolve({ code, protocol: socket.protocol, heard });
})
"""


@pytest.fixture(scope="module")
def chromium():
    with_browser = Browser()
    yield with_browser
    with_browser.close()


@pytest.fixture
def pages():
    made = [PageServer({"/": PAGE}) for _ in range(2)]
    yield made
    for server in made:
        server.close()


@pytest.fixture
def gateway(make_gateway, make_upstream, pages, tmp_path):
    """Admits pages of the first server by a rule, and whoever a backend vouches for."""
    access = [
        {"name": "web", "match": {"origin": [pages[0].origin]}},
        {"name": "backend", "match": {"device": "backend"}, "tickets": {"on_behalf": True}},
    ]
    return make_gateway(make_upstream(stream=echo), access=access, state_directory=str(tmp_path / "state"))


def url(gateway, scheme="http"):
    return "{}://{}:{}".format(scheme, *gateway.address)


def in_query(gateway, ticket=None):
    query = f"?streaming_token={ticket}" if ticket else ""
    return f'new WebSocket("{url(gateway, "ws")}/api/v1/transcribe/stream{query}")'


def as_subprotocol(gateway, ticket):
    bearer = f'"bearer." + btoa("{ticket}").replaceAll("=", "")'
    return f'new WebSocket("{url(gateway, "ws")}/api/v1/transcribe/stream", ["fennec.v1", {bearer}])'


def streamed(page, socket):
    """Whether the page streamed; a browser tells no more of a socket that did not open than code 1006."""
    result = page.run(STREAM % socket)
    if result["code"] == 1006 and not result["heard"]:
        return None
    assert result["code"] == 1000, result
    assert [message.get("text") for message in result["heard"][1:]] == ["heard 3200 bytes", "the last words"]
    return result


@pytest.mark.parametrize("socket", [in_query, as_subprotocol])
def test_a_page_of_an_allowed_origin_gets_a_ticket_and_streams(chromium, gateway, pages, socket):
    page = chromium.page(pages[0].origin + "/")
    answer = page.run(ASK % url(gateway))
    assert answer["status"] == 200 and answer["body"]["expires_in"] == 60
    result = streamed(page, socket(gateway, answer["body"]["token"]))
    assert result["protocol"] == ("fennec.v1" if socket is as_subprotocol else "")
    assert streamed(page, socket(gateway, answer["body"]["token"])) is None, "a ticket opens one session"
    assert streamed(page, in_query(gateway)), "the origin alone lets it in"
    page.close()


def test_a_page_of_another_origin_gets_none_and_streams_not(chromium, gateway, pages):
    allowed, other = (chromium.page(server.origin + "/") for server in pages)
    assert other.run(ASK % url(gateway)) == {"error": "TypeError"}, "the browser lets it read nothing"
    assert streamed(other, in_query(gateway)) is None
    stolen = allowed.run(ASK % url(gateway))["body"]["token"]
    assert streamed(other, in_query(gateway, stolen)) is None, "a ticket is bound to its origin"
    assert streamed(allowed, in_query(gateway, stolen)), "and is still good there"
    sandboxed = json.dumps(f"<script>parent.postMessage([origin, 1], '*')</script>")
    assert other.run(
        "new Promise((resolve) => { onmessage = ({ data }) => resolve(data[0]);"
        f" const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts'; frame.srcdoc = {sandboxed};"
        " document.body.append(frame); })"
    ) == "null", "a sandboxed frame has the opaque origin, which no rule names"
    assert gateway.metrics().sum("fennec_gateway_refusals_total", code="origin_refused") >= 3
    allowed.close()
    other.close()


def test_a_page_streams_with_its_backends_ticket_and_reads_why_it_may_not(chromium, gateway, pages, tmp_path):
    token = Devices(tmp_path / "state").add("backend")

    def ticket():
        body = json.dumps({"client": "user-7", "origin": pages[1].origin}).encode()
        with gateway.client() as client:
            answer = client.request("POST", TOKEN, [("X-API-Key", token)], body)
            return answer.json()["token"] if answer.status == 200 else None

    good = eventually(ticket, "the device is known", interval=0.2)
    page = chromium.page(pages[1].origin + "/")
    assert streamed(page, as_subprotocol(gateway, good))
    ask = (
        f'fetch("{url(gateway)}/gateway/policy?streaming_token=%s", {{ method: "POST" }})'
        ".then(async (answer) => [answer.status, (await answer.json()).code])"
    )
    assert page.run(ask % good) == [401, "credential_invalid"]
    assert page.run(ask % ticket())[0] == 200
    page.close()
