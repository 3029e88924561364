"""An auditor that shares nothing with us: checks a pack with SHA-256 and Beancount alone, from what its page says."""

import csv
import hashlib
import io
import json
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

from beancount.core.data import Transaction
from beancount.loader import load_string


def files_of(pack: Path) -> dict[str, bytes]:
    """All files of a pack, a folder or a .zip, by their name in it."""
    if pack.is_dir():
        return {str(file.relative_to(pack)): file.read_bytes() for file in pack.rglob("*") if file.is_file()}
    with zipfile.ZipFile(pack) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def lines(files: dict[str, bytes], name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in files[name].decode().split("\n")[:-1]]


def sha256(said: bytes | str) -> str:
    return hashlib.sha256(said.encode() if isinstance(said, str) else said).hexdigest()


def sums(files: dict[str, bytes]) -> list[str]:
    """What SHA256SUMS says otherwise, and what stands in the pack without it."""
    listed = dict(line.split("  ", 1)[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    found = [f"changed: {name}" for name in listed if sha256(files.get(name, b"")) != listed[name]]
    return found + [f"not listed: {name}" for name in files if name not in listed and name != "SHA256SUMS"]


def chain(files: dict[str, bytes], *known: str) -> list[str]:
    """Where the chain breaks, where words are not those that were sealed, and which known heads it does not go through."""
    found, hashes = [], ["0" * 64]
    for n, link in enumerate(lines(files, "chain.jsonl"), 1):
        names = ("recorded_at", "by", "approved", "memo", "content_hash")
        text = "\n".join(["quipu 1", hashes[-1], str(n), *(str(link[name]) for name in names)])
        if sha256(text) != link["hash"]:
            found.append(f"broken: {n}")
        if "content" in link and sha256(str(link["content"])) != link["content_hash"]:
            found.append(f"content: {n}")
        if "texts" in link and sha256(f"{str(link['memo'])[65:]}\n{link['texts']}") != str(link["memo"])[:64]:
            found.append(f"texts: {n}")
        hashes.append(str(link["hash"]))
    for head in (json.loads(files["head.json"])["head"], *known):
        position, _, hash_ = head.partition(":")
        if int(position) >= len(hashes):
            found.append(f"removed: {position}")
        elif hashes[int(position)] != hash_:
            found.append(f"another chain: {position}")
    return found


def vouchers(files: dict[str, bytes]) -> list[str]:
    """Entries in the list whose amount is not in the sealed words of their voucher at their place, and hashes that differ."""
    links = {link["position"]: link for link in lines(files, "chain.jsonl")}
    found = []
    for row in table(files, "vouchers.csv"):
        link = links[int(row["position"])]
        if (row["hash"], row["content_hash"]) != (link["hash"], link["content_hash"]):
            found.append(f"hash: {row['key']}")
        said = [line for line in str(link.get("content", "")).split("\n")[1:] if not line.startswith("document:")]
        place = int(row["entry"] or 0)
        if 0 < place <= len(said) and row["amount"] not in said[place - 1].split():
            found.append(f"amount: {row['key']}#{place}")
    return found


def balances(files: dict[str, bytes], journal: str = "fund.beancount") -> tuple[list[str], dict[str, Decimal]]:
    """What Beancount complains of, and what it adds up per account as of the pack's day."""
    until = json.loads(files["head.json"])["as_of"]
    entries, errors, _ = load_string(files[journal].decode())
    added: dict[str, Decimal] = {}
    for entry in entries:
        if isinstance(entry, Transaction) and entry.date.isoformat() <= until:
            for posting in entry.postings:
                added[posting.account] = added.get(posting.account, Decimal(0)) + posting.units.number
    return [error.message for error in errors], added


def statement(files: dict[str, bytes], name: str = "funding-status-wide") -> dict[str, Decimal]:
    """The rows of a statement."""
    return {row["row"]: Decimal(row["amount"] or 0) for row in table(files, f"statements/{name}.csv")}


def below(added: dict[str, Decimal], *roots: str) -> Decimal:
    """The sum of accounts and of all below them."""
    return sum(
        (amount for name, amount in added.items() if f"{name}:".startswith(tuple(f"{r}:" for r in roots))), Decimal(0)
    )


def documents(files: dict[str, bytes]) -> list[str]:
    """Documents whose bytes are not what their name says."""
    names = [name for name in files if name.startswith("documents/")]
    return [name for name in names if not name.removeprefix("documents/").startswith(sha256(files[name]))]


def audit(files: dict[str, bytes], *known: str) -> list[str]:
    """All that is wrong with a pack."""
    complaints, _ = balances(files)
    return [*sums(files), *chain(files, *known), *vouchers(files), *complaints, *documents(files)]


if __name__ == "__main__":
    print(*audit(files_of(Path(sys.argv[1])), *sys.argv[2:]) or ["Nothing is wrong."], sep="\n")
