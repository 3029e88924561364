"""Addresses: short, stable, and holding every choice, so that a link is a citation."""

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlencode

from quipu.edition.filed import short
from quipu.portal.languages import MANNERS
from quipu.rules import codes
from quipu.rules.identity import slug

Pairs = Iterable[tuple[str, str]]
FORMATS = ("json", "csv", "xlsx")
LONGEST = 2_000  # characters of an address that a letter is about
PLAIN = "/?#%~:@!$&'()*+,;=-._[]"


SAFE = "~:@!$&'()*+,;=-._"


def is_desk(path: str) -> bool:
    """Whether a path, with its language or without, is the desk's: signed-in people's, and nothing of the gateway's."""
    parts = path.split("/", 3)
    return "desk" in parts[1:2] or (parts[1] in MANNERS and "desk" in parts[2:3])


def path(decoded: str) -> str:
    """A path of ours as an address has it; the server has percent-decoded it once."""
    return quote(decoded, safe="/" + SAFE)


def segment(identifier: str) -> str:
    """An identifier in an address: "/" as "~", a "~" of its own percent-encoded twice."""
    return quote(identifier.replace("~", "%7E").replace("/", "~"), safe=SAFE)


def identifier(segment_: str) -> str:
    """The identifier an address segment stands for (the server has percent-decoded it once)."""
    return unquote(segment_.replace("~", "/")) if "%" in segment_ else segment_.replace("~", "/")


def query(path: str, pairs: Pairs) -> str:
    """A path with its choices, in the order given, empty ones left out."""
    kept = [(key, value) for key, value in pairs if value != "" or key.startswith("where")]
    return f"{path}?{urlencode(kept)}" if kept else path


def outside(address: str) -> str:
    """An address of somebody else's, if it is one that a link may lead to; "" for scripts, files and the like."""
    address = address.strip()
    return address if address.lower().startswith(("http://", "https://")) else ""


def inside(address: str) -> str:
    """An address within the gateway, percent-encoded, that a link may lead to; "" for everything else."""
    address = quote(address[: LONGEST + 1], safe=PLAIN)
    is_path = address.startswith("/") and not address.startswith("//")
    return address if is_path and len(address) <= LONGEST else ""


def document(sha256: str, name: str = "") -> str:
    """The address of a document that the office publishes; with the name of its file, that of its bytes."""
    return f"/document/{short(sha256)}" + (f"/{quote(name)}" if name else "")


def organization(identity: str, kind: str = "organization") -> str:
    """The address of an organization; those without a reference live under /organization/name/."""
    return f"/{kind}/{quote(identity) if identity.startswith('name/') else segment(identity)}"


def of_return(fund: str, body: str, year: int | str) -> str:
    """The address of what an organization reports of a fund and a year."""
    return f"/return/{segment(fund)}/{segment(body)}/{year}"


def contributor(identity: str) -> str:
    """The address of an organization as a contributor to funds."""
    return organization(identity, "contributor")


def marker(code: str) -> str:
    """The address of a score on a marker: "1:2" of the standard's own markers goes by the marker's name."""
    number, _, score = code.partition(":")
    known = codes.table()["policy_marker"].get(number)
    return f"/marker/{slug(known) if known else segment(number)}/{segment(score)}"
