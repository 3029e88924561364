"""Days as a calendar to subscribe to (iCalendar, RFC 5545): whole days, names that stay, the same bytes for the same days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line, before its CRLF
PRODUCT = "-//Quipu//Calendar//EN"


@dataclass(frozen=True, slots=True)
class Day:
    """One thing on one day. uid: its name in every edition of the calendar."""

    uid: str
    on: date
    title: str
    text: str = ""
    address: str = ""


def draw(days: Iterable[Day], title: str, made: datetime, language: str = "en") -> bytes:
    """The bytes of an .ics file; made: the moment the calendar is of."""
    stamp = made.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME;LANGUAGE={language}:{_text(title)}"]
    for day in days:
        lines += ["BEGIN:VEVENT", f"UID:{_text(day.uid)}", f"DTSTAMP:{stamp}"]
        lines += [f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}", f"DTEND;VALUE=DATE:{day.on + timedelta(1):%Y%m%d}"]
        lines += [f"SUMMARY;LANGUAGE={language}:{_text(day.title)}"]
        lines += [f"DESCRIPTION;LANGUAGE={language}:{_text(day.text)}"] if day.text else []
        lines += [f"URL:{day.address}"] if day.address else []
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _text(text: str) -> str:
    """A text as a value: what means something to a calendar is escaped, other control characters are left out."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    return "".join(letter for letter in text if letter == "\t" or (ord(letter) >= 32 and ord(letter) != 127))


def _folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets, never cut inside a letter."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
