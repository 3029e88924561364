"""Lists of countries, sectors and the like as they were written, as millionths."""

from quipu.rules.shares import WHOLE, apportion, is_whole, total

UNIT, RECORD = chr(31), chr(30)
DIMENSIONS = ("sector", "place", "sdg", "theme", "window", "marker", "country", "region")


def split(dimension: str, body: str) -> list[tuple[str, str, int]]:
    """(dimension, code, millionths) of one list as it was written."""
    items = [item.split(UNIT) for item in body.split(RECORD)]
    if dimension == "geography":
        return _geography(items)
    portions = [(code, percentage) for _, code, percentage in items]
    if dimension == "marker":  # marks are not parts of a whole: each holds all of the money
        return [(dimension, code, WHOLE) for code in sorted({code for code, _ in portions})]
    dimension = "sdg" if dimension == "sdg_sector" else dimension
    return [(dimension, code, share) for code, share in apportion(portions)]


def _geography(items: list[list[str]]) -> list[tuple[str, str, int]]:
    """Countries and regions are parts of one whole, unless each list alone is meant as the whole."""
    letters = {"c": "country", "r": "region"}
    alone = {
        name: [(code, percentage) for kind, code, percentage in items if kind == letter]
        for letter, name in letters.items()
    }
    together = [(kind + code, percentage) for kind, code, percentage in items]
    unstated = not any(percentage.strip() for _, percentage in together)
    if unstated or not (is_whole(together) or total(together) < 100):
        return [(name, code, share) for name, portions in alone.items() for code, share in apportion(portions)]
    shares = apportion(together)
    rows = []
    for letter, name in letters.items():
        mine = [(code[1:], share) for code, share in shares if code.startswith(letter)]
        rest = WHOLE - sum(share for _, share in mine)
        rows += [(name, code, share) for code, share in [*mine, *([("", rest)] if rest else [])]]
    return rows
