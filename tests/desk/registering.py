"""Registers for the tests of the desk: of enterprises with consents, of people, of policies; and words that must not get out."""

from datetime import date
from typing import Any

OWNER, TRAINED, CERTIFICATE = "Mandragora Quispe", "Beltenebros Huaman", "CERT-ZARZAPARRILLA-7"
AGREED, SILENT, WITHDRAWN = "Loom of Amadis", "Bakery Oriana", "Honey of Urganda"


def enterprise(name: str, financed: str = "2011-05-31", **said: str) -> dict[str, str]:
    """A row of enterprises as it is typed."""
    return {"name": name, "financed": financed, **said}


def register(by: str, kind: str, *, project: str = "P1", public: bool = False, **said: Any) -> Any:
    """A register of a kind of the house."""
    from quipu.actions.registers import register as registers

    titles = said.pop("titles", {"en": kind.replace("-", " ").capitalize()})
    told = registers.RegisterSaid(titles, kind, currency="PEN", is_public=public, **said)
    return registers.keep(by=by, project=project, said=told)


def entered(by: str, made: Any, *rows: dict[str, str]) -> list[Any]:
    """Rows of it."""
    from quipu.actions.registers import row

    return [row.enter(by=by, register=made.code, said=said) for said in rows]


def agreed(by: str, record: Any, until: date | None = None) -> Any:
    """The owner's consent."""
    from quipu.actions.registers import consent

    return consent.give(by=by, record=record, said=consent.ConsentSaid(date(2024, 1, 2), f"{OWNER}, by letter", until))


def kept(by: str = "w") -> dict[str, Any]:
    """Three registers: a public one of enterprises, of which one owner agrees; people; policies that are public."""
    made = {
        "enterprises": register(by, "enterprises", public=True),
        "people": register(by, "people"),
        "policies": register(by, "policies", public=True),
    }
    rows = entered(
        by,
        made["enterprises"],
        enterprise(AGREED, owner=OWNER, sector="crafts", district="Pucara", grant="5,000.00", jobs_women="3"),
        enterprise(SILENT, sector="agriculture", district="Morrope", grant="7,111.00"),
        enterprise(WITHDRAWN, "2012-02-01", grant="8,222.00"),
    )
    agreed(by, rows[0])
    people = entered(
        by,
        made["people"],
        {
            "name": TRAINED,
            "kind": "certified",
            "course": "Looms",
            "on": "2011-06-01",
            "certificate": CERTIFICATE,
            "sex": "women",
        },
        {"name": "Leonoreta Mamani", "kind": "trained", "course": "Looms", "on": "2011-07-01", "sex": "men"},
    )
    policies = entered(
        by,
        made["policies"],
        {"title": "Bylaw of the weavers", "status": "approved", "approved": "2011-03-04", "number": "011-2011"},
    )
    return {**made, "rows": rows, "persons": people, "bylaws": policies}


def counting(by: str, code: str = "P1-r1", **said: Any) -> Any:
    """An indicator that counts a register."""
    from quipu.actions.registers import counting as counts
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid

    told = {"what": "count", "on": "financed", **said}
    kind = "amount" if told.get("currency") else "count"
    people = told.pop("people", False)
    breaks = tuple(told.get("breaks", {}))
    made = framework.keep_indicator(
        by=by,
        project="P1",
        said=IndicatorSaid({"en": "Enterprises financed"}, kind, is_of_people=people, breaks=breaks),
    )
    return counts.define(by=by, indicator=made.code, said={"register": code, **told})


def furnished(by: str) -> Any:
    """One of everything that has an address: registers, among them one of its own, an indicator, and a resource, answered."""
    from quipu.actions.registers import register as registers
    from quipu.actions.registers import resource
    from quipu.rules.registers.fields import Field, Schema

    kept(by)
    own = Schema((Field("name", titles={"en": "Name"}, is_needed=True),))
    registers.keep(by=by, project="P1", said=registers.RegisterSaid({"en": "Gates"}, schema=own))
    counting(by)
    return resource.keep(by=by, project="P1", said=resource.ResourceSaid("own", "in kind", source="The town"))
