"""What the public sent: letters are listed, read, and closed with what became of them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from quipu.cli.options import DEFAULT_HOME, HomeOption, Json
from quipu.cli.printing import errors, fail
from quipu.letters import box, contacts
from quipu.letters.box import Kept, NoLetter
from quipu.letters.contacts import Contacts
from quipu.letters.letter import RELAY
from quipu.rules.findings import CRITICAL, ERROR

app = typer.Typer()
letters = typer.Typer(help="What the public sent: list it, read one letter, close it; check the contacts.")
app.add_typer(letters, name="letters")
Code = Annotated[str, typer.Argument(help="The letter's code, as its writer was told it.")]
SHOWN = 60  # characters of a letter in the list


@letters.callback(invoke_without_command=True)
def list_letters(
    context: typer.Context,
    home: HomeOption = DEFAULT_HOME,
    every: Annotated[bool, typer.Option("--all", help="Those that are closed as well.")] = False,
    as_json: Json = False,
) -> None:
    """List the letters that nobody has dealt with, oldest first."""
    if context.invoked_subcommand:
        return
    kept, torn = box.listed(home)
    named = contacts.read(home)
    shown = [one for one in kept if every or not one.closed_at]
    if as_json:
        print(json.dumps([_whole(one, named) for one in shown], ensure_ascii=False, indent=1))
    else:
        for one in shown:
            print(_line(one))
        if not shown:
            print("No letter waits." if not every else "No letter has arrived.")
    for file in torn:
        errors.print(f"{file}: this file cannot be read as a letter.", highlight=False, markup=False, soft_wrap=True)
    _remarks(home, named)


@letters.command("show")
def show_letter(code: Code, home: HomeOption = DEFAULT_HOME, as_json: Json = False) -> None:
    """Print one letter with all that is known of it, and where it is to be forwarded."""
    named = contacts.read(home)
    whole = _whole(_found(home, code), named)
    if as_json:
        print(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    text = whole.pop("text")
    for word, value in whole.items():
        if value:
            print(f"{word.replace('_', ' '):>12}  {value}")
    print(f"\n{text}")


@letters.command("close")
def close_letter(
    code: Code,
    outcome: Annotated[str, typer.Option(help="What became of it, in a sentence.")],
    publish: Annotated[
        bool, typer.Option("--publish", help="Tell the outcome of a correction on the page /corrections. Name nobody.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Mark a letter as dealt with."""
    try:
        kept = box.close(home, _found(home, code).code, outcome, publish=publish)
    except NoLetter as error:
        fail(str(error))
    print(f"{kept.code} is closed{', and its outcome stands on /corrections' if publish else ''}.")


@letters.command("contacts")
def list_contacts(home: HomeOption = DEFAULT_HOME) -> None:
    """List whom letters are forwarded to, and everything that is wrong in contacts.toml."""
    named = contacts.read(home)
    print(f"office: {named.office or '(not named)'}")
    for one in named.listed:
        public = f", shown as “{one.public_name}”" if one.public_name else ""
        print(f"{one.role}{public}: {one.reply_to or named.office or '(nobody)'}, for {', '.join(one.of)}")
    for finding in named.findings:
        print(finding)
    if any(finding.severity in (CRITICAL, ERROR) for finding in named.findings):
        raise typer.Exit(1)


def _found(home: Path, code: str) -> Kept:
    try:
        return box.find(home, code)
    except NoLetter as error:
        fail(str(error))


def _line(one: Kept) -> str:
    first = " ".join(one.letter.text.split())
    text = first if len(first) <= SHOWN else first[: SHOWN - 1] + "…"
    page = one.letter.about.page or "(no page)"
    to = f" to {one.letter.to}" if one.letter.to else ""
    state = "  closed" if one.closed_at else ""
    return f"{one.code}  {one.arrived_at[:16].replace('T', ' ')}  {one.letter.kind:<8}  {page}{to}  {text}{state}"


def _whole(one: Kept, named: Contacts) -> dict[str, Any]:
    """All of a letter, flat; a relayed one with the address to forward it to."""
    letter = asdict(one.letter)
    about = letter.pop("about")
    forward = named.address(one.letter.about.of, one.letter.to) if one.letter.kind == RELAY else ""
    return {
        **{"code": one.code, "arrived_at": one.arrived_at, **about, **letter, "forward_to": forward},
        **{"closed_at": one.closed_at, "outcome": one.outcome},
    }


def _remarks(home: Path, named: Contacts) -> None:
    """What an office should mend before people rely on it."""
    said = [str(finding) for finding in named.findings]
    if not named.office:
        said.append(f'{contacts.NAME}: no office is named to forward letters to. Say office = "name@example.org".')
    if not any((home / "texts").glob("*/fraud.md")):
        said.append("texts/en/fraud.md: name the investigation offices of the organizations you work with there.")
    for remark in said:
        errors.print(remark, highlight=False, markup=False, soft_wrap=True)
