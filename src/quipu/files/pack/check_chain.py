"""Computes the chain again and compares it with heads: check_chain.py [POSITION:HASH] …"""

import hashlib
import json
import sys
from pathlib import Path


def sha256(*lines: str) -> str:
    """Of lines of text in UTF-8, a line feed between them."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


wrong, words, hashes = [], 0, ["0" * 64]
for line in Path("chain.jsonl").read_text("utf-8").split("\n")[:-1]:
    link, n = json.loads(line), len(hashes)
    said = [link[name] for name in ("recorded_at", "by", "approved", "memo", "content_hash")]
    if link["position"] != n or sha256("quipu 1", hashes[-1], str(n), *said) != link["hash"]:
        wrong.append(f"WRONG: link {n} does not follow from the one before it.")
    if "content" in link and sha256(link["content"]) != link["content_hash"]:
        wrong.append(f"WRONG: link {n} does not say what was sealed.")
    if "texts" in link and sha256(link["memo"][65:], link["texts"]) != link["memo"][:64]:
        wrong.append(f"WRONG: the texts of link {n} are not those that were sealed.")
    words += "content" in link
    hashes.append(link["hash"])
stated = json.loads(Path("head.json").read_text("utf-8"))["head"]
for position, _, known in (head.partition(":") for head in (stated, *sys.argv[1:])):
    if int(position) >= len(hashes):
        wrong.append(f"WRONG: link {position} is missing, the chain ends before it.")
    elif len(known) < 16 or not hashes[int(position)].startswith(known):
        wrong.append(f"WRONG: link {position} is not {known}, the chain was made anew.")
print(*wrong, f"{len(hashes) - 1} links, {words} of them in words.", sep="\n")
print(f"Head {len(hashes) - 1}:{hashes[-1]}")
sys.exit(bool(wrong))
