"""What all tests share: the published files where they are, editions made once for all of them, and the long runs."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from quipu.edition import make
from quipu.edition.home import Home
from quipu.edition.open import Edition, Editions
from tests import ledgers, postgres
from tests.desk.cast import furnish

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
MISSING = "the published files are not here: they belong in the folder shared/data beside the checkout"

# Hundreds of processes are started: what they import is compiled once, also where the environment forbids it in place.
COMPILED = ROOT / ".venv.setup" / "compiled"
sys.pycache_prefix, sys.dont_write_bytecode = str(COMPILED), False
os.environ["PYTHONPYCACHEPREFIX"] = str(COMPILED)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("quick", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("quick"), max_examples=1_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="many more generated cases, and the tests that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: only with --long")
    settings.load_profile("long" if config.getoption("--long") else "quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "real" in item.keywords and not DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=MISSING))
        if "long" in item.keywords and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with --long"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if postgres.MISSING in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} tests of the books on PostgreSQL were skipped: {postgres.MISSING}")
    missed = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if missed:
        terminalreporter.write_line(f"{len(missed)} tests of published files were skipped: {MISSING}")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the published files."""
    if not DATA.is_dir():
        pytest.skip(MISSING)
    return DATA


# The command line


def run_quipu(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs `quipu …` as a person would, and waits for it."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "quipu", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="session")
def quipu() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line as a function of its words; keywords are settings of the environment."""
    return run_quipu


# Books


@pytest.fixture(scope="session")
def postgres_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this worker's PostgreSQL listens. It ends with the worker, however that ends."""
    if postgres.binaries() is None:
        assert not os.environ.get("CI"), f"half of the suite would be skipped: {postgres.MISSING}"
        pytest.skip(postgres.MISSING)
    command = [sys.executable, str(ROOT / "tests" / "postgres.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield Path(server.stdout.readline().strip())
        assert server.stdin is not None
        server.stdin.close()


@pytest.fixture(scope="session")
def _books_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp()
    ledgers.start(folder / "django")
    return folder / "template.sqlite3"


@pytest.fixture(params=ledgers.ENGINES)
def ledger(request: pytest.FixtureRequest, _books_template: Path, tmp_path: Path, worker_id: str) -> ledgers.Ledger:
    """Empty books, on SQLite and on PostgreSQL in turn; where a test asks for the cast, everybody is in them."""
    if request.param == "sqlite":
        return ledgers.sqlite(_books_template, tmp_path / "books", _furnish(request))
    folder = request.getfixturevalue("postgres_folder")
    return ledgers.postgresql(folder, tmp_path / "books", worker_id, _furnish(request))


@pytest.fixture
def sqlite_ledger(request: pytest.FixtureRequest, _books_template: Path, tmp_path: Path) -> ledgers.Ledger:
    """The same on SQLite alone, for what does not depend on the engine."""
    return ledgers.sqlite(_books_template, tmp_path / "books", _furnish(request))


def _furnish(request: pytest.FixtureRequest) -> ledgers.Furnish | None:
    return furnish if {"cast", "cast_anywhere"} & set(request.fixturenames) else None


# Editions


Publish = Callable[..., Edition]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Publishes documents, given as text or bytes under their file names, and answers the edition."""
    count = 0

    def publish(
        *documents: str, home: Path | None = None, funds: str = "", rates: str = "", **named: str | bytes
    ) -> Edition:
        nonlocal count
        count += 1
        folder, home = tmp_path / f"sources-{count}", home or tmp_path / f"home-{count}"
        folder.mkdir()
        home.mkdir(exist_ok=True)
        for name, body in {**{f"d{n}": body for n, body in enumerate(documents, 1)}, **named}.items():
            (folder / f"{name}.xml").write_bytes(body.encode() if isinstance(body, str) else body)
        for name, text in (("funds.toml", funds), ("rates.csv", rates)):
            if text:
                (home / name).write_text(text)
        make.publish(Home(home), [folder])
        return Editions(Home(home)).current()

    return publish


@contextmanager
def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """(folder, whether it is already made): one for all workers of a run; the others wait until it is made."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder, (folder / "made.json").is_file()


def _home(tmp_path_factory: pytest.TempPathFactory, name: str, *words: object) -> Path:
    with _made_once(tmp_path_factory, name) as (folder, made):
        if not made:
            done = run_quipu(*words, "--home", folder)
            assert done.returncode == 0, done.stderr
            (folder / "made.json").write_text(done.stdout or "{}")
    return folder


@pytest.fixture(scope="session")
def real_home(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with all published files in one edition; made.json beside it is what `publish --json` printed."""
    return _home(tmp_path_factory, "real", "publish", data / "iati", "--json")


@pytest.fixture(scope="session")
def real(real_home: Path) -> Edition:
    """The edition of all published files."""
    return Editions(Home(real_home)).current()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demonstration's edition."""
    return _home(tmp_path_factory, "demo", "demo", "--no-serve")


@pytest.fixture(scope="session")
def demo(demo_home: Path) -> Edition:
    """The demonstration's edition."""
    return Editions(Home(demo_home)).current()
