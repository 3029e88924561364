"""Lays the Beancount journal beside the sealed words, the list of vouchers and the funding status. Needs Beancount."""

import csv
import json
import re
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from beancount import loader
from beancount.core.data import Transaction

# A line of the sealed words: movement, first place, second place, amount, amount in another currency.
LINE = re.compile(r"(\S+) (\S+)(?: [<>] (\S+))?.*? (-?[0-9.]+)(?: \((-?[0-9.]+) .*| (?:year|adjusts|under) .*)?")


def read(name: str) -> list[dict[str, str]]:
    """The rows of a table of this pack."""
    with open(name, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: text[text[:2] in ("'=", "'+", "'-", "'@") :] for key, text in row.items()} for row in rows]


loaded, errors, _ = loader.load_file("fund.beancount")
wrong = [f"WRONG: {error.message}" for error in errors]
moved = [one for one in loaded if isinstance(one, Transaction)]
entries: dict[str, dict[str, Transaction]] = defaultdict(dict)  # by voucher, and by its entry's number
amounts: dict[str, Decimal] = {}  # of entries, by VOUCHER#NUMBER
for one in moved:
    entries[one.meta["voucher"]][f"{one.meta['voucher']}#{one.meta['entry']}"] = one
    amounts[f"{one.meta['voucher']}#{one.meta['entry']}"] = one.postings[0].units.number  # type: ignore[union-attr, assignment]

# Every sealed line of the fund is an entry, and every entry is a sealed line, a receipt from another fund, or a mirror.
fund, words = json.loads(Path("head.json").read_text("utf-8"))["fund"], 0
places: dict[str, tuple[str, str]] = {}  # by VOUCHER#NUMBER, as they were sealed
for link in map(json.loads, Path("chain.jsonl").read_text("utf-8").split("\n")[:-1]):
    left, arriving = entries.pop(link.get("key"), {}), list[Decimal]()
    head, *lines = link.get("content", "").split("\n")
    lines = [line for line in lines if not line.startswith("document: ")]
    for n, line in enumerate(lines, 1):
        said, name = LINE.fullmatch(line), f"{link['key']}#{n}"
        words += 1
        if said and said[1] in ("fund-transfer", "fund-receipt") and said[2] != fund:
            arriving += [Decimal(amount) for amount in (said[4], said[5]) if amount]
            continue
        places[name] = (said[2], said[3] or "") if said else ("", "")
        year, entry = re.search(r" year ([0-9]{4})", line), left.pop(name, None)
        day = f"{year[1] if year else head[:4]}-12-31" if year or line.startswith("expenditure") else head[:10]
        if not said or not entry or entry.date.isoformat() != day or amounts[name] != Decimal(said[4]):
            wrong.append(f"WRONG: {name} is “{line}” in the chain, and another entry or none in the journal.")
    for name, entry in left.items():
        mirrored = amounts.get(entry.meta.get("reverses", ""))
        is_sealed = "shared" in link or amounts[name] in arriving
        if not (is_sealed if mirrored is None else mirrored == -amounts[name]):
            wrong.append(f"WRONG: {name} is neither sealed nor takes back what it says.")
wrong += [f"WRONG: {key} stands in no link of the chain." for key in entries]
for row in read("vouchers.csv"):
    name, where = f"{row['key']}#{row['entry']}", (row["place"], row["other"])
    if row["entry"] and (amounts.get(name) != Decimal(row["amount"]) or places.get(name, where) != where):
        wrong.append(f"WRONG: {name} is another amount, or between other places, in vouchers.csv.")

# What accounts add up to is what the statement says.
status = {row["row"]: Decimal(row["amount"] or 0) for row in read("statements/funding-status-wide.csv")}
for row in read("balances.csv"):
    names, total = tuple(f"{name}:" for name in row["accounts"].split()), Decimal(0)
    for side in (side for one in moved if one.date.isoformat() <= row["until"] for side in one.postings):
        if f"{side.account}:".startswith(names):
            total += side.units.number * int(row["sign"])  # type: ignore[union-attr, operator]
    stated = sum(status[word.strip("-")] * (-1 if word[0] == "-" else 1) for word in row["rows"].split())
    print(f"{row['rows']:<40} statement {stated:>22,f}  journal {total:>22,f}")
    if stated != total:
        wrong.append(f"WRONG: {row['rows']}")
print(*wrong or [f"All is as it should be: {words} sealed lines, {len(amounts)} entries."], sep="\n")
sys.exit(bool(wrong))
