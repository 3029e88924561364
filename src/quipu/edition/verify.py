"""Verify: every edition is still made of what its manifest names, or the list of what is withheld accounts for it."""

from dataclasses import dataclass, field
from pathlib import Path

from quipu.edition import sealing, withheld
from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest, load

MOST = 20  # faults that are told


@dataclass(slots=True)
class Checked:
    """What was looked at. withdrawn: what is gone, and should be, a sentence each."""

    editions: int = 0
    parts: int = 0
    documents: int = 0
    withdrawn: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def verify(home: Home) -> Checked:
    """Reads every part and document that any edition names. It changes nothing and raises nothing."""
    state = withheld.state(home.root, fresh=True)
    found = Checked()
    first: dict[str, int] = {}
    for number in home.numbers():
        manifest = load(home, number, sealed=True)
        found.editions += 1
        found.faults += _content(manifest)
        for source in manifest.sources:
            for part in source["parts"]:
                first.setdefault(part["sha256"], number)
    for sha256, number in first.items():
        found.parts += 1
        found.faults += _part(home, state, sha256, number)
    found.withdrawn = [_told(state, sha256, number) for sha256, number in first.items() if sha256 in state.replaced]
    _documents(home, state, found)
    found.faults += [f"takedown {order.number} is not finished: run ./quipu takedown" for order in state.unfinished]
    if len(found.faults) > MOST:
        found.faults[MOST:] = [f"and {len(found.faults) - MOST} more like these"]
    return found


def _content(manifest: Manifest) -> list[str]:
    """The content hash, computed again."""
    stated, number = manifest.content, manifest.number
    manifest.seal()
    return [] if manifest.content == stated else [f"edition {number}: its manifest is not the one that was sealed"]


def _part(home: Home, state: withheld.State, sha256: str, number: int) -> list[str]:
    now = state.now(sha256)
    where = f"edition {number}: part {sha256[:12]}"
    if now is None:
        return _whole(home.part(sha256), sha256, where)
    if home.part(sha256).exists():
        return [f"{where} was withdrawn and still lies there"]
    return _whole(home.part(now["now"]), now["now"], f"{where}, now {now['now'][:12]}") if now["now"] else []


def _whole(path: Path, sha256: str, where: str) -> list[str]:
    if not path.is_file():
        return [f"{where} is missing"]
    return [] if sealing.digest(path) == sha256 else [f"{where} is not what was sealed"]


def _told(state: withheld.State, sha256: str, number: int) -> str:
    part = state.replaced[sha256]
    return f"edition {number}: part {sha256[:12]} of {part['table']}: {part['changed']} rows were withdrawn"


def _documents(home: Home, state: withheld.State, found: Checked) -> None:
    """The bytes of every document that an edition took in."""
    shas: set[str] = set()
    paths = {
        str(home.part(part["sha256"]))
        for number in home.numbers()
        for _, part in load(home, number).parts("filed")
        if home.part(part["sha256"]).is_file()
    }
    if paths:
        connection = connect()
        listed = ", ".join(map(quoted, sorted(paths)))
        shas = {
            sha for (sha,) in connection.execute(f"SELECT DISTINCT sha256 FROM read_parquet([{listed}])").fetchall()
        }
        connection.close()
    for sha256 in sorted(shas):
        found.documents += 1
        lying = [path for path in home.parts.glob(f"{sha256}.*") if path.suffix != ".parquet"]
        found.faults += (
            _whole(lying[0], sha256, f"document {sha256[:12]}") if lying else [f"document {sha256[:12]} is missing"]
        )
    for sha256, order in state.documents.items():
        if any(path.suffix != ".parquet" for path in home.parts.glob(f"{sha256}.*")):
            found.faults.append(f"document {sha256[:12]} was withdrawn and still lies there")
        else:
            found.withdrawn.append(f"document {sha256[:12]} was withdrawn on {order.on}: {order.told or order.reason}")
