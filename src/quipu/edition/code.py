"""The running code's own mark, so that what another version made of the same parts is never taken for ours."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def mark(*packages: str) -> str:
    """Twelve hexadecimal digits over all sources of the packages."""
    digest = hashlib.sha256()
    for package in packages:
        for name, text in sorted(_sources(files(package), package)):
            digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()[:12]


def _sources(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found = []
    for item in folder.iterdir():
        name = f"{path}/{item.name}"
        if item.is_dir():
            found += _sources(item, name)
        elif item.name.endswith((".py", ".sql", ".tsv")):
            found.append((name, item.read_bytes()))
    return found


def reader() -> str:
    """The mark of what decides how a source becomes parts."""
    return mark("quipu.iati", "quipu.rules")


def maker() -> str:
    """The mark of what decides how parts become a cache."""
    return mark("quipu.iati", "quipu.rules", "quipu.edition")
