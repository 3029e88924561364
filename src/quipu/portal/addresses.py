"""Addresses: short, stable, and holding every choice, so that a link is a citation."""

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlencode

from quipu.edition.filed import short

Pairs = Iterable[tuple[str, str]]
FORMATS = ("json", "csv", "xlsx")


def segment(identifier: str) -> str:
    """An identifier in an address: "/" as "~", a "~" of its own percent-encoded twice."""
    return quote(identifier.replace("~", "%7E").replace("/", "~"), safe="~:@!$&'()*+,;=-._")


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


def document(sha256: str, name: str = "") -> str:
    """The address of a document that the office publishes; with the name of its file, that of its bytes."""
    return f"/document/{short(sha256)}" + (f"/{quote(name)}" if name else "")


def organization(identity: str) -> str:
    """The address of an organization; those without a reference live under /organization/name/."""
    if identity.startswith("name/"):
        return f"/organization/{quote(identity)}"
    return f"/organization/{segment(identity)}"
