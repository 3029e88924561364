"""Draws the journey of somebody new into docs/: from the first page to who received how much, and whether that is final.

Usage: ./quipu pictures WORDS, where WORDS find the programme: it is searched for, its factsheet and its report by
organization are opened by their links, as a reader would, in a demonstration in a home of its own.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import Chromium, found  # noqa: E402 - the browser's driver lives with the tests

A_SCREEN = 1180  # pixels
STOPS = (  # (picture, what leads there)
    ("search", "document.querySelector('main input[name=q]').form.submit()"),
    ("factsheet", 'document.querySelector(\'main a[href^="/project/"], main a[href^="/programme/"]\').click()'),
    ("organizations", "document.querySelector('main a[href*=\"by=participating_organization\"]').click()"),
)


def main() -> int:
    """Draws the pictures; answers 1 without Chromium and 2 without words."""
    if not found():
        print("Chromium is missing; this brings it: apt install chromium", file=sys.stderr)
        return 1
    words = " ".join(sys.argv[1:])
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-P", "-m", "quipu", "demo", "--home", home, "--port", str(port)]
        server = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
        try:
            walk(f"http://127.0.0.1:{port}/", words)
        finally:
            server.terminate()
            server.wait(30)
    return 0


def walk(first: str, words: str) -> None:
    """Goes from the first page to the answer, with a picture at every stop."""
    for _ in range(600):
        try:
            urllib.request.urlopen(first, timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    browser = Chromium()
    try:
        browser.open(first)
        browser.picture(ROOT / "docs" / "first-page.png", most=A_SCREEN)
        browser.evaluate(f"document.querySelector('main input[name=q]').value = {words!r}")
        for name, act in STOPS:
            browser.follow(act)
            browser.picture(ROOT / "docs" / f"{name}.png", most=A_SCREEN)
            if name == "factsheet":  # the answer stands further down
                browser.picture(ROOT / "docs" / "final.png", most=A_SCREEN, at="#financials")
            print(f"docs/{name}.png  {browser.evaluate('document.title')}")
        print(browser.evaluate("document.querySelector('main table').innerText"))
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
