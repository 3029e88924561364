"""Records and the declarations of a journal: the same things, read in and written back."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from quipu.books import models
from quipu.rules.calendar import Deadlines, read_deadline
from quipu.rules.dates import read_date
from quipu.rules.findings import Finding
from quipu.rules.journal import Declaration, Setting, minor_units, quoted, read_number
from quipu.rules.money import exponent, of_minor_units

DEFAULT_CURRENCY = "USD"
YES = ("yes", "true", "1")
LEANING = ("community", "loan")  # these ask what others say, wherever a journal declares them


class _Said:
    """The settings of a declaration, taken one after the other; what nobody took is further."""

    def __init__(self, declaration: Declaration) -> None:
        self._left = list(declaration.settings)

    def all(self, key: str) -> list[Setting]:
        """All of that key, in their order."""
        taken = [setting for setting in self._left if setting.key == key]
        self._left = [setting for setting in self._left if setting.key != key]
        return taken

    def one(self, key: str) -> str:
        """The value of the first of that key, its words joined; "" where there is none."""
        found = self.all(key)
        self._left += found[1:]
        return " ".join(found[0].parts) if found else ""

    @property
    def further(self) -> list[list[str]]:
        """The rest, as written."""
        return [[setting.key, setting.value] for setting in self._left]


def declare(declarations: Iterable[Declaration]) -> list[Finding]:
    """Takes declarations into the records; what a record has and the declaration does not say stays.

    Answers a note for each setting that nothing here reads. The declarations were checked before.
    """
    found = []
    for declaration in sorted(declarations, key=lambda one: one.word in LEANING):
        said = _Said(declaration)
        _TAKE[declaration.word](declaration, said)
        what = " ".join((declaration.word, *declaration.codes[:1]))
        known = FURTHER.get(declaration.word, ())
        found += [Finding("setting-unknown", what, key) for key, _ in said.further if key not in known]
    return found


# What is kept as written, because later floors read it.
FURTHER = {
    "fund": (
        *("iati", "publisher", "country", "region", "theme", "starts", "ends", "overview"),
        *("deadline", "category-shift"),
    ),
    "project": ("country", "theme", "sector", "region", "place", "sdg", "marker", "iati", "starts", "ends"),
}


def further(record: Any, key: str) -> Iterator[tuple[str, ...]]:
    """The words of each setting of that name that was kept as written."""
    for name, value in record.further:
        if name == key:
            yield Setting(name, value).parts


def deadlines() -> dict[str, Deadlines]:
    """The deadlines of funds that have their own."""
    said = {
        fund.code: dict(filter(None, (read_deadline(words) for words in further(fund, "deadline"))))
        for fund in models.Fund.objects.exclude(further=[])
    }
    return {fund: own for fund, own in said.items() if own}


def portion(words: tuple[str, ...]) -> tuple[str, str, str]:
    """Code, name and percentage ("" where none is stated) of a country, a theme and the like: PE "Peru" 100%."""
    share = next((word.removesuffix("%") for word in words[1:] if word.endswith("%")), "")
    return words[0], " ".join(word for word in words[1:] if not word.endswith("%")), share


def identities() -> dict[str, str]:
    """What each organization is known by outside: its IATI identifier, the first that was declared, else its code.

    One that was merged into another is known as that one.
    """
    own, merged = own_identities(), mergers()
    return {code: own[shown_as(code, merged)] for code in own}


def own_identities() -> dict[str, str]:
    """The same as if none had been merged."""
    codes = models.Organization.objects.values_list("code", flat=True)
    iati = models.Identifier.objects.filter(scheme="iati").order_by("-id")
    return {**{code: code for code in codes}, **dict(iati.values_list("organization", "value"))}


def mergers() -> dict[str, str]:
    """Which organization is shown as which other one, by code; each step of a chain by itself."""
    return dict(models.Merger.objects.filter(undone_at=None).values_list("organization_id", "into_id"))


def shown_as(code: str, merged: dict[str, str] | None = None) -> str:
    """The code that an organization is shown under: where its chain of mergers ends."""
    merged = mergers() if merged is None else merged
    seen = {code}
    while merged.get(code, code) not in seen:
        code = merged[code]
        seen.add(code)
    return code


def together_with(code: str) -> list[str]:
    """All codes that are one organization with this one, the code they are shown under first."""
    merged = mergers()
    end = shown_as(code, merged)
    return [end, *sorted(one for one in merged if shown_as(one, merged) == end)]


def _save(model: Any, code: str, said: _Said, values: dict[str, Any]) -> Any:
    """Makes the record, or changes what the declaration says anew."""
    record = model.objects.filter(code=code).first()
    stated = {name: value for name, value in values.items() if value not in (None, "", False)}
    if record is None:
        return model.objects.create(code=code, further=said.further, **stated)
    further = [*record.further, *(pair for pair in said.further if pair not in record.further)]
    changed = {name: value for name, value in {**stated, "further": further}.items() if getattr(record, name) != value}
    if changed:
        model.objects.filter(code=code).update(**changed)
    return record


def _fund(declaration: Declaration, said: _Said) -> None:
    code = declaration.codes[0]
    before = models.Fund.objects.filter(code=code).first()
    currency = said.one("currency") or (before.currency if before else DEFAULT_CURRENCY)
    values = {
        "title": declaration.title,
        "currency": currency,
        "category": said.one("category"),
        "agent_fee": said.one("agent-fee").removesuffix("%"),
        "illustrative": said.one("illustrative") in YES,
        "minimum_balance": _units(said.one("minimum-balance"), currency),
        "small_balance": _units(said.one("small-balance"), currency),
        "over_allocation": said.one("allocation-above-available"),
        "second_eyes": said.one("second-eyes") in YES,
    }
    _save(models.Fund, code, said, values)


def _window(declaration: Declaration, said: _Said) -> None:
    fund = declaration.codes[1] if len(declaration.codes) > 1 else said.one("fund")
    _save(models.Window, declaration.codes[0], said, {"title": declaration.title, "fund_id": fund or None})


def _organization(declaration: Declaration, said: _Said) -> None:
    flag = "contributes" if declaration.word == "contributor" else "participates"
    identifiers = [("iati", one) for one in said.all("iati")]
    identifiers += [(scheme.key, scheme) for key in ("ledger", "identifier") for scheme in said.all(key)]
    aliases = said.all("alias")
    values = {"title": declaration.title, flag: True, "group": said.one("group")}
    record = _save(models.Organization, declaration.codes[0], said, values)
    for scheme, setting in identifiers:
        record.identifiers.get_or_create(scheme=scheme, value=" ".join(setting.parts))
    for alias in aliases:
        record.aliases.get_or_create(name=" ".join(alias.parts))


def _project(declaration: Declaration, said: _Said) -> None:
    participants = said.all("participant")
    values = {
        "title": declaration.title,
        "fund_id": said.one("fund"),
        "kind": said.one("kind"),
        "window_id": said.one("window") or None,
        "description_code": said.one("description"),
    }
    record = _save(models.Project, declaration.codes[0], said, values)
    for participant in participants:
        number = " ".join(participant.parts[1:])
        record.participations.update_or_create(organization_id=participant.first, defaults={"number": number})


def _agreement(declaration: Declaration, said: _Said) -> None:
    code, fund, contributor = declaration.codes
    amount, _, currency = said.one("amount").partition(" ")
    instalments, amendments = said.all("instalment"), said.all("amendment")
    values = {
        "title": declaration.title,
        "fund_id": fund,
        "contributor_id": contributor,
        "amount": read_number(amount),
        "currency": currency,
        "earmark": said.one("earmark"),
        "agent_fee": said.one("agent-fee").removesuffix("%"),
        "iati_activity": said.one("iati"),
    }
    record = _save(models.Agreement, code, said, values)
    for setting in instalments:
        day, amount = setting.parts
        record.instalments.get_or_create(expected_on=read_date(day), amount=read_number(amount))
    for setting in amendments:
        signed = read_date(setting.first)
        if signed:
            record.amendments.get_or_create(signed_on=signed, text=" ".join(setting.parts[1:]))


def _mou(declaration: Declaration, said: _Said) -> None:
    fund, organization = declaration.codes
    values = {
        "title": declaration.title,
        "indirect_cost": said.one("indirect-cost").removesuffix("%"),
        "signed_on": read_date(said.one("signed")),
    }
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    models.Mou.objects.update_or_create(
        fund_id=fund, organization_id=organization, defaults={**stated, "further": said.further}
    )


def _community(declaration: Declaration, said: _Said) -> None:
    code, project = declaration.codes
    fund = models.Fund.objects.filter(pk__in=models.Project.objects.filter(code=project).values("fund")).first()
    before = models.Community.objects.filter(code=code).first()
    stated = said.one("currency")
    values = {
        "title": declaration.title,
        "project_id": project,
        "currency": stated or (before.currency if before else fund.currency if fund else DEFAULT_CURRENCY),
        "district": said.one("district"),
        "opened_on": read_date(said.one("opened")),
    }
    _save(models.Community, code, said, values)


def _loan(declaration: Declaration, said: _Said) -> None:
    code = declaration.codes[0]
    community, _, number = code.rpartition("/")
    values = {"title": declaration.title, "community_id": community, "number": int(number)}
    _save(models.Loan, code, said, values)


_TAKE: dict[str, Callable[[Declaration, _Said], None]] = {
    "fund": _fund,
    "window": _window,
    "contributor": _organization,
    "organization": _organization,
    "project": _project,
    "agreement": _agreement,
    "mou": _mou,
    "community": _community,
    "loan": _loan,
}


def _units(text: str, currency: str) -> int | None:
    amount = read_number(text)
    return None if amount is None else minor_units(amount, currency)


# Back to declarations


def declarations() -> Iterator[Declaration]:
    """All records as a journal declares them, what others lean on first."""
    yield from map(of_fund, models.Fund.objects.order_by("code"))
    yield from map(of_window, models.Window.objects.order_by("code"))
    for body in models.Organization.objects.order_by("code").prefetch_related("identifiers", "aliases"):
        yield from of_organization(body)
    yield from map(of_project, models.Project.objects.order_by("code").prefetch_related("participations"))
    yield from map(
        of_agreement, models.Agreement.objects.order_by("code").prefetch_related("instalments", "amendments")
    )
    yield from map(of_mou, models.Mou.objects.order_by("fund_id", "organization_id"))
    yield from map(of_community, models.Community.objects.order_by("code"))
    yield from map(of_loan, models.Loan.objects.order_by("community_id", "number"))


def of_fund(fund: Any) -> Declaration:
    """A fund as a journal declares it."""
    return _said(
        "fund",
        (fund.code,),
        fund.title,
        ("currency", fund.currency),
        ("category", _word(fund.category)),
        ("agent-fee", fund.agent_fee and f"{fund.agent_fee}%"),
        ("illustrative", "yes" if fund.illustrative else ""),
        ("minimum-balance", _amount(fund.minimum_balance or None, fund.currency)),
        ("small-balance", _amount(fund.small_balance, fund.currency)),
        ("allocation-above-available", fund.over_allocation),
        ("second-eyes", "yes" if fund.second_eyes else ""),
        *fund.further,
    )


def of_window(window: Any) -> Declaration:
    """A window as a journal declares it."""
    codes = (window.code, window.fund_id) if window.fund_id else (window.code,)
    return _said("window", codes, window.title, *window.further)


def of_organization(body: Any) -> Iterator[Declaration]:
    """An organization as a journal declares it: as such, as a contributor, or both."""
    settings = (
        *((one.scheme, _word(one.value)) for one in body.identifiers.all()),
        *(("alias", quoted(one.name)) for one in body.aliases.all()),
        ("group", _word(body.group)),
        *body.further,
    )
    if body.participates or not body.contributes:
        yield _said("organization", (body.code,), body.title, *settings)
        settings = ()
    if body.contributes:
        yield _said("contributor", (body.code,), body.title, *settings)


def of_project(project: Any) -> Declaration:
    """A project as a journal declares it."""
    numbers = ((one.organization_id, one.number) for one in project.participations.all())
    return _said(
        "project",
        (project.code,),
        project.title,
        ("fund", project.fund_id),
        ("kind", project.kind),
        ("window", project.window_id or ""),
        ("description", _word(project.description_code)),
        *(("participant", f"{code} {_word(number)}".strip()) for code, number in sorted(numbers)),
        *project.further,
    )


def of_agreement(agreement: Any) -> Declaration:
    """An agreement as a journal declares it."""
    currency = agreement.currency
    return _said(
        "agreement",
        (agreement.code, agreement.fund_id, agreement.contributor_id),
        agreement.title,
        ("amount", "" if agreement.amount is None else f"{_number(agreement.amount, currency)} {currency}"),
        *(
            ("instalment", f"{one.expected_on} {_number(one.amount, currency)}")
            for one in agreement.instalments.order_by("expected_on", "id")
        ),
        *(
            ("amendment", f"{one.signed_on} {quoted(one.text)}")
            for one in agreement.amendments.order_by("signed_on", "id")
        ),
        ("earmark", _word(agreement.earmark)),
        ("agent-fee", _percent(agreement.agent_fee)),
        ("iati", _word(agreement.iati_activity)),
        *agreement.further,
    )


def of_mou(mou: Any) -> Declaration:
    """A memorandum as a journal declares it."""
    return _said(
        "mou",
        (mou.fund_id, mou.organization_id),
        mou.title,
        ("indirect-cost", _percent(mou.indirect_cost)),
        ("signed", mou.signed_on.isoformat() if mou.signed_on else ""),
        *mou.further,
    )


def of_community(community: Any) -> Declaration:
    """A community's revolving fund as a journal declares it."""
    return _said(
        "community",
        (community.code, community.project_id),
        community.title,
        ("currency", community.currency),
        ("district", _word(community.district)),
        ("opened", community.opened_on.isoformat() if community.opened_on else ""),
        *community.further,
    )


def of_loan(loan: Any) -> Declaration:
    """A loan as a journal declares it."""
    return _said("loan", (loan.code,), loan.title, *loan.further)


def _said(word: str, codes: tuple[str, ...], title: str, *settings: tuple[str, str] | list[str]) -> Declaration:
    return Declaration(word, codes, title, tuple(Setting(key, value) for key, value in settings if value))


def _word(text: str) -> str:
    """A value as one word of a setting."""
    return text if text and not set(text) & set(' \t\n\r";') else quoted(text) if text else ""


def _percent(rate: str) -> str:
    return f"{rate}%" if rate and rate[0].isdigit() else rate


def _amount(units: int | None, currency: str) -> str:
    return "" if units is None else _number(of_minor_units(units, currency), currency)


def _number(amount: Decimal, currency: str) -> str:
    return f"{amount:,.{exponent(currency)}f}"
