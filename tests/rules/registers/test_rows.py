"""Rows as people type them: read exactly, or refused by the name of a rule beside the field."""

import pytest

from quipu.rules.languages import LANGUAGES
from quipu.rules.registers import fields, rows
from quipu.rules.registers.fields import OF_MONEY, Field, Schema, Type
from quipu.rules.registers.kinds import KINDS

ENTERPRISES = KINDS["enterprises"].schema
SAID = {"name": "Weavers of the lake", "financed": "2011-05-31"}


def read(
    said: dict[str, str], kind: str = "enterprises", group: str = ","
) -> tuple[rows.Values, list[tuple[str, str]]]:
    values, found = rows.read(KINDS[kind].schema, said, "PEN", group)
    return values, [(one.place, one.rule) for one in found]


def test_a_row_keeps_amounts_in_minor_units_with_their_currency() -> None:
    values, found = read({**SAID, "grant": "15,000.50", "own_share": "200 USD", "sector": "crafts"})
    assert (values["grant"], values["own_share"], values["sector"]) == ([1500050, "PEN"], [20000, "USD"], "crafts")
    assert found == []


def test_instalments_are_days_with_amounts_in_their_order() -> None:
    values, _ = read({**SAID, "instalments": "2011-09-01 100.00\n2011-06-01 50.25 USD"})
    assert values["instalments"] == [["2011-06-01", 5025, "USD"], ["2011-09-01", 10000, "PEN"]]


