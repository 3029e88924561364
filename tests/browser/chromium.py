"""Real Chromium over its pipe: load a page, measure it, look at it. Needs Debian's chromium and nothing else."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"),
)


def found() -> str | None:
    """The path of Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


PATIENCE = 120  # seconds without a word of the browser


class Chromium:
    """One browser with one page."""

    def __init__(self) -> None:
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def pipes() -> None:  # the browser reads from 3 and writes to 4
            os.dup2(to_browser, 13)
            os.dup2(from_browser, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            [str(found()), *FLAGS, f"--user-data-dir={self.profile}"],
            preexec_fn=pipes,  # noqa: PLW1509 - the pipes must stand at 3 and 4 before the browser starts
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._rest, self._number, self._loads, self.session = b"", 0, 0, ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], PATIENCE)
            assert ready, "the browser says nothing more: the page that is waited for does not come"
            piece = os.read(self._read, 1 << 16)
            assert piece, "the browser has gone"
            self._rest += piece
        first, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(first)
        self._loads += message.get("method") == "Page.loadEventFired"  # it may come before the answer to what caused it
        return message

    def open(self, address: str, width: int = 1280, *, dark: bool = False, media: str = "screen") -> None:
        """Loads a page in a window of that width."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self._loads = 0
        self.send("Page.navigate", url=address)
        self._loaded()

    def follow(self, act: str) -> None:
        """Does something in the page that leads to another one, and waits for it."""
        self._loads = 0
        self.evaluate(act)
        self._loaded()

    def press(self, key: str, *, leads_on: bool = False) -> None:
        """One key, as a hand presses it: Tab, Enter, or a letter. leads_on: and waits for the page it leads to."""
        code, text = {"Tab": (9, ""), "Enter": (13, "\r"), "Space": (32, " ")}.get(key, (0, key))
        self._loads = 0
        named: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", **named, **({"text": text} if text else {}))
        self.send("Input.dispatchKeyEvent", type="keyUp", **named)
        if leads_on:
            self._loaded()

    def _loaded(self) -> None:
        """Waits until a page has been loaded; what was loaded before the act does not count."""
        while not self._loads:
            self._next()

    def asked_by(self, address: str) -> list[tuple[str, int]]:
        """All that a page asks the network for, nothing known before: (address, bytes that travelled)."""
        self.send("Network.enable")
        self.send("Network.setCacheDisabled", cacheDisabled=True)
        try:
            self.send("Page.navigate", url=address)
            named, sizes, pending, loaded = {}, {}, set(), False
            while not loaded or pending:
                event = self._next()
                what, of = event.get("method"), event.get("params", {})
                loaded = loaded or what == "Page.loadEventFired"
                if what == "Network.requestWillBeSent":
                    named[of["requestId"]] = of["request"]["url"]
                    pending.add(of["requestId"])
                elif what in ("Network.loadingFinished", "Network.loadingFailed"):
                    pending.discard(of["requestId"])
                    sizes[of["requestId"]] = int(of.get("encodedDataLength", 0))
        finally:
            self.send("Network.setCacheDisabled", cacheDisabled=False)
            self.send("Network.disable")
        return [(address, sizes.get(one, 0)) for one, address in named.items()]

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def settled(self, promise: str) -> Any:
        """What a promise in the page comes to."""
        answer = self.send("Runtime.evaluate", expression=promise, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def picture(self, path: Path, *, most: int = 0, at: str = "") -> None:
        """A screenshot of the whole page; most: no more than so many pixels of it, from the element `at` on."""
        beyond: dict[str, Any] = {"captureBeyondViewport": True}
        if most:
            find = f"document.querySelector({at!r}).getBoundingClientRect().top + scrollY - 16" if at else "0"
            top, width = self.evaluate(find), self.evaluate("document.documentElement.clientWidth")
            beyond["clip"] = {"x": 0, "y": max(0, top), "width": width, "height": most, "scale": 1}
        shot = self.send("Page.captureScreenshot", **beyond)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """Ends the browser and removes its profile."""
        self.process.kill()
        self.process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self.profile, ignore_errors=True)
