"""The launcher sets up once, says plainly why it cannot, and then stays out of the way.

Each test has a copy of the script in a folder of its own, with nothing on the PATH but a few tools and pretended
installers that write down each call.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["basename", "cat", "cmp", "cp", "id", "ln", "mkdir", "readlink", "rm", "sh", "sleep"]

# The Python inside .venv: it writes down what it is asked, and fails where FAILING says so.
VENV_PYTHON = """#!/bin/sh
echo "python $*" >>"$CALLS"
case "$*" in *"${FAILING:-nothing}"*) echo "the words of $*"; exit 1 ;; esac
case "$*" in *"pip install"*) sleep "${SLOW:-0}" ;; esac
"""

UV = """#!/bin/sh
echo "uv $*" >>"$CALLS"
case "$1" in
--version) ;;
cache) echo "$CACHE" ;;
venv) for folder; do :; done; mkdir -p "$folder/bin" && cp "$VENV_PYTHON" "$folder/bin/python" ;;
pip) echo "no-cache=${UV_NO_CACHE:-0}"; sleep "${SLOW:-0}"; exit "${UV_EXIT:-0}" ;;
esac
"""

# A system's Python: the launcher's question is answered by the real one, changed by what lies in the folder $CHANGED.
SYSTEM_PYTHON = f"""#!/bin/sh
case "$1" in
-c) PYTHONPATH="$CHANGED" exec {sys.executable} "$@" ;;
-m) mkdir -p "$3/bin" && cp "$VENV_PYTHON" "$3/bin/python" ;;
esac
"""


class House:
    """A checkout with the launcher in it, and the machine around it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin, self.calls = folder / "checkout", folder / "bin", folder / "calls"
        self.venv, self.stamp = self.root / ".venv", self.root / ".venv/stamp"
        self.changed = folder / "changed"
        for made in (self.root, self.bin, self.changed):
            made.mkdir()
        shutil.copy(ROOT / "quipu", self.root)
        (self.root / "requirements.lock").write_text("django==5.2\n")
        (folder / "venv_python").write_text(VENV_PYTHON)
        (folder / "venv_python").chmod(0o755)
        for tool in TOOLS:
            self.link(tool)
        self.env = {
            "PATH": str(self.bin),
            "CALLS": str(self.calls),
            "CACHE": str(folder / "cache"),
            "CHANGED": str(self.changed),
            "VENV_PYTHON": str(folder / "venv_python"),
        }

    def link(self, tool: str) -> None:
        found = shutil.which(tool)
        if found is None:
            pytest.skip(f"this machine has no {tool}")
        (self.bin / tool).symlink_to(found)

    def put(self, name: str, script: str) -> None:
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def start(self, *words: str, script: Path | None = None, before: tuple[str, ...] = (), **env: str):
        command = [*before, str(script or self.root / "quipu"), *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        # A session of its own, so that a test can kill the launcher and its installer together.
        return subprocess.Popen(command, env=self.env | env, cwd=self.root.parent, start_new_session=True, **pipes)

    def run(self, *words: str, **how):
        return finished(self.start(*words, **how))

    def called(self, start: str = "") -> list[str]:
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [line for line in lines if line.startswith(start)]


def finished(process: subprocess.Popen) -> subprocess.CompletedProcess:
    out, err = process.communicate(timeout=20)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def wait_for(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def bare(tmp_path: Path) -> House:
    """A machine with neither uv nor Python."""
    return House(tmp_path)


@pytest.fixture
def house(bare: House) -> House:
    """A machine with uv."""
    bare.put("uv", UV)
    return bare


@pytest.fixture(params=["with flock", "without flock"])
def either_lock(house: House, request: pytest.FixtureRequest) -> House:
    if request.param == "with flock":
        house.link("flock")
    return house


# The first run, and the next


def test_the_first_run_installs_by_hash_and_passes_the_words_on(house):
    run = house.run("tables", "--json", "two words")
    assert (run.returncode, run.stdout) == (0, "")
    assert "setting up" in run.stderr
    assert "--require-hashes --requirement requirements.lock" in house.called("uv pip install")[0]
    assert house.called()[-1] == "python -P -m quipu tables --json two words"


def test_the_next_run_starts_nothing_but_the_command(house):
    house.run("demo")
    house.calls.unlink()
    run = house.run("demo")
    assert run.stderr == ""
    assert house.called() == ["python -P -m quipu demo"]


def test_the_exit_code_is_the_commands(house):
    assert house.run("demo").returncode == 0
    assert house.run("demo", FAILING="quipu demo").returncode == 1


def test_it_works_through_a_link_from_another_folder(house, tmp_path):
    (tmp_path / "elsewhere").symlink_to(house.root / "quipu")
    assert house.run("demo", script=tmp_path / "elsewhere").returncode == 0
    assert house.stamp.exists()


def make_lock_stale(house):
    (house.root / "requirements.lock").write_text("django==5.3\n")


def make_half_made(house):
    house.stamp.unlink()


def make_python_vanish(house):
    (house.venv / "bin/python").unlink()


def make_python_another(house):
    (house.venv / "bin/python").rename(house.venv / "bin/python3.13")
    (house.venv / "bin/python").symlink_to("python3.13")


@pytest.mark.parametrize("spoil", [make_lock_stale, make_half_made, make_python_vanish, make_python_another])
def test_a_stale_environment_is_made_again(house, spoil):
    house.run("demo")
    (house.venv / "left over").touch()
    spoil(house)
    assert house.run("demo").returncode == 0
    assert len(house.called("uv venv")) == 2
    assert not (house.venv / "left over").exists()


def test_another_wanted_python_makes_another_environment(house):
    house.run("demo")
    house.run("demo", QUIPU_PYTHON="python3.13")
    house.run("demo", QUIPU_PYTHON="python3.13")
    first, second = house.called("uv venv")
    assert "--python >=3.11 " in first
    assert "--python python3.13 " in second


# Two at once


def test_two_first_runs_at_once_install_once(either_lock):
    both = [either_lock.start("demo", SLOW="0.3") for _ in range(2)]
    assert [finished(run).returncode for run in both] == [0, 0]
    assert len(either_lock.called("uv pip")) == 1
    assert len(either_lock.called("python -P -m quipu demo")) == 2


def test_a_killed_set_up_is_taken_over(either_lock):
    killed = either_lock.start("demo", SLOW="60")
    wait_for(lambda: either_lock.called("uv pip"))
    os.killpg(killed.pid, signal.SIGKILL)
    finished(killed)
    assert either_lock.run("demo").returncode == 0
    assert len(either_lock.called("uv pip")) == 2


# Without uv


def test_python_and_pip_do_without_uv(bare):
    bare.put("python3", SYSTEM_PYTHON)
    assert bare.run("demo").returncode == 0
    assert bare.called()[0].startswith("python -m pip install")
    assert "--require-hashes --requirement requirements.lock" in bare.called()[0]
    assert bare.called()[1:] == ["python -P -m quipu demo"]


def test_a_name_that_fails_when_run_is_passed_over(bare):
    bare.put("uv", "#!/bin/sh\nexit 127\n")
    bare.put("python3", "#!/bin/sh\nexit 127\n")
    bare.put("python3.12", SYSTEM_PYTHON)
    assert bare.run("demo").returncode == 0


def test_the_python_that_was_asked_for_is_the_only_candidate(bare):
    bare.put("python3", SYSTEM_PYTHON)
    bare.put("my python", SYSTEM_PYTHON)
    assert bare.run("demo", QUIPU_PYTHON="my python").returncode == 0
    assert bare.run("demo", QUIPU_PYTHON="no python").returncode == 3


# Why it cannot


def refused(run) -> str:
    """The one sentence of a launcher that could not start, after its word that it began."""
    assert run.returncode == 3
    assert run.stdout == ""
    return run.stderr.splitlines()[-1]


def test_a_missing_venv_module_ends_with_the_line_that_brings_it(bare):
    bare.put("python3", SYSTEM_PYTHON)
    (bare.changed / "ensurepip.py").write_text("raise ImportError")
    package = f"python3.{sys.version_info.minor}-venv"
    assert refused(bare.run("demo")).endswith(f"apt install {package}")
    assert not bare.venv.exists()


@pytest.mark.parametrize(("version", "code"), [("(3, 10, 14)", 3), ("(3, 11, 0)", 0)])
def test_a_python_before_3_11_is_too_old(bare, version, code):
    bare.put("python3", SYSTEM_PYTHON)
    (bare.changed / "sitecustomize.py").write_text(f"import sys; sys.version_info = {version}")
    run = bare.run("demo")
    assert run.returncode == code
    assert ("Python 3.11 or newer" in run.stderr) == (code == 3)


def test_a_machine_with_neither_uv_nor_python_is_told_what_is_needed(bare):
    assert "needs uv, or Python 3.11 or newer" in refused(bare.run("demo"))


def test_a_checkout_that_cannot_be_written_says_so(house):
    # Root may write anywhere, unless it gives that right away first.
    before = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ("env",)
    house.link(before[0])
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root cannot give its rights away here")
    house.root.chmod(0o555)
    assert "No permission to write in" in refused(house.run("demo", before=before))
    house.root.chmod(0o755)
    assert house.run("demo", before=before).returncode == 0
    house.root.chmod(0o555)
    assert house.run("demo", before=before).returncode == 0  # a fresh environment needs no writing
    house.stamp.unlink()
    assert "No permission to write in" in refused(house.run("demo", before=before))


def test_a_cache_that_cannot_be_written_is_done_without(house):
    house.run("demo")
    assert "no-cache=0" in (house.root / ".venv.setup/log").read_text()
    house.stamp.unlink()
    assert house.run("demo", CACHE="/dev/null/cache").returncode == 0
    assert "no-cache=1" in (house.root / ".venv.setup/log").read_text()


def test_a_failed_install_says_where_its_words_are_and_is_tried_again(house):
    sentence = refused(house.run("demo", UV_EXIT="1"))
    assert "could not be installed" in sentence
    assert Path(sentence.split()[-1]).is_file()
    assert house.called("python") == []
    assert house.run("demo").returncode == 0


# The launcher's own commands


def test_help_ends_with_the_launchers_own_commands(house):
    for words in [("--help",), ("-h",), ()]:
        assert "lock [--upgrade]" in house.run(*words).stdout
        assert house.called()[-1] == "python -P -m quipu --help"
    assert "lock [--upgrade]" not in house.run("demo", "--help").stdout


def test_check_runs_everything_and_shows_the_words_of_what_failed(house):
    assert house.run("check").returncode == 0
    run = house.run("check", FAILING="ruff format")
    assert run.returncode == 1
    assert [line.split("  ")[0] for line in run.stdout.splitlines()] == [
        "ok",
        "FAILED",
        "the words of -m ruff format --check .",
        "ok",
        "ok",
        "skipped shellcheck (not installed)",
    ]


def test_test_shares_the_work_out_only_when_all_tests_run(house):
    house.run("test")
    house.run("test", "--long", "tests/rules")
    assert house.called("python -m pytest") == [
        "python -m pytest -n 3 --dist worksteal",
        "python -m pytest --long tests/rules",
    ]


def test_a_missing_chromium_is_said_where_there_are_browser_tests(house):
    assert "chromium" not in house.run("test").stderr
    (house.root / "tests/browser").mkdir(parents=True)
    assert "apt install chromium" in house.run("test").stderr
    house.put("chromium", "#!/bin/sh\n")
    assert "chromium" not in house.run("test").stderr


def test_bench_lists_and_runs_what_is_there(house):
    (house.root / "bench").mkdir()
    for name in ("publish", "ask", "_machine"):
        (house.root / "bench" / f"{name}.py").touch()
    assert house.run("bench").stdout.split() == ["ask", "publish"]
    assert house.run("bench", "ask", "--short").returncode == 0
    assert house.called()[-1] == "python bench/ask.py --short"
    assert house.run("bench", "nothing").returncode == 2


def test_lock_needs_uv_and_no_environment(bare):
    assert "needs uv" in refused(bare.run("lock"))
    bare.put("uv", UV)
    assert bare.run("lock", "--upgrade").returncode == 0
    assert bare.called()[-1].endswith("--output-file requirements.lock --upgrade requirements.in")
    assert not bare.venv.exists()
