"""Details of people in a text are found, masked and placed; a report's own numbers are left alone."""

import pytest

from quipu.rules.personal import ACCOUNT, IDENTITY, MAIL, PARTICIPANTS, TELEPHONE, look


def kinds(text: str) -> list[str]:
    return [one.kind for one in look([text])]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to maria.quispe@example.org.", MAIL),
        ("call +51 987 654 321 at night", TELEPHONE),
        ("00 33 1 42 68 53 00", TELEPHONE),
        ("Tel. (01) 428-5300", TELEPHONE),
        ("Celular: 987654321", TELEPHONE),
        ("Téléphone : 01 42 68 53 00", TELEPHONE),
        ("IBAN ES91 2100 0418 4502 0005 1332", ACCOUNT),
        ("GB29NWBK60161331926819", ACCOUNT),
        ("NIF 12345678Z", IDENTITY),
        ("the holder, X1234567L, signed", IDENTITY),
        ("RUT 12.345.678-5", IDENTITY),
        ("529.982.247-25", IDENTITY),
        ("2 55 08 14 168 025 38", IDENTITY),
        ("DNI N° 45678912", IDENTITY),
        ("Passport no. AB1234567", IDENTITY),
        ("cédula de ciudadanía 1.023.456.789", IDENTITY),
        ("P<PERQUISPE<<MARIA<<<<<<<<<<<<<<<<<<<<<<<<<<", IDENTITY),
    ],
)
def test_what_is_found(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "US$ 1,234,567.89 were transferred on 2024-03-05 to 12 households.",
        "see page 12 of A/RES/70/1 and ISBN 978-92-1-101413-5",
        "IBAN ES91 2100 0418 4502 0005 1333",  # one digit off
        "12345678A",  # the letter is another number's
        "12.345.678-9",
        "529.982.247-26",
        "111.111.111-11",
        "project 00067264, award 45678912, project 00123456",
        "2 55 08 14 168 025 39",
        "passport holders travelled to 3 countries",
        "written @ night, 5 @ 10",
        "2009 2010 2011 2012 2013 2014",
        "telephone costs 2024",
    ],
)
def test_what_is_none(text):
    assert kinds(text) == []


def test_each_detail_is_told_once_masked_with_its_page():
    found = look(["nothing", "maria@example.org and maria@example.org", "call +51 987 654 321"])
    assert [(one.kind, one.piece, one.shown) for one in found] == [
        (MAIL, 2, "m…@e….org"),
        (TELEPHONE, 3, "+51 ••• ••• •21"),
    ]


NAMES = ["Maria Quispe Mamani", "Juan Huamán Soto", "3. Rosa Flores de la Cruz", "Pedro Condori", "Ana Torres"]


def test_names_under_a_heading_are_a_list_of_participants():
    (found,) = look(["Introduction", "\n".join(["LISTA DE PARTICIPANTES", "N°\tNombre\tFirma", *NAMES])])
    assert (found.kind, found.piece, found.shown) == (PARTICIPANTS, 2, "5")


def test_four_names_are_none_and_five_are():
    assert kinds("\n".join(["List of participants", *NAMES[:4]])) == []
    assert kinds("\n".join(["List of participants", *NAMES])) == [PARTICIPANTS]


def test_paragraphs_of_a_list_stand_one_by_one():
    (found,) = look(["Liste des participants", *NAMES])
    assert (found.kind, found.piece) == (PARTICIPANTS, 1)


def test_rows_of_people_with_how_they_are_reached_need_no_heading():
    rows = [f"{n}\t{name.split('. ')[-1]}\tp{n}@example.org\t" for n, name in enumerate(NAMES, 1)]
    assert PARTICIPANTS in kinds("\n".join(rows))
    assert PARTICIPANTS not in kinds("\n".join(rows[:4]))


def test_two_words_of_a_heading_make_no_list():
    text = "The List of Participants is kept in the office.\n" + "\n".join(
        ["The project built forty terraces in two years."] * 9
    )
    assert kinds(text) == []


def test_a_long_text_is_read_in_time():
    import time

    began = time.monotonic()
    look([("Aa " * 20_000) + "\n" + "1 " * 20_000 + "\n" + "a@" * 20_000 + "\n" + "a." * 20_000 + "@"])
    assert time.monotonic() - began < 10
