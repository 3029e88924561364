"""IATI documents from a few words, so that a test shows only what it is about."""

from pathlib import Path
from typing import Any

from quipu.iati.read import Report, Row, all_rows
from quipu.iati.sources import find

PUBLISHER = "XX-P"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def document(*activities: str, version: str = "2.03", generated: str = "", head: str = HEAD) -> str:
    """A whole document. With the usual head, the first activity begins on line 3."""
    when = f' generated-datetime="{generated}"' if generated else ""
    return f'{head}<iati-activities version="{version}"{when}>\n' + "\n".join(activities) + "\n</iati-activities>\n"


def activity(
    identifier: str = "XX-P-1",
    *parts: str,
    publisher: str = PUBLISHER,
    currency: str = "USD",
    hierarchy: int = 0,
    status: str = "2",
    updated: str = "",
    secondary: bool = False,
) -> str:
    """An activity without findings; its identifier stands on its second line, its parts from the sixth line on."""
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in (
            ("default-currency", currency),
            ("hierarchy", hierarchy),
            ("last-updated-datetime", updated),
        )
        if value
    )
    second = ' secondary-reporter="1"' if secondary else ""
    return "\n".join(
        [
            f"<iati-activity{attributes}>",
            f"<iati-identifier>{identifier}</iati-identifier>",
            f'<reporting-org ref="{publisher}" type="40"{second}><narrative>{publisher} office</narrative></reporting-org>',
            f"<title><narrative>Title of {identifier}</narrative></title>",
            f'<activity-status code="{status}"/>',
            *parts,
            "</iati-activity>",
        ]
    )


def transaction(
    code: str,
    value: object,
    on: str = "2020-05-01",
    *parts: str,
    currency: str = "",
    value_date: str | None = None,
    ref: str = "",
    provider: str = "",
    provider_activity: str = "",
    receiver: str = "",
    receiver_activity: str = "",
) -> str:
    """One transaction on one line."""
    money = f' currency="{currency}"' if currency else ""
    organizations = ""
    if provider or provider_activity:
        organizations += f'<provider-org ref="{provider}" provider-activity-id="{provider_activity}"/>'
    if receiver or receiver_activity:
        organizations += f'<receiver-org ref="{receiver}" receiver-activity-id="{receiver_activity}"/>'
    return (
        (f'<transaction ref="{ref}">' if ref else "<transaction>")
        + f'<transaction-type code="{code}"/><transaction-date iso-date="{on}"/>'
        + f'<value{money} value-date="{on if value_date is None else value_date}">{value}</value>'
        + organizations
        + "".join(parts)
        + "</transaction>"
    )


def budget(value: object, since: str = "2020-01-01", until: str = "2020-12-31", kind: str = "1") -> str:
    """One budget on one line."""
    period = f'<period-start iso-date="{since}"/><period-end iso-date="{until}"/>'
    return f'<budget type="{kind}">{period}<value value-date="{since}">{value}</value></budget>'


def related(kind: str, identifier: str) -> str:
    """type 1 names the parent, 2 a child."""
    return f'<related-activity type="{kind}" ref="{identifier}"/>'


def aid_type(code: str) -> str:
    return f'<default-aid-type code="{code}"/>'


def read(folder: Path, body: str | bytes, name: str = "file.xml") -> tuple[Report, dict[str, list[Row]]]:
    """Reads one document, written to a file of that name."""
    path = folder / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    (source,) = find([path])
    return all_rows(source)


def found(tables: dict[str, list[Row]]) -> list[tuple[str, int]]:
    """(rule, line) of each finding, in their order."""
    return [(row[3], row[1]) for row in tables.get("findings", [])]


def rules(tables: dict[str, list[Row]]) -> list[str]:
    """The rules of the findings."""
    return [rule for rule, _ in found(tables)]


def column(tables: dict[str, list[Row]], table: str, place: int) -> list[Any]:
    """One column of a table's rows."""
    return [row[place] for row in tables.get(table, [])]
