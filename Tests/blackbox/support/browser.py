"""A headless Chromium, driven over its DevTools protocol."""

import base64
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import tempfile
import threading

import websockets.exceptions
import websockets.sync.client

from .waiting import eventually

PROGRAM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

#: Software rendering, no calls home, and a microphone that needs no one's permission. `--no-sandbox` is for root.
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--mute-audio",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
]


class PageError(AssertionError):
    """What a script in the page threw."""


class Browser:
    """One browser process with a profile of its own.

    `microphone` is a WAV file that its microphone plays, over and over or `once`; without it, a beep a second.
    `allow_microphone` answers the permission question. Without `devices` there is no microphone at all.
    """

    def __init__(self, microphone=None, once=False, allow_microphone=True, devices=True, arguments=()):
        assert PROGRAM, "chromium is not installed; apt-get install chromium, or set CHROMIUM to its path"
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="chromium-"))
        more = list(arguments)
        more.append("--use-fake-ui-for-media-stream" if allow_microphone else "--deny-permission-prompts")
        if devices:
            more.append("--use-fake-device-for-media-stream")
        if microphone:
            more.append(f"--use-file-for-fake-audio-capture={microphone}{'%noloop' if once else ''}")
        self.process = subprocess.Popen(
            [PROGRAM, *ARGUMENTS, *more, f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port_file = self.profile / "DevToolsActivePort"
            eventually(lambda: port_file.exists() and port_file.read_text().count("\n"), "Chromium listens", 30)
            port, path = port_file.read_text().split("\n")[:2]
            self.connection = websockets.sync.client.connect(
                f"ws://127.0.0.1:{port}{path}", max_size=None, compression=None, ping_interval=None
            )
        except BaseException:
            self.close()
            raise
        self._answers = {}
        self._number = 0
        self._lock = threading.Lock()
        self._pages = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for text in self.connection:
                message = json.loads(text)
                if "id" in message:
                    self._answers.pop(message["id"]).put(message)
                elif page := self._pages.get(message.get("sessionId")):
                    page.heard(message["method"], message["params"])
        except websockets.exceptions.ConnectionClosed:
            pass
        for waiting in list(self._answers.values()):
            waiting.put({"error": {"message": "Chromium is gone"}})

    def call(self, method, session=None, timeout=30, **parameters):
        """Does one thing of the protocol."""
        answer = queue.SimpleQueue()
        with self._lock:
            self._number += 1
            message = {"id": self._number, "method": method, "params": parameters}
            if session:
                message["sessionId"] = session
            self._answers[self._number] = answer
            self.connection.send(json.dumps(message))
        try:
            result = answer.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"{method} was not answered in {timeout} s") from None
        if "error" in result:
            raise AssertionError(f"{method}: {result['error']['message']}")
        return result["result"]

    def page(self, url="about:blank", **options):
        """A new tab."""
        return Page(self, url, **options)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def attach(self, session, page):
        self._pages[session] = page


class Page:
    """A tab."""

    def __init__(self, browser, url, width=1280, height=900, dark=False, phone=False):
        self.browser = browser
        self.console, self.errors, self.requests = [], [], []
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        browser.attach(self.session, self)
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        self.size(width, height, phone)
        self.scheme(dark)
        if url != "about:blank":
            self.open(url)

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def heard(self, method, parameters):
        if method == "Runtime.consoleAPICalled":
            words = [str(item.get("value", item.get("description"))) for item in parameters["args"]]
            self.console.append(" ".join(words))
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded":
            self.console.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def size(self, width, height, phone=False):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    def scheme(self, dark):
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )

    def open(self, url):
        result = self.call("Page.navigate", url=url)
        assert "errorText" not in result, f"{url}: {result['errorText']}"
        self.wait("document.readyState === 'complete'", f"{url} is loaded")

    def run(self, script, timeout=30):
        """The value of an expression, awaited; `await` may stand in it."""
        answer = self.call(
            "Runtime.evaluate",
            expression=f"(async () => ({script}))()",
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
            timeout=timeout,
        )
        if details := answer.get("exceptionDetails"):
            raise PageError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait(self, condition, what, timeout=15):
        """Polls until an expression is truthy, and returns its value."""

        def state():
            return f"{what}; console: {self.console[-8:]}, errors: {self.errors[-4:]}"

        return eventually(lambda: self.run(condition), state, timeout, 0.05)

    def key(self, name, text=None):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowRight": 39}
        text = text or {"Enter": "\r", " ": " "}.get(name)
        key = {"key": name, "code": {" ": "Space"}.get(name, name), "windowsVirtualKeyCode": codes[name]}
        self.call("Input.dispatchKeyEvent", type="keyDown", **key, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def click(self, selector):
        """Clicks the middle of an element, as a person does."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center', behavior: 'instant'}); const b = e.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def drop(self, path):
        """Drops a file onto the middle of the page, as a person does."""
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=kind, x=300, y=300, data=data)

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
        return path

    def heap(self):
        """Bytes of live JavaScript objects, after a collection."""
        self.call("HeapProfiler.enable")
        for _ in range(2):
            self.call("HeapProfiler.collectGarbage")
        return self.call("Runtime.getHeapUsage")["usedSize"]

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)


def version():
    """The major version, or 0 when there is none."""
    if not PROGRAM:
        return 0
    text = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False).stdout
    return int((re.search(r"(\d+)\.", text) or [0, 0])[1])
