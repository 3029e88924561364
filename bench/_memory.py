"""A command run to its end, with its seconds and the peak memory of all its processes together."""

import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.05  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed, how long it took, and the most memory its processes held at one moment (MB, PSS)."""

    printed: str
    seconds: float
    peak: float


def run(command: list[str]) -> Run:
    """Runs a command; its errors stay visible. Raises CalledProcessError where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0.0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(PAUSE):
            peak = max(peak, held(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(printed, seconds, peak)


def held(root: int) -> float:
    """Megabytes a process and all below it hold; pages they share count once (PSS)."""
    return sum(_proportional(pid) for pid in _below(root)) / 1e6


def _below(root: int) -> list[int]:
    found = [root]
    for pid in found:  # grows while it is walked
        try:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
        except OSError:  # it has ended
            continue
    return found


def _proportional(pid: int) -> int:
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rolled.splitlines() if line.startswith("Pss:")), 0)
