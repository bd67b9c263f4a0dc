"""A page of somebody else's with the client in it, before a gateway and the stand-in."""

import json

from . import sound
from .pages import PageServer

#: Keeps what every event said, and no audio.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
<script type="module" src="/page.js"></script><p>A page.</p></html>"""

SCRIPT = """
import * as client from "%s/gateway/client.js";
window.client = client;
window.heard = [];
const kinds = ["ready", "partial", "final", "thought", "policy", "warning", "state", "error", "device", "devices",
  "message"];
window.listeners = Object.fromEntries(kinds.map((kind) => [kind, (event) => {
  heard.push({ kind, at: performance.now(), event: { ...event } });
}]));
listeners.sent = (data) => {
  if (typeof data === "string") heard.push({ kind: "sent", at: performance.now(), event: JSON.parse(data) });
};
window.begin = async (options) => {
  window.t = await client.FennecGateway.connect({
    url: "%s", echoCancellation: false, noiseSuppression: false, autoGainControl: false, on: listeners, ...options });
};
/** What an attempt throws, as plain values. */
window.failure = (attempt) => attempt.then(() => null, (error) => ({ ...error, message: error.message }));
"""


def files(url):
    """The files of a page that uses the client of the gateway at this URL."""
    return {"/": PAGE, "/page.js": SCRIPT % (url, url)}


def heard(page, kind):
    """The events of a kind that the page heard so far."""
    return page.run(f"heard.filter(({{ kind }}) => kind === {json.dumps(kind)}).map(({{ event }}) => event)")


def states(page):
    return [event["state"] for event in heard(page, "state")]


def begin(page, options="{}", timeout=30):
    """Connects, with the text of further options; returns when the service is ready."""
    page.wait("Boolean(window.begin)", "the page's script has run")
    page.run(f"begin({options})", timeout)


def stop(page):
    """Ends politely; the last final."""
    return page.run("t.stop()", 40)


class Site:
    """A page elsewhere that the gateway admits, and what stands behind the gateway."""

    def __init__(self, make_gateway, simulator, admits=True, rule=None, **changes):
        self.pages = PageServer()
        origin = self.pages.origin if admits else "https://another.example"
        access = [{"name": "web", "match": {"origin": [origin]}, **(rule or {})}]
        self.gateway = make_gateway(simulator, access=access, **changes)
        self.url = "http://{}:{}".format(*self.gateway.address)
        self.pages.files.update(files(self.url))

    @property
    def page_url(self):
        return self.pages.origin + "/"


def received(directory):
    """What the stand-in received: the `context` of the start → its samples."""
    return {
        json.loads(start.read_text()).get("context"): sound.pcm(
            start.with_name(start.name.replace("-start.json", ".pcm")).read_bytes()
        )
        for start in directory.glob("*-start.json")
    }


#: Keeps what the page took of the browser.
COUNTERS = """
window.tracks = []; window.contexts = []; window.sockets = []; window.timers = new Set();
const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
mediaDevices.getUserMedia = async (wish) => { const s = await ask(wish); tracks.push(...s.getTracks()); return s; };
window.AudioContext = class extends AudioContext { constructor(o) { super(o); contexts.push(this); } };
window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); sockets.push(this); } };
const [set, clear] = [setTimeout, clearTimeout];
window.setTimeout = (act, ms, ...rest) => {
  const id = set(() => { timers.delete(id); act(...rest); }, ms);
  timers.add(id);
  return id;
};
window.clearTimeout = (id) => { timers.delete(id); clear(id); };
"""


def open_counted(browser, url):
    """A page with `tracks`, `contexts`, `sockets` and `timers`: all that was opened, and the timers that still wait."""
    page = browser.page("about:blank")
    page.call("Page.addScriptToEvaluateOnNewDocument", source=COUNTERS)
    page.open(url)
    return page
