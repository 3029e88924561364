"""The slot in the gateway's wall: where a letter may be dropped, from which pages, how large, and who is counted for it."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from quipu.rules.findings import Finding, Refused

SLOTS = re.compile(r"/feedback/(mistake|question)|/contact(/[^/]+)?")
LARGEST = 32 << 10  # bytes of a letter with everything around it
READ = 512 << 10  # bytes that are still read, so that who wrote too much gets it back
TRAP = "website"  # a field that people do not see and machines fill in


def is_at(path: str) -> bool:
    """Whether letters may be dropped at this address (without language and edition)."""
    return SLOTS.fullmatch(path) is not None


def is_ours(request: HttpRequest) -> bool:
    """Whether the letter was written on a page of this site: browsers say so, and no other site can make them lie."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    stated = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        host = urlsplit(stated).netloc.lower()
    except ValueError:
        return False
    own = {request.headers.get("Host", "").lower(), *(name.lower() for name in settings.ALLOWED_HOSTS if name != "*")}
    return bool(host) and host in own


def size(request: HttpRequest) -> int:
    """Bytes of what was sent, as stated; no more than these are read."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isascii() and stated.isdigit() else 0


def typed(request: HttpRequest) -> dict[str, str]:
    """What stands in each field. Raises Refused where it is no form."""
    try:
        return {name: str(value) for name, value in request.POST.items()}
    except (MultiPartParserError, UnreadablePostError, BadRequest, SuspiciousOperation, LookupError, ValueError):
        raise Refused(Finding("letter-no-form", "letter")) from None


def sender(request: HttpRequest) -> str:
    """Who is counted for a letter: the network address, behind our own web servers the one they were asked by.

    Of IPv6 the first half: the rest is one household's or one office's to choose.
    """
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    stated = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES and chain:
        stated = chain[-min(settings.PROXIES, len(chain))]
    if stated.count(":") == 1:  # some servers add the port, which is another one each time
        stated = stated.partition(":")[0]
    try:
        address = ipaddress.ip_address(stated)
    except ValueError:
        return stated[:100]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
