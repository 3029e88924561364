"""Publishing: the whole of it with two processes beside bare lxml.iterparse over the same files, and its memory."""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import _generate
from _memory import Run, run

RATIO = 0.15  # of the bare baseline's speed, at least
MEMORY = 400  # MB of all processes together, at most
BARE = Path(__file__).with_name("_bare_iterparse.py")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "paths", nargs="*", type=Path, help="files and folders; else the published ones, else generated"
    )
    options.add_argument("--short", action="store_true", help="a few generated files, once; speed is shown, not judged")
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    if asked.short:
        return 0 if compare("short", _generate.documents(times=2), rounds=1, judged=False) else 1
    paths = asked.paths or _generate.published() or _generate.documents(times=60)
    passed = compare("all files", paths, asked.rounds)
    huge = [file for file in files(paths) if file.name.startswith("single-activity-huge")]
    if huge:
        passed = compare("one huge activity", huge, rounds=1) and passed
    return 0 if passed else 1


def compare(title: str, paths: list[Path], rounds: int, *, judged: bool = True) -> bool:
    """Runs both sides in turn; whether all counts agree and, where judged, both bounds hold."""
    print(title)
    each = [one_round(paths) for _ in range(rounds)]
    ratio = statistics.median(bare.seconds / ours.seconds for bare, ours, _ in each)
    seconds = statistics.median(ours.seconds for _, ours, _ in each)
    peak = max(ours.peak for _, ours, _ in each)
    counted = json.loads(each[0][0].printed)
    print(
        f"  {counted['bytes'] / 1e6:,.1f} MB, {counted['activities']:,} activities, {counted['transactions']:,} transactions"
    )
    print(f"  {counted['bytes'] / 1e6 / seconds:,.1f} MB/s, {counted['activities'] / seconds:,.0f} activities/s")
    print(f"  ratio {ratio:.2f} of bare iterparse (at least {RATIO}), memory {peak:,.0f} MB (below {MEMORY})")
    if any(json.loads(bare.printed) != kept for bare, _, kept in each):
        print(f"  MISSED: counted {counted}, published {each[0][2]}")
        return False
    if judged and (ratio < RATIO or peak >= MEMORY):
        print("  MISSED")
        return False
    return True


def one_round(paths: list[Path]) -> tuple[Run, Run, dict[str, int]]:
    """The bare run, ours into a fresh home, and what our manifest counts."""
    bare = run([sys.executable, str(BARE), *map(str, files(paths))])
    home = Path(tempfile.mkdtemp(prefix="quipu-bench-"))
    try:
        command = [sys.executable, "-P", "-m", "quipu", "publish", *map(str, paths), "--home", str(home), "--json"]
        ours = run(command)
        made = json.loads(ours.printed)
        sources = json.loads((Path(made["path"]) / "manifest.json").read_text("utf-8"))["sources"]
    finally:
        shutil.rmtree(home)
    kept = {
        "activities": sum(s["activities"] + s["refused_activities"] for s in sources),
        "transactions": sum(s["transactions"] + s["refused_transactions"] for s in sources),
        "bytes": made["bytes"],
    }
    print(f"  bare {bare.seconds:6.2f} s   publish {ours.seconds:6.2f} s   peak {ours.peak:4.0f} MB")
    return bare, ours, kept


def files(paths: list[Path]) -> list[Path]:
    """The XML files below the paths."""
    found = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return [file for file in found if file.name.endswith((".xml", ".xml.gz"))]


if __name__ == "__main__":
    sys.exit(main())
