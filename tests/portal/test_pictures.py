"""Pictures draw what a table says, in its places: nothing off the canvas, nothing dropped in silence, nothing computed."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.portal.languages import words
from quipu.portal.pictures.bars import bars
from quipu.portal.pictures.cord import cord
from quipu.portal.pictures.delivery import delivery
from quipu.portal.pictures.flow import flow
from quipu.portal.pictures.progress import number, progress
from quipu.portal.pictures.world import PIECES, SIDE, world
from quipu.portal.pictures.years import HEIGHT, years
from quipu.rules.table import Cell, Column, Table

AMOUNTS = st.decimals(-(10**12), 10**12, places=2)
CELLS = st.one_of(
    st.none().map(lambda _: Cell(None, why="none")),
    AMOUNTS.map(Cell),
    st.decimals(1, 10**9, places=2).map(lambda value: Cell(value, interim=value / 3)),
)


def table(*rows, columns=("name", "amount")):
    kinds = [Column(columns[0], columns[0])] + [Column(name, name, "money") for name in columns[1:]]
    return Table(kinds, [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows])


def amounts(*pairs):
    return table(*((name, None if value is None else Decimal(value)) for name, value in pairs))


# Years


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        (("2011", "2012", "2015"), [0, 1, 4]),
        (("2015", "2012"), [0, 3]),  # whatever the table is sorted by, time runs from left to right
    ],
)
def test_a_year_without_money_keeps_its_place(labels, places):
    drawn = years(amounts(*((label, 1) for label in labels)), 0, 1).bars
    step = drawn[0].width / 0.76
    assert [round((bar.x - drawn[0].x) / step) for bar in drawn] == places


def test_bars_stand_as_high_as_their_amounts_and_negative_ones_hang():
    drawn = years(amounts(("2010", 300), ("2011", -100), ("2012", 150)), 0, 1)
    high, low, middle = drawn.bars
    assert (high.top, high.height, high.below) == (0, 112.5, False)
    assert (low.top, low.height, low.below) == (112.5, 37.5, True)
    assert (middle.top, middle.height) == (56.25, 56.25)
    assert drawn.zero == 112.5
    assert [bar.extreme for bar in drawn.bars] == [True, True, False]


def test_what_is_interim_lies_at_the_far_end_of_its_bar():
    (bar,) = years(table(("2026", Cell(Decimal(200), interim=Decimal(50)))), 0, 1).bars
    assert (bar.unsure_top, bar.unsure) == (0, 37.5)
    (bar,) = years(table(("2026", Cell(Decimal(200), interim=Decimal(200)))), 0, 1).bars
    assert bar.unsure == bar.height == HEIGHT


def test_a_year_without_an_amount_and_an_amount_without_a_year_are_told():
    drawn = years(amounts(("2010", 1), ("2011", None), ("", 5)), 0, 1)
    assert [cell.value for cell in drawn.unknown] == ["2011"]
    assert [cell.value for cell in drawn.undated] == [Decimal(5)]


@given(st.dictionaries(st.integers(1900, 2100), CELLS, max_size=120))
def test_no_bar_of_any_years_leaves_its_picture(by_year):
    drawn = years(table(*((str(year), cell) for year, cell in by_year.items())), 0, 1)
    assert len(drawn.bars) + len(drawn.unknown) == len(by_year)
    for bar in drawn.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.01
        assert bar.top >= -0.01
        assert bar.top + bar.height <= HEIGHT + 0.02
        assert 0 <= bar.unsure <= bar.height + 0.01
    assert sum(bar.extreme for bar in drawn.bars) <= 2


# Bars and delivery


def test_bars_are_as_long_as_their_amounts_the_largest_first():
    drawn = bars(amounts(("a", 50), ("b", None), ("c", 200)), 0, 1)
    assert [(row.name.value, row.stretch.size if row.stretch else None) for row in drawn.rows] == [
        ("c", 100),
        ("a", 25),
        ("b", None),
    ]


def test_rows_beyond_the_most_are_counted_and_a_large_refund_is_not_among_them():
    many = amounts(*((f"n{n}", n) for n in range(1, 300)), ("refund", -500))
    drawn = bars(many, 0, 1, most=5)
    assert (len(drawn.rows), drawn.more) == (5, 295)
    assert drawn.rows[0].name.value == "refund"
    assert drawn.rows[0].stretch.below
    assert bars(many, 0, 1, most=300).more == 0


def test_categories_stay_in_the_order_of_their_report():
    told = amounts(("staff", 1), ("travel", 3), ("grants", 2))
    assert [row.name.value for row in bars(told, 0, 1, as_told=True).rows] == ["staff", "travel", "grants"]
    assert [row.name.value for row in bars(told, 0, 1, most=2, as_told=True).rows] == ["travel", "grants"]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=300))
def test_no_row_of_any_table_leaves_its_picture(pairs):
    rows = [(f"n{n}", given_, spent, Cell(None)) for n, (given_, spent) in enumerate(pairs)]
    drawn = delivery(table(*rows, columns=("name", "given", "spent", "rate")), 0, 1, 2, 3)
    assert len(drawn.rows) + drawn.more == len(pairs)
    for row in drawn.rows:
        for cell, stretch in ((row.given, row.given_stretch), (row.spent, row.spent_stretch)):
            assert (stretch is None) == (cell.value is None)
            if stretch:
                assert stretch.start >= -0.01
                assert stretch.start + stretch.size <= 100.02
                assert 0 <= stretch.sure <= stretch.size
                assert stretch.below == (cell.value < 0)


# The cord


def transfers(*rows):
    kinds = [Column("organization", ""), Column("year", ""), Column("transfers", "", "money")]
    return Table(kinds, [[Cell(who), Cell(year), Cell(Decimal(value))] for who, year, value in rows])


def test_a_pendant_for_each_organization_and_a_knot_for_each_year():
    drawn = cord(transfers(("A", "2010", 100), ("A", "2009", 400), ("B", "2010", 100), ("C", "2010", -5)), 0, 1, 2)
    assert [(p.label, [knot.year for knot in p.knots]) for p in drawn.pendants] == [
        ("A", ["2009", "2010"]),
        ("B", ["2010"]),
    ]
    assert [knot.radius for knot in drawn.pendants[0].knots] == [14.0, 8.8]  # as the square root: areas are compared
    assert (drawn.more, drawn.below) == (0, 1)


def test_names_under_pendants_of_one_length_stand_on_two_lines():
    drawn = cord(transfers(("A", "2010", 5), ("B", "2010", 5), ("C", "2010", 5)), 0, 1, 2)
    first, second, third = (p.name_at for p in drawn.pendants)
    assert second - first == 16
    assert first == third


def test_a_cord_without_transfers_is_none():
    assert cord(transfers(), 0, 1, 2) is None
    assert cord(transfers(("A", "2010", -1)), 0, 1, 2) is None


# The world


def test_every_member_and_observer_of_the_united_nations_has_one_tile():
    codes = [code for _, places in PIECES for code in places]
    assert len(codes) == len(set(codes)) == 195
    assert [len(places) for _, places in PIECES] == [35, 98, 62]
    english = words("en")
    assert all(english.country(code) != code for code in codes)
    assert {"PE", "VA", "PS", "SS", "TL", "ME", "NR", "CV"} <= set(codes)


def test_no_tile_lies_on_another_or_off_the_world():
    for columns, places in PIECES:
        assert len(set(places.values())) == len(places)
        assert all(0 <= x < columns and y >= 0 for x, y in places.values())
    for piece in world(amounts(), 0, 1).pieces:
        assert all(tile.x + SIDE <= piece.width and tile.y + SIDE <= piece.height for tile in piece.tiles)


def test_shades_are_five_and_their_ends_are_cells_of_the_table():
    names = ["PE", "BO", "EC", "CO", "CL", "AR", "UY", "PY", "BR", "VE"]
    drawn = world(amounts(*((code, n * 10) for n, code in enumerate(names, 1))), 0, 1)
    assert [(step.number, step.least.value, step.most.value) for step in drawn.steps] == [
        (1, 10, 20),
        (2, 30, 40),
        (3, 50, 60),
        (4, 70, 80),
        (5, 90, 100),
    ]
    shown = {tile.code: tile for piece in drawn.pieces for tile in piece.tiles}
    assert (shown["PE"].step, shown["VE"].step, shown["PE"].knots, shown["FR"].step) == (1, 5, [12 + shown["PE"].x], 0)
    assert len(shown["VE"].knots) == 5


def test_what_has_no_tile_is_told_and_what_is_below_zero_has_no_shade():
    drawn = world(amounts(("XK", 5), (None, 7), ("PE", -3), ("BO", None), ("EC", 1)), 0, 1)
    assert [(country.value, cell.value) for country, cell in drawn.others] == [("XK", 5), (None, 7)]
    steps = {tile.code: tile.step for piece in drawn.pieces for tile in piece.tiles}
    assert (steps["PE"], steps["BO"], steps["EC"]) == (-1, 0, 5)
    assert drawn.below
    assert drawn.named == 2


# The flow


def places(*rows):
    kinds = [Column("organization", ""), Column("country", ""), Column("net_funded", "", "money")]
    return Table(kinds, [[Cell(who), Cell(where), Cell(Decimal(value))] for who, where, value in rows])


FUND = Cell("F", label="A fund")


def test_bands_are_as_wide_as_their_amounts_and_columns_as_tall():
    drawn = flow(
        amounts(("S", 60), ("T", 40)),
        amounts(("A", 70), ("B", 20), ("balance", 10)),
        places(("A", "PE", 30), ("A", "BO", 40), ("B", "BO", 20)),
        FUND,
        resting=["balance"],
    )
    assert [[node.height for node in column] for column in drawn.columns] == [
        [180, 120],
        [300],
        [210, 60, 30],
        [180, 90],  # the larger country first: Bolivia gets 60, of two organizations
    ]
    assert [column[0].x for column in drawn.columns] == pytest.approx([0, 33.3, 66.7, 100], abs=0.1)
    assert [(b.start.key, b.end.key, b.cell.value) for b in drawn.bands[2:5]] == [
        ("fund", "at A", 70),
        ("fund", "at B", 20),
        ("fund", "at balance", 10),
    ]
    assert drawn.columns[2][-1].dye == "rest"


def test_without_countries_there_are_three_columns_and_without_money_none():
    drawn = flow(amounts(("S", 1)), amounts(("A", 1)), None, FUND)
    assert len(drawn.columns) == 3
    assert flow(amounts(), amounts(("A", 1)), None, FUND) is None
    assert flow(amounts(("S", 1)), amounts(("A", -1)), None, FUND) is None


def test_what_no_band_can_show_is_told():
    drawn = flow(
        amounts(("S", 10), ("T", -2)), amounts(("A", 12), ("B", -1)), places(("A", "PE", 12), ("B", "PE", 3)), FUND
    )
    assert [[cell.value for cell in row] for row in drawn.apart] == [["T", -2], ["B", -1], ["B", "PE", 3]]


def test_the_same_body_on_two_sides_is_two_nodes():
    drawn = flow(amounts(("A", 5)), amounts(("A", 5)), places(("A", "A", 5)), FUND)
    assert [column[0].key for column in drawn.columns] == ["from A", "fund", "at A", "in A"]


SOME = st.lists(st.tuples(st.integers(0, 30), AMOUNTS), max_size=60)


@given(SOME, SOME, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40), AMOUNTS), max_size=120))
def test_no_node_and_no_band_of_any_flow_leaves_its_picture(came, went, reached):
    sources = amounts(*{f"s{n}": value for n, value in came}.items())
    uses = amounts(*{f"o{n}": value for n, value in went}.items())
    where = places(*((who, at, value) for (who, at), value in {(f"o{a}", f"c{b}"): v for a, b, v in reached}.items()))
    drawn = flow(sources, uses, where, FUND)
    if drawn is None:
        assert not any(row[1].value > 0 for row in sources.rows) or not any(row[1].value > 0 for row in uses.rows)
        return
    shown = sum(len(table_.rows) for table_ in (sources, uses, where))
    zero = sum(row[-1].value == 0 for table_ in (sources, uses, where) for row in table_.rows)
    single = sum(1 for band in drawn.bands if band.cell)
    assert single + len(drawn.apart) + zero <= shown
    for column in drawn.columns:
        assert len(column) <= 8
        for before, after in itertools.pairwise(column):
            assert before.top + before.height < after.top + 0.01
        for node in column:
            assert node.top >= 0
            assert node.top + node.height <= drawn.height + 0.01
            assert max(node.into, node.out) <= node.height + 0.9


# Progress


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("58", 58),
        ("1,200", 1200),
        ("65%", 65),
        ("-3.5", Decimal("-3.5")),
        ("12,34", None),
        ("many", None),
        ("", None),
        ("NaN", None),
    ],
)
def test_a_value_is_a_number_or_it_is_none(text, value):
    assert number(text) == value


def cells(*texts):
    return [Cell(text) for text in texts]


def test_readings_that_differ_each_have_a_lane():
    drawn = progress(cells("10"), cells("60"), cells("55", "58", "55", "some"))
    assert [(mark.cell.value, mark.at) for mark in drawn.readings] == [("55", 91.67), ("58", 96.67)]
    assert (drawn.baseline.at, drawn.target.at) == (16.67, 100)


def test_a_target_below_its_baseline_stands_to_the_left_of_it():
    drawn = progress(cells("40"), cells("10"), cells("20"))
    assert drawn.target.at < drawn.readings[0].at < drawn.baseline.at


@pytest.mark.parametrize(("targets", "readings"), [((), ("5",)), (("5",), ()), (("all",), ("5",)), (("0",), ("0",))])
def test_without_something_to_be_measured_against_there_is_no_picture(targets, readings):
    assert progress([], cells(*targets), cells(*readings)) is None


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(-(10**9), 10**9))
def test_no_mark_of_any_result_leaves_its_picture(readings, target):
    drawn = progress([], cells(str(target)), cells(*map(str, readings)))
    for mark in [drawn.target, *drawn.readings] if drawn else []:
        assert 0 <= mark.at <= 100
    assert drawn is None or len(drawn.readings) + drawn.more == len(set(readings))
