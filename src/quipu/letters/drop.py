"""Dropping a letter: whoever is told its code may rely on it, whatever is killed afterwards; and how many may be dropped.

The file is written beside its name, put on disk, renamed, and the folder put on disk, all under one lock of the folder.
The lock also makes one count of all web processes.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from quipu.letters.letter import Letter
from quipu.rules.findings import Finding, Refused

OF_SENDER, OF_DAY = 10, 500  # letters: of one sender within an hour, of all senders within a day
HOUR = timedelta(hours=1)
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without those that look like others
PER_CODE = 8  # 40 bits


class TooMany(Refused):
    """No more letters for now; wait is how many seconds."""

    def __init__(self, rule: str, wait: int) -> None:
        super().__init__(Finding(rule, "letter"))
        self.wait = wait


def folder(home: Path) -> Path:
    """Where the letters of a home are."""
    return home / "letters"


def drop(home: Path, letter: Letter, *, key: str, sender: str, now: datetime | None = None) -> str:
    """The code of a letter that is kept for good; sent twice under one key, it is one letter.

    sender: where it came from, which is counted and not kept. Raises TooMany; OSError where the disk fails.
    """
    now = now or datetime.now(UTC)
    content = {**asdict(letter), "key": key}
    seal = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with alone(home):
        code, is_kept = _code(home, seal)
        if not is_kept:
            _admit(home, sender, now)
            kept = {"code": code, "arrived_at": now.isoformat(timespec="seconds"), **asdict(letter), "seal": seal}
            put(path(home, code), kept)
    return code


def path(home: Path, code: str) -> Path:
    """The file of a letter."""
    return folder(home) / f"{code}.json"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One at a time in the folder; what a killed one was writing is swept away."""
    folder(home).mkdir(0o700, parents=True, exist_ok=True)  # for the office alone
    with (folder(home) / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for torn in folder(home).glob(".*.new"):
            torn.unlink()
        yield


def put(path: Path, content: Any) -> None:
    """All of it under that name, on disk, or nothing new; only inside `alone`."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    holder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(holder)
    finally:
        os.close(holder)


def _code(home: Path, seal: str) -> tuple[str, bool]:
    """The code under which this content is kept, or may be; a code that another letter has is passed over."""
    number = int(seal, 16)
    while True:
        code = "".join(SIGNS[(number >> 5 * n) & 31] for n in range(PER_CODE))
        code = f"{code[:4]}-{code[4:]}"
        try:
            kept = json.loads(path(home, code).read_text("utf-8"))
        except FileNotFoundError:
            return code, False
        except ValueError:  # mended by hand, and not well: it stays as it is
            kept = {}
        if isinstance(kept, dict) and kept.get("seal") == seal:
            return code, True
        number += 1


def _admit(home: Path, sender: str, now: datetime) -> None:
    """Counts one more letter, or refuses it. Both counts begin anew at midnight UTC, and with them the salt."""
    file = folder(home) / ".senders"
    try:
        count = json.loads(file.read_text("utf-8"))
        day, salt, sent = count["day"], str(count["salt"]), dict(count["sent"])
    except (OSError, ValueError, TypeError, KeyError):
        day = ""
    if day != now.date().isoformat():
        day, salt, sent = now.date().isoformat(), secrets.token_hex(16), {}
    if sum(map(len, sent.values())) >= OF_DAY:
        raise TooMany("letters-of-day", 86_400 - (now.hour * 60 + now.minute) * 60 - now.second)
    who = hashlib.sha256(f"{salt} {sender}".encode()).hexdigest()[:24]
    moments = sent.setdefault(who, [])
    lately = [moment for moment in moments if moment > (now - HOUR).timestamp()]
    if len(lately) >= OF_SENDER:
        raise TooMany("letters-of-sender", max(1, int(lately[0] + HOUR.total_seconds() - now.timestamp())))
    moments.append(now.timestamp())
    put(file, {"day": day, "salt": salt, "sent": sent})
