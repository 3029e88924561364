"""The demonstration as people are served, and one browser to look at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from quipu.edition import make, withholding
from quipu.edition.home import Home
from tests import documents
from tests.browser.chromium import Chromium, found
from tests.conftest import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks at pages needs Chromium; where it is missing, that is said."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not found():
            assert not os.environ.get("CI"), "Chromium is missing, so half of the suite would be skipped."
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: pages were not looked at."))


def served(home: Path, *, demo: bool = True, follow: bool = False) -> Iterator[str]:
    """The address of a home's gateway, while it is served by a process of its own. follow: what is posted goes out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "quipu", "serve", "--workers", "1", *([] if follow else ["--no-follow"])]
    server = subprocess.Popen(
        [*command, "--home", str(home), "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "QUIPU_DEMO": str(int(demo))},
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="session")
def site(demo_home: Path) -> Iterator[str]:
    """The demonstration, served."""
    yield from served(demo_home)


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """One browser for all tests of a worker."""
    chromium = Chromium()
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with hardly anything: a lone activity, one that two publishers share, a fund that is only listed, one taken down."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "home").mkdir()
    (folder / "home" / "funds.toml").write_text('funds = ["XX-LISTED"]')
    parent = '<related-activity ref="XX-LISTED" type="1"/>'
    for name, document in (
        ("one", documents.document(documents.activity("XX-LONE"), documents.activity("XX-PART", parent, hierarchy=2))),
        ("four", documents.document(documents.activity("XX-GONE"))),
        ("two", documents.document(documents.activity("XX-SHARED"))),
        ("three", documents.document(documents.activity("XX-SHARED", publisher="XX-Q"))),
    ):
        (folder / f"{name}.xml").write_text(document)
    home = Home(folder / "home")
    make.publish(home, sorted(folder.glob("*.xml")))
    withholding.put(
        home, withholding.ask(home, "activity", {"identifier": "XX-GONE"}, reason="r", told="Safety", by="")
    )
    with home.publishing():
        withholding.finish(home)
    return home.root


@pytest.fixture(scope="session")
def bare_site(bare_home: Path) -> Iterator[str]:
    """That home, served."""
    yield from served(bare_home, demo=False)
