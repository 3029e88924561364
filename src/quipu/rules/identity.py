"""Who is who: stable keys for activities and entries, and addresses for organizations without a reference."""

import hashlib
import re
import unicodedata
from functools import lru_cache

NOT_A_WORD = re.compile(r"[^a-z0-9]+")
NAMED = "name/"  # how the identity of an organization without a reference begins


def number(*parts: str) -> int:
    """The first 63 bits of SHA-256 over the parts, one a line: a positive 64-bit integer, the same for ever."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def slug(name: str, longest: int = 40) -> str:
    """ASCII words of a name for an address, without accents."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NOT_A_WORD.sub("-", bare).strip("-")[:longest].strip("-")


def organization(reference: str, name: str) -> str:
    """The identity of an organization: its reference, else its exact normalised name; nothing is merged by likeness.

    Empty when neither is stated.
    """
    return reference or _named(name)


@lru_cache(maxsize=1 << 14)  # the same few names stand in thousands of transactions
def _named(name: str) -> str:
    normal = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    return f"{NAMED}{slug(name) or 'x'}-{number(normal):016x}" if normal else ""
