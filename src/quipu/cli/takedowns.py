"""Taking down from a terminal, for houses without a desk; without words, what was taken down, and what is not finished."""

import getpass
import json
from dataclasses import asdict
from typing import Annotated

import typer

from quipu.actions.take_down import TERMINAL, finish, foresee, take_down
from quipu.books.database import NoBooks
from quipu.cli.options import DEFAULT_HOME, HomeOption, Json
from quipu.cli.printing import fail
from quipu.edition.home import Home, HomeError
from quipu.edition.withheld import KINDS, Order
from quipu.edition.withholding import Effect
from quipu.rules.findings import Refused

app = typer.Typer()
What = Annotated[
    list[str] | None,
    typer.Argument(
        help="KIND and its words: document SHA256; activity IDENTIFIER; text IDENTIFIER ROLE; voucher REFERENCE; name WORDS."
    ),
]


@app.command()
def takedown(
    what: What = None,
    home: HomeOption = DEFAULT_HOME,
    reason: Annotated[str, typer.Option(help="Why; kept on the list.")] = "",
    told: Annotated[str, typer.Option(help="The reason that readers are given.")] = "",
    publisher: Annotated[str, typer.Option(help="Only this publisher's activity of that identifier.")] = "",
    kind_of_text: Annotated[str, typer.Option("--type", help="Only texts of this type.")] = "",
    language: Annotated[str, typer.Option(help="Only texts in this language.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Withhold a document, an activity, a text, a voucher's texts or a name from every edition, page and file.

    Without words: finish what a killed takedown left, and list all of them.
    """
    place = Home(home)
    try:
        place.prepare()
        if not what:
            finish(place)
            _listed(place, as_json=as_json)
            return
        kind, target = _read(what, publisher=publisher, type=kind_of_text, language=language)
        if dry_run:
            _shown(foresee(place, kind=kind, target=target), None, as_json=as_json)
        else:
            by = f"{TERMINAL} {getpass.getuser()}"
            order, effect = take_down(place, by=by, kind=kind, target=target, reason=reason, told=told)
            _shown(effect, order, as_json=as_json)
    except (HomeError, NoBooks) as error:
        fail(str(error))
    except Refused as refused:
        fail("\n".join(map(str, refused.findings)))


def _read(what: list[str], **more: str) -> tuple[str, dict[str, str]]:
    kind, *words = what
    named = [name for name in KINDS.get(kind, ()) if not name.startswith("[")]
    if kind not in KINDS or not words:
        fail(f"Say what is taken down: {', '.join(KINDS)}, and which. ./quipu takedown --help shows how.")
    if kind == "name":
        words = [" ".join(words)]
    if len(words) != len(named):
        fail(f"After {kind} comes: {' '.join(name.upper() for name in named)}.")
    allowed = {name.strip("[]") for name in KINDS[kind]}
    if odd := [name for name, value in more.items() if value and name not in allowed]:
        fail(f"--{odd[0]} narrows down no takedown of this kind: {kind}.")
    return kind, {**dict(zip(named, words, strict=True)), **{name: value for name, value in more.items() if value}}


def _shown(effect: Effect, order: Order | None, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"takedown": order.number if order else None, **asdict(effect)}))
        return
    gone = ", ".join(f"{count:,} of {table}" for table, count in sorted(effect.rows.items())) or "none"
    print(f"{'Takedown ' + str(order.number) if order else 'Would go'}: rows {gone}; {effect.parts:,} parts;", end=" ")
    print(f"{len(effect.documents):,} files; editions {', '.join(map(str, effect.editions)) or 'none'}.")
    for sha256 in effect.remain:
        print(
            f"The document {sha256} holds the name in its own words. Take it down, or put a corrected file in its place."
        )


def _listed(home: Home, *, as_json: bool) -> None:
    orders = home.withheld.orders
    if as_json:
        print(json.dumps([asdict(order) for order in orders]))
        return
    for order in orders:
        what = " ".join(
            str(order.target[n]) for n in ("sha256", "identifier", "role", "reference") if n in order.target
        )
        print(f"{order.number:>5}  {order.on}  {order.kind:9} {what}  {order.reason}")
    if not orders:
        print(f"Nothing was taken down in {home.root}.")
