"""Whatever odd values a file holds, an edition is made of it, every page can be read and every figure asked."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quipu.edition.ask import ask, trail
from quipu.edition.home import Home
from quipu.edition.make import publish
from quipu.edition.open import Editions
from quipu.edition.pages import money, page
from quipu.rules.asking import DIMENSIONS, ORIGINAL, question
from quipu.rules.figures import FIGURES
from tests.documents import activity, document

odd = st.sampled_from(
    [
        *("", " ", "0", "-1", "1", "2", "3", "7", "11", "99", "9" * 20, "1e9", "NaN", "0.1234567890123", "-0.0"),
        *("999999999999.999999", "-999999999999.999999", "100", "50%", "33.33"),
        *("2020-01-01", "2020-02-30", "0001-01-01", "9999-12-31", "2020-01-01Z", "1944-12-31"),
        *("USD", "EUR", "PEN", "usd", "XXX", "USDX", "KE", "ke", "289", "11110", "B031", "D", "Funding"),
        *("XX-P", "XX-P-1", "XX-P-2", "XX-Q", "é — 联合", "&quot;a&quot;,b", "&#9;&#10;", "'; DROP TABLE facts; --"),
    ]
)
names = st.sampled_from(["XX-P-1", "XX-P-2", "XX-P-3", "XX-P-4"])


def tag(name, attributes, *inside):
    """An element with odd attributes and these inside."""
    return st.tuples(*(odd for _ in attributes), *inside).map(
        lambda values: (
            f"<{name}"
            + "".join(f' {key}="{value}"' for key, value in zip(attributes, values, strict=False))
            + ">"
            + "".join(values[len(attributes) :])
            + f"</{name}>"
        )
    )


def text(name):
    return odd.map(lambda value: f"<{name}><narrative>{value}</narrative></{name}>")


shares = st.one_of(
    tag("recipient-country", ["code", "percentage"]),
    tag("recipient-region", ["code", "vocabulary", "percentage"]),
    tag("sector", ["code", "vocabulary", "percentage"]),
)
transactions = tag(
    "transaction",
    ["ref", "humanitarian"],
    tag("transaction-type", ["code"]),
    st.just('<transaction-date iso-date="2020-05-01"/>') | tag("transaction-date", ["iso-date"]),
    st.tuples(odd, odd, odd).map(lambda v: f'<value currency="{v[0]}" value-date="{v[1]}">{v[2]}</value>'),
    tag("provider-org", ["ref", "provider-activity-id"], text("narrative")),
    tag("receiver-org", ["ref", "receiver-activity-id"]),
    st.lists(shares, max_size=2).map("".join),
)
budgets = tag(
    "budget",
    ["type", "status"],
    tag("period-start", ["iso-date"]),
    tag("period-end", ["iso-date"]),
    odd.map(lambda value: f"<value>{value}</value>"),
)
parts = st.one_of(
    transactions,
    transactions,
    budgets,
    shares,
    text("title"),
    text("description"),
    tag("default-aid-type", ["code", "vocabulary"]),
    tag("tag", ["code", "vocabulary", "vocabulary-uri"]),
    tag("policy-marker", ["code", "vocabulary", "significance"]),
    tag("location", ["ref", "percentage"], text("name")),
    tag("participating-org", ["ref", "role", "activity-id"], text("narrative")),
    tag("activity-date", ["type", "iso-date"]),
    tag("other-identifier", ["ref", "type"]),
    tag("document-link", ["url", "format"], text("title")),
    tag("result", ["type"], tag("indicator", ["measure"], tag("baseline", ["year", "value"]))),
    st.tuples(st.sampled_from("12"), names).map(lambda v: f'<related-activity type="{v[0]}" ref="{v[1]}"/>'),
)
activities = st.builds(
    lambda identifier, hierarchy, currency, status, updated, secondary, inside: activity(
        *(identifier, *inside),
        hierarchy=hierarchy,
        currency=currency,
        status=status,
        updated=updated,
        secondary=secondary,
    ),
    names,
    st.sampled_from(["1", "2", "3"]) | odd,
    st.just("USD") | odd,
    st.sampled_from("123456") | odd,
    odd,
    st.booleans(),
    st.lists(parts, max_size=8),
)
documents = st.lists(activities, min_size=1, max_size=25).map(lambda several: document(*several))


@given(documents)
@settings(max_examples=max(3, settings().max_examples // 15), suppress_health_check=list(HealthCheck), deadline=None)
def test_an_edition_is_made_read_and_asked_whatever_a_file_holds(body):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "odd.xml").write_text(body)
        home = Home(Path(folder) / "home")
        publish(home, [Path(folder) / "odd.xml"])
        edition = Editions(home).current()
        asked = question(FIGURES)
        for (key,) in edition.rows("SELECT key FROM activities"):
            record = page(edition, key)
            assert record is not None
            if not record["secondary"]:
                cube, answer = money(record, asked), ask(edition, replace(asked, subject=key))
                assert [[cell.value for cell in row] for row in cube.rows] == [
                    [c.value for c in row] for row in answer.rows
                ]
        for dimension in DIMENSIONS:
            answer = ask(edition, question(["spend"], [dimension], unit=ORIGINAL))
            whole = ask(edition, question(["spend"], unit=ORIGINAL))
            if not DIMENSIONS[dimension].overlaps:
                assert sum(row[-1].value for row in answer.rows) == sum(row[-1].value for row in whole.rows)
        net = ask(edition, question(["net_funded"]))
        steps = list(trail(edition, question(["net_funded"])))
        assert (steps[-1].running if steps else None) == (net.rows[0][0].value if net.rows else None)
