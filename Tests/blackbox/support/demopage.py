"""The demo page of a gateway, in a browser."""

import json
import os
import pathlib

from . import relay
from .browser import Browser
from .programs import RECORDING, ROOT, TRANSCRIPTS, Gateway
from .settings import settings

TEXTS = [entry["text"] for entry in json.loads(TRANSCRIPTS.read_text())["utterances"]]
#: For people to look at; nothing reads them.
SCREENSHOTS = pathlib.Path(os.environ.get("SCREENSHOTS", ROOT / ".build/screenshots"))
POLICIES = {"default": {"vad": {"min_silence_ms": {"min": 300, "max": 2000}, "threshold": {"min": 0.2, "max": 0.8}}}}
FINALS = "[...document.querySelectorAll('#finals li > span')].map((line) => line.firstChild.textContent)"
STATE = "document.querySelector('#status').dataset.state"


class Demo:
    """The page, from a gateway behind a relay, so that its origin is known before the gateway starts."""

    def __init__(self, simulator, directory, changes):
        self.relay = relay.Relay()
        name = changes.pop("name", "127.0.0.1")
        self.origin = "http://{}:{}".format(name, self.relay.address[1])
        listener = {"name": "public", "address": "127.0.0.1:0", "demo_page": True, "hosts": ["gateway.test"]}
        value = settings(
            directory,
            simulator.token_url,
            simulator.stream_url,
            listeners=[listener],
            access=[
                {
                    "name": "page",
                    "match": {"origin": [changes.pop("admits", self.origin), *changes.pop("others", [])]},
                    **changes.pop("rule", {}),
                },
                {"name": "programs", "match": {"address": ["loopback"]}},
            ],
            policies=changes.pop("policies", POLICIES),
        )
        self.gateway = Gateway(directory, value)
        self.relay.target = self.gateway.address
        self.browsers = []

    def open(self, query="", browser_options=None, **options):
        self.browsers.append(Browser(**{"microphone": RECORDING, **(browser_options or {})}))
        page = self.browsers[-1].page(f"{self.origin}/{query}", **options)
        page.wait("document.querySelector('#code-text').textContent", "the page's script has run")
        return page

    def close(self):
        for one in self.browsers:
            one.close()
        self.relay.close()
        self.gateway.destroy()


def settled(page):
    """Lets fonts, transitions and the policy's answer arrive before a picture is taken."""
    finite = "document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity)"
    page.run(f"Promise.all([document.fonts.ready, ...{finite}.map((one) => one.finished.catch(() => 0))])")


def picture(page, name, whole=False):
    settled(page)
    page.screenshot(SCREENSHOTS / f"{name}.png", whole)


def clean(page):
    """No exception, and nothing that the Content-Security-Policy refused."""
    assert not page.errors
    assert not [line for line in page.console if "Content Security Policy" in line or "Refused" in line]
