"""What lies in the folder of public documents, and what is wrong with it."""

import json
from typing import Any

import typer

from quipu.actions import publish
from quipu.cli.options import DEFAULT_HOME, HomeOption, Json
from quipu.cli.printing import fail
from quipu.edition.documents import Lying
from quipu.edition.home import Home, HomeError
from quipu.rules.findings import ERROR, rule_of

app = typer.Typer()


@app.command()
def documents(home: HomeOption = DEFAULT_HOME, as_json: Json = False) -> None:
    """List what lies in HOME/documents, and name everything that keeps one of them from being published as it should be.

    Nothing is published by it. Exit code 1 where something is wrong.
    """
    place = Home(home)
    try:
        lying = publish.look(place)
    except HomeError as error:
        fail(str(error))
    publish.check(place, lying)
    if as_json:
        print(json.dumps([_plain(one) for one in lying], ensure_ascii=False, indent=1))
    else:
        for one in lying:
            _print(one)
        count = sum(one.is_public for one in lying)
        print(f"{len(lying):,} in {place.documents}: {count:,} public, {len(lying) - count:,} not.")
    if any(finding.severity == ERROR for one in lying for finding in one.findings):
        raise typer.Exit(1)


def _print(one: Lying) -> None:
    standing = "public  " if one.is_public else "internal" if not one.said.is_public else "left out"
    print(f"{standing}  {one.sha256[:12]:12}  {one.said.on:10}  {one.said.type:20}  {one.file}")
    for finding in one.findings:
        print(f"          {finding}")


def _plain(one: Lying) -> dict[str, Any]:
    said = one.said
    return {
        "file": one.file,
        "yaml": one.beside,
        "public": one.is_public,
        "sha256": one.sha256,
        "bytes": one.bytes,
        "title": said.titles,
        "type": said.type,
        "date": said.on,
        "language": said.languages,
        "about": [{kind: name} for kind, name in said.about],
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "place": finding.place,
                "detail": finding.detail,
                "sentence": rule_of(finding.rule).sentence,
            }
            for finding in one.findings
        ],
    }
