"""The demonstration, published once, and a reader who asks the gateway for pages."""

import csv
import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one edition of the demonstration, its books among the sources: a copy, here letters arrive."""
    root = tmp_path_factory.mktemp("gateway") / "home"
    shutil.copytree(demo_home, root, ignore=shutil.ignore_patterns("made.json"))
    return root


class Reader:
    """Somebody with a browser and no script."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, address: str, **headers: str) -> Any:
        return self.client.get(address, headers=headers)

    def text(self, address: str) -> str:
        answer = self.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def words(self, address: str) -> str:
        """What can be read on a page, white space folded."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.text(address)).split())

    def rows(self, address: str) -> list[dict[str, str]]:
        """A CSV's rows."""
        return list(csv.DictReader(io.StringIO(self.text(address).lstrip("\ufeff"))))

    def links(self, address: str) -> list[str]:
        from html import unescape

        return [unescape(link) for link in re.findall(r'href="([^"]*)"', self.text(address))]


@pytest.fixture(scope="session")
def gateway(home: Path) -> Iterator[Reader]:
    """A reader of the demonstration."""
    os.environ["QUIPU_DEMO"] = "1"
    from quipu.portal.server import application

    application(home)
    from django.test import Client, override_settings

    with override_settings(HOME=home, DEMO=True):  # another test may have loaded Django over another home
        yield Reader(Client())


@pytest.fixture
def settings_of() -> Any:
    """Settings of the gateway that differ for a moment."""
    from contextlib import contextmanager

    from django.conf import settings

    @contextmanager
    def changed(**values: str) -> Iterator[None]:
        before = {name: getattr(settings, name) for name in values}
        for name, value in values.items():
            setattr(settings, name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(settings, name, value)

    return changed
