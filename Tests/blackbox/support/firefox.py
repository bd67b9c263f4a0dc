"""A headless Firefox, driven over WebDriver BiDi, which it speaks by itself."""

import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import websockets.sync.client

from . import soundserver
from .waiting import eventually

PROGRAM = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")

#: A microphone that hums and needs no one's permission, sound without a click, no calls home.
PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
}


class Firefox:
    """One Firefox process with a profile and a sound server of its own, and one tab."""

    def __init__(self):
        assert PROGRAM, "firefox is not installed; apt-get install firefox-esr, or set FIREFOX to its path"
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="firefox-"))
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (self.profile / "user.js").write_text("\n".join(lines))
        self.log = self.profile / "stderr.txt"
        self.sound = soundserver.SoundServer()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", self.profile],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, "HOME": str(self.profile), "PULSE_SERVER": self.sound.address},
            )
        try:
            listening = r"BiDi listening on (ws://\S+)"
            found = eventually(lambda: re.search(listening, self.log.read_text()), "Firefox listens", 60, 0.1)
            self.connection = websockets.sync.client.connect(
                found[1] + "/session", max_size=None, compression=None, ping_interval=None
            )
            self._numbers = itertools.count(1)
            self.call("session.new", capabilities={})
            self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.close()
            raise

    def call(self, method, timeout=60, **parameters):
        """Does one thing of the protocol."""
        number = next(self._numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.connection.recv(timeout))
            if message.get("id") == number:
                break
        assert message["type"] == "success", f"{method}: {message.get('message')}"
        return message["result"]

    def open(self, url):
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, script, timeout=60):
        """The value of an expression, awaited; `await` may stand in it."""
        answer = self.call(
            "script.evaluate",
            timeout,
            # As text: the protocol's own values are long-winded.
            expression=f"(async () => JSON.stringify((await (async () => ({script}))()) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def wait(self, condition, what, timeout=30):
        """Polls until an expression is truthy, and returns its value."""
        return eventually(lambda: self.run(condition), what, timeout, 0.1)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.sound.close()
        shutil.rmtree(self.profile, ignore_errors=True)
