"""Colours of the stylesheet: words and marks stand out from their ground, and dyes from each other, for every eye."""

import itertools
import re

import pytest

from tests.conftest import ROOT

CSS = (ROOT / "src" / "quipu" / "portal" / "static" / "quipu.css").read_text("utf-8")
WORDS = ("ink", "dim", "accent", "a", "b", "c", "d", "e", "f", "ok", "warn")
# What a missing kind of cone makes of linear light (Viénot, Brettel and Mollon 1999; Brettel 1997 for tritan).
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.1124, 0.8876, 0), (0.1124, 0.8876, 0), (0.0040, -0.0040, 1)),
    "deutan": ((0.2927, 0.7073, 0), (0.2927, 0.7073, 0), (-0.0223, 0.0223, 1)),
    "tritan": ((1, 0.1524, -0.1524), (0, 0.8672, 0.1328), (0, 0.8672, 0.1328)),
}
APART = 6  # the distance of two dyes in CIE L*a*b*; 2.3 can just be told apart


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]+)", block))


LIGHT = tokens(CSS[CSS.index(":root") : CSS.index("@media")])
DARK = tokens(CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("/* Ground */")])


def linear(colour: str) -> tuple[float, ...]:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    seen = [min(1, max(0, sum(m * p for m, p in zip(row, linear(colour), strict=True)))) for row in EYES[eye]]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [
        sum(m * p for m, p in zip(row, seen, strict=True)) / white
        for row, white in zip(to_xyz, (0.9505, 1, 1.089), strict=True)
    ]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_black_on_white_has_the_contrast_that_the_guidelines_name() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("word", WORDS)
def test_words_and_dyes_can_be_read_on_both_grounds(scheme: dict[str, str], word: str) -> None:
    assert contrast(scheme[word], scheme["paper"]) >= 4.5
    assert contrast(scheme[word], scheme["soft"]) >= 4.4


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_dyes_can_be_told_apart_by_every_eye(scheme: dict[str, str], eye: str) -> None:
    for one, other in itertools.combinations("abcdef", 2):
        distance = sum((p - q) ** 2 for p, q in zip(lab(scheme[one], eye), lab(scheme[other], eye), strict=True)) ** 0.5
        assert distance >= APART, (one, other, round(distance, 1))
