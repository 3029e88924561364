"""Calendars as files, read back by a small parser that knows the standard and nothing of ours."""

from datetime import UTC, date, datetime

from quipu.files import ics
from quipu.files.ics import Day

MADE = datetime(2026, 11, 24, 22, 23, 20, tzinfo=UTC)


def lines(body):
    """Content lines, unfolded."""
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    return body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def events(body):
    """Each VEVENT as {property: value}, text unescaped."""
    found, event = [], None
    for line in lines(body):
        head, _, value = line.partition(":")
        name = head.partition(";")[0]
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            found.append(event)
            event = None
        elif event is not None:
            assert name not in event
            event[name] = unescaped(value)
    return found


def unescaped(value):
    out, at = "", 0
    while at < len(value):
        if value[at] == "\\":
            out += {"n": "\n", "N": "\n"}.get(value[at + 1], value[at + 1])
            at += 2
        else:
            out += value[at]
            at += 1
    return out


HARD = "Öñ語 , ; \\ \\n two\nlines " + "é" * 100


def test_a_day_is_a_whole_day_and_texts_come_back_as_they_were_given():
    (event,) = events(
        ics.draw([Day("quipu/a/2012", date(2012, 12, 31), HARD, HARD, "https://x.test/c?y=1")], "T", MADE)
    )
    assert (event["DTSTART"], event["DTEND"]) == ("20121231", "20130101")
    assert event["SUMMARY"] == event["DESCRIPTION"] == HARD
    assert (event["UID"], event["URL"]) == ("quipu/a/2012", "https://x.test/c?y=1")
    assert event["DTSTAMP"] == "20261124T222320Z"


def test_a_calendar_names_itself_its_version_and_who_made_it_even_without_days():
    head = lines(ics.draw([], "Deadlines, all", MADE))
    assert head[0] == "BEGIN:VCALENDAR"
    assert head[-1] == "END:VCALENDAR"
    assert {"VERSION:2.0", "PRODID:-//Quipu//Calendar//EN"} <= set(head)


def test_the_same_days_are_the_same_bytes_and_control_characters_stay_out():
    days = [Day("u", date(2020, 1, 1), "bell\x07 tab\t")]
    assert ics.draw(days, "T", MADE) == ics.draw(days, "T", MADE)
    assert events(ics.draw(days, "T", MADE))[0]["SUMMARY"] == "bell tab\t"


def test_a_letter_is_never_cut_where_a_line_is_folded():
    for n in range(60, 80):
        title = "a" * n + "語語語"
        assert events(ics.draw([Day("u", date(2020, 1, 1), title)], "T", MADE))[0]["SUMMARY"] == title
