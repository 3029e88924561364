"""A workbook that guides whoever fills it in: lines on its first sheet, columns with technical names, cells that refuse.

What cells refuse or remark is made of the rules (`rules/findings`), by the names that their sentences have there. Technical
names in a hidden row decide when it is read again, labels only where somebody took that row away.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from quipu.files.plain import EPOCH
from quipu.rules.filled import MARK

META = f"{MARK}meta "
HEAD = 1  # the row of labels, from 0; the technical row stands above it
LONGEST_ERROR, LONGEST_TITLE = 255, 32  # of a validation
PAPER, GREY, EDGE, OPEN, ASKS, FAULT = "#FFFFFF", "#767676", "#BFBFBF", "#FFF9E5", "#FBE7B2", "#F6D5D5"


@dataclass(frozen=True, slots=True)
class Texts:
    """What it says, in the reader's language. sheets: names of the three; labels: of columns; rules: sentences by name.

    how: the lines of the first sheet, under its title.
    """

    title: str
    sheets: tuple[str, str, str]
    labels: Mapping[str, str]
    rules: Mapping[str, str]
    how: Sequence[str]
    facts: Sequence[tuple[str, str]]


class Guided:
    """A workbook on its way: the sheet with the lines, the one that is filled in, and hidden choices and sentences."""

    def __init__(self, made: Any, texts: Texts) -> None:
        self.made, self.texts = made, texts
        made.set_properties({"title": texts.title, "created": EPOCH})
        self.first = made.add_worksheet(texts.sheets[0])
        self.sheet = made.add_worksheet(texts.sheets[1])
        self.list = made.add_worksheet(texts.sheets[2])
        self.offered: dict[str, list[Any]] = {}
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **said: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(said.items()))
        if key not in self._looks:
            self._looks[key] = self.made.add_format({"font_name": "Calibri", "font_size": 10, "valign": "top", **said})
        return self._looks[key]

    def how_to(self) -> None:
        """Draws the first sheet."""
        sheet, texts = self.first, self.texts
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 4)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 84)
        sheet.write_string(0, 0, texts.title, self.look(bold=True, font_size=16))
        y = 2
        for label, value in texts.facts:
            sheet.write_string(y, 0, label, self.look(font_color=GREY))
            sheet.write_string(y, 2, value, self.look(bold=True, text_wrap=True))
            y += 1
        y += 1
        for n, line in enumerate(texts.how, 1):
            sheet.write_number(y, 0, n, self.look(bold=True, align="left"))
            sheet.merge_range(y, 1, y, 2, "", self.look(text_wrap=True))
            sheet.write_string(y, 1, line, self.look(text_wrap=True))
            sheet.set_row(y, 15 * (1 + len(line) // 125) + 5)
            y += 1
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1)
        sheet.protect()

    def lists(self) -> None:
        """Draws what can be chosen, and what cells say, on the hidden sheet."""
        for x, (name, values) in enumerate(self.offered.items()):
            for y, value in enumerate(values):
                (self.list.write_number if isinstance(value, int) else self.list.write_string)(y, x, value)
            if values:
                column = get_column_letter(x + 1)
                place = f"='{self.texts.sheets[2]}'!${column}$1:${column}${len(values)}"
                self.made.define_name(f"offered_{name}", place)
        column = get_column_letter(len(self.offered) + 1)
        for y, name in enumerate(self.texts.rules):
            self.list.write_string(y, len(self.offered), self.texts.rules[name])
            self.made.define_name(f"rule_{name_of(name)}", f"='{self.texts.sheets[2]}'!${column}${y + 1}")
        self.list.hide()
        self.list.protect()

    def head(
        self,
        columns: Sequence[str],
        widths: Mapping[str, int],
        right: Sequence[str],
        meta: Mapping[str, Any],
        hidden: Collection[str] = (),
    ) -> None:
        """Draws the technical row, which nobody sees, and the labels under it.

        right: columns of numbers; hidden: columns that nobody sees; meta: what the file is for.
        """
        for x, name in enumerate(columns):
            self.sheet.write_string(0, x, f"{MARK}{name}")
            look = self.look(
                bold=True,
                text_wrap=True,
                bottom=1,
                bg_color="#E8EDF2",
                align="right" if name in right else "left",
                indent=int(name in INDENTED),
            )
            self.sheet.write_string(HEAD, x, self.texts.labels[name], look)
            self.sheet.set_column(x, x, widths[name], None, {"hidden": name in hidden})
        self.sheet.write_string(0, len(columns), META + json.dumps(meta))
        self.sheet.set_row(0, None, None, {"hidden": True})
        self.sheet.set_row(HEAD, 45)

    def finish(self, last: int, frozen: int, printed: int) -> None:
        """Protects the sheet and says how it is printed. last: its last row; frozen, printed: columns."""
        sheet = self.sheet
        sheet.freeze_panes(HEAD + 1, frozen)
        sheet.autofilter(HEAD, 0, last, printed)
        sheet.protect(
            "", {"format_columns": True, "format_rows": True, "autofilter": True, "select_locked_cells": True}
        )
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.print_area(HEAD, 0, last, printed)
        sheet.set_margins(0.3, 0.3, 0.4, 0.5)
        sheet.set_footer("&L&F&R&P / &N")
        sheet.activate()
        sheet.set_first_sheet()
        self.first.activate()

    def valid(self, rule: str, places: Sequence[tuple[int, int, int, int]], said: Mapping[str, Any]) -> None:
        """Cells that refuse with the sentence of a rule."""
        if not places:
            return
        told = self.texts.rules[rule]
        told = told if len(told) <= LONGEST_ERROR else f"{told[: LONGEST_ERROR - 1]}…"
        first, *others = places
        options = {**said, "error_title": rule[:LONGEST_TITLE], "error_message": told, "ignore_blank": True}
        if others:
            options["other_cells"] = [list(one) for one in others]
        self.sheet.data_validation(*first, options)


INDENTED = ("comment", "origin", "source", "on", "link", "note")  # columns of words, beside numbers


def name_of(rule: str) -> str:
    """What a cell calls the sentence of a rule."""
    return rule.replace("-", "_")
