"""Codes of the field and their short English names, as one small table; an unknown code keeps its own face."""

from functools import cache
from importlib.resources import files


@cache
def table() -> dict[str, dict[str, str]]:
    """List name → code → name."""
    lists: dict[str, dict[str, str]] = {}
    for line in files("quipu.rules").joinpath("codes.tsv").read_text("utf-8").splitlines():
        name, code, label = line.split("\t")
        lists.setdefault(name, {})[code] = label
    return lists


def label(codes: str, code: str) -> str:
    """The name of a code in a list, or the code itself."""
    return table().get(codes, {}).get(code, code)