@pytest.mark.parametrize(
    ("key", "text", "rule"),
    [
        ("grant", "1.234", "amount-two-ways"),
        ("grant", "about 5000", "amount-unreadable"),
        ("grant", "5000.001", "register-decimals"),
        ("grant", "-5", "register-amount"),
        ("grant", "5000 XYZ", "currency-unknown-code"),
        ("grant", "USD 5 PEN", "amount-unreadable"),
        ("jobs_women", "1.234", "amount-two-ways"),
        ("jobs_women", "2.5", "register-number"),
        ("jobs_women", "-1", "register-number"),
        ("financed", "31/05/2011", "date-typed"),
        ("financed", "2011-02-30", "date-typed"),
        ("financed", "0211-05-31", "date-typed"),
        ("sector", "mining", "register-choice"),
        ("instalments", "5000", "register-payments"),
        ("instalments", "2011-06-01 1.234", "amount-two-ways"),
        ("name", "x" * 501, "register-text"),
        ("name", "a\0b", "register-text"),
        ("height", "3", "register-field-unknown"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(key: str, text: str, rule: str) -> None:
    values, found = read({**SAID, key: text})
    assert (key, rule) in found
    assert key not in values


def test_a_thousand_is_read_by_the_readers_own_sign_alone() -> None:
    assert read({**SAID, "jobs_women": "1,234"})[0]["jobs_women"] == 1234
    assert read({**SAID, "jobs_women": "1,234"}, group=".")[1] == [("jobs_women", "amount-two-ways")]


def test_what_is_needed_is_asked_for() -> None:
    assert read({"name": " "})[1] == [("name", "field-missing"), ("financed", "field-missing")]


def test_instalments_above_the_grant_are_remarked_and_refuse_nothing() -> None:
    _, found = rows.read(ENTERPRISES, {**SAID, "grant": "100", "instalments": "2011-06-01 100.01"}, "PEN")
    assert [(one.rule, one.severity) for one in found] == [("register-paid-more", "warning")]
    assert read({**SAID, "grant": "100", "instalments": "2011-06-01 100"})[1] == []
    assert read({**SAID, "grant": "100", "instalments": "2011-06-01 300 USD"})[1] == []


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
@pytest.mark.parametrize("group", [",", "."])
def test_what_is_written_back_is_read_the_same(currency: str, group: str) -> None:
    money, paid = Field("m", type=Type.MONEY), Field("p", type=Type.PAYMENTS)
    schema = Schema((money, paid))
    for units in (0, 5, 1234, 123456, 999_999_999):
        values = {"m": [units, currency], "p": [["2011-06-01", units, currency]]}
        typed = {one.key: rows.written(one, values[one.key]) for one in schema.fields}
        assert rows.read(schema, typed, "PEN", group) == (values, [])


def test_of_people_nothing_is_shown_and_everything_is_personal() -> None:
    for kind in KINDS.values():
        if kind.schema.is_of_people:
            assert kind.schema.shown == []
            assert kind.schema.personal == {one.key for one in kind.schema.fields}


def test_no_kind_shows_amounts_numbers_documents_or_names_of_people() -> None:
    for kind in KINDS.values():
        for one in kind.schema.shown:
            assert one.type not in (*OF_MONEY, Type.NUMBER, Type.DOCUMENT, Type.PERSON), (kind.key, one.key)
        assert kind.schema.of(kind.schema.dated).type == Type.DAY, kind.key  # type: ignore[union-attr]


def test_a_public_enterprise_is_its_name_district_sector_and_year() -> None:
    said = {
        **SAID,
        "owner": "Ana",
        "sector": "crafts",
        "district": "Pucara",
        "grant": "5000",
        "jobs_women": "3",
        "note": "x",
    }
    values, _ = read(said)
    told = {field.key: text for field, text in rows.public(ENTERPRISES, values)}
    assert told == {"name": "Weavers of the lake", "sector": "crafts", "district": "Pucara", "financed": "2011"}


def test_how_a_person_is_reached_is_never_shown_whatever_the_field() -> None:
    kind = KINDS["agreements"].schema
    for partners in ("Ask ana@example.org", "Town hall, telephone +51 984 123 456"):
        values, found = rows.read(kind, {"title": "Fair of 2012", "partners": partners}, "PEN")
        assert [one.rule for one in found] == ["register-detail"]
        assert [field.key for field, _ in rows.public(kind, values)] == ["title"]
    values, found = rows.read(kind, {"title": "Agreement 011-2011", "partners": "Municipality 2012"}, "PEN")
    assert found == []
    assert len(rows.public(kind, values)) == 2


# Schemas of a programme's own


def own(**options: object) -> Schema:
    named = {"titles": {"en": "Name"}, "is_needed": True, "is_shown": True}
    return Schema(
        (Field("name", **named), Field("held", type=Type.DAY, titles={"en": "Held"}, **options)), dated="held"
    )  # type: ignore[arg-type]


def test_a_schema_is_data_and_comes_back_the_same() -> None:
    assert fields.of(fields.kept(own())) == own()
    assert fields.faults(own()) == []


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        (Schema(()), "register-fields"),
        (Schema((Field("a", titles={"en": "A"}), Field("a", titles={"en": "B"}))), "register-field-twice"),
        (Schema((Field("a"),)), "register-field-name"),
        (Schema((Field("A!", titles={"en": "A"}),)), "register-field-name"),
        (Schema((Field("a", titles={"xx": "A"}),)), "section-language"),
        (Schema((Field("a", type=Type.CHOICE, titles={"en": "A"}),)), "register-field-choices"),
        (Schema((Field("a", type=Type.MONEY, titles={"en": "A"}, is_shown=True),)), "register-field-shown"),
        (Schema((Field("a", titles={"en": "A"}, is_shown=True, is_personal=True),)), "register-field-shown"),
        (Schema((Field("a", titles={"en": "A"}, is_shown=True),), is_of_people=True), "register-field-shown"),
        (Schema((Field("a", titles={"en": "A"}, counts_people=True),)), "register-field-people"),
        (Schema((Field("a", titles={"en": "A"}),), dated="a"), "register-dated"),
    ],
)
def test_a_schema_that_breaks_a_rule_is_named(schema: Schema, rule: str) -> None:
    assert rule in [one.rule for one in fields.faults(schema)]


def test_once_there_are_rows_fields_stay_and_nothing_is_opened() -> None:
    shown = own(is_shown=True)
    assert [one.rule for one in fields.narrowed(own(), shown)] == ["register-schema-opened"]
    assert fields.narrowed(shown, own()) == []
    assert [one.rule for one in fields.narrowed(own(), Schema(own().fields[:1]))] == ["register-schema-sealed"]
    assert fields.narrowed(own(), Schema((*own().fields, Field("more", titles={"en": "More"})), dated="held")) == []


def test_keys_are_made_from_titles_and_never_twice() -> None:
    assert fields.slug("Número de socios") == "n_mero_de_socios"
    assert fields.slug("Name", ["name"]) == "name_2"
    assert fields.slug("2013") == "f_2013"
    assert fields.KEY.fullmatch(fields.slug("日本"))


def test_every_label_of_the_house_is_english_and_every_choice_has_one() -> None:
    assert set(LANGUAGES) >= {"en"}
    for kind in KINDS.values():
        for one in kind.schema.fields:
            assert one.label, (kind.key, one.key)
            assert fields.KEY.fullmatch(one.key), (kind.key, one.key)
            assert all(said[""] for _, said in one.choices)
