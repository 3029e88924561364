"""Scanning for viruses: a file is sent to ClamAV's daemon over its socket, in pieces, as its protocol INSTREAM asks."""

import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

CLEAN, FOUND, SILENT, NONE = "clean", "found", "silent", "none"
PIECE = 1 << 18
SECONDS = 30.0  # of silence
LONGEST = 4_096  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner said: clean, found (with the name of what), silent (no answer that counts), none (there is none)."""

    verdict: str
    name: str = ""


def setting() -> tuple[str, bool]:
    """(where the daemon listens: a path or HOST:PORT, "" for nowhere; whether nothing leaves quarantine unscanned).

    QUIPU_CLAMAV holds an address, the word "required", or both with a comma between.
    """
    words = [word.strip() for word in os.environ.get("QUIPU_CLAMAV", "").split(",")]
    address = next((word for word in words if word and word != "required"), "")
    return address, bool(address) or "required" in words


def scan(path: Path, seconds: float = SECONDS) -> Scanned:
    """Has a file looked at. Whatever goes wrong on the way is silence, never clean."""
    address, _ = setting()
    if not address:
        return Scanned(NONE)
    try:
        with _connected(address, seconds) as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < LONGEST and (piece := line.recv(LONGEST)):
                answer += piece
    except (OSError, ValueError) as error:
        return Scanned(SILENT, type(error).__name__)
    return _read(answer)


def _read(answer: bytes) -> Scanned:
    told = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
    if not answer.endswith(b"\0"):
        return Scanned(SILENT, "broken off")
    if told == "OK":
        return Scanned(CLEAN)
    if told.endswith(" FOUND"):
        return Scanned(FOUND, told.removesuffix(" FOUND")[:120])
    return Scanned(SILENT, told[:120])


def _connected(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(seconds)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), seconds)
