"""The scanner of viruses: a daemon that plays ClamAV's part says clean, found, nothing at all, or breaks off."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from quipu.actions import scanning
from tests.desk import papers

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def instream(line: socket.socket) -> bytes:
    """What was sent by the protocol."""
    file = line.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    whole = b""
    while size := struct.unpack("!I", file.read(4))[0]:
        whole += file.read(size)
    return whole


def honest(line: socket.socket) -> None:
    found = EICAR in instream(line)
    line.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if found else b"stream: OK\0")


def breaking_off(line: socket.socket) -> None:
    instream(line)
    line.sendall(b"stream: O")


def silent(line: socket.socket) -> None:
    instream(line)
    line.recv(1)  # until the other side has had enough


def complaining(line: socket.socket) -> None:
    instream(line)
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")


@contextmanager
def daemon(act: Callable[[Any], None], path: str = "") -> Iterator[str]:
    """Listens as clamd does, at a path or a port, for one file after the other."""
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(path or ("127.0.0.1", 0))
    server.listen()

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line, suppress(OSError):
                act(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield path or f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def scan(folder: Path, content: bytes, seconds: float = 5) -> scanning.Scanned:
    return scanning.scan(papers.put(folder, content), seconds)


@pytest.mark.parametrize("where", ["port", "path"])
def test_a_file_is_clean_or_a_virus_is_named(where, tmp_path, monkeypatch):
    with daemon(honest, str(tmp_path / "clamd.sock") if where == "path" else "") as address:
        monkeypatch.setenv("QUIPU_CLAMAV", address)
        assert scan(tmp_path, papers.pdf()) == scanning.Scanned(scanning.CLEAN)
        assert scan(tmp_path, b"x" * 600_000) == scanning.Scanned(scanning.CLEAN)
        assert scan(tmp_path, EICAR) == scanning.Scanned(scanning.FOUND, "Win.Test.EICAR_HDB-1")


@pytest.mark.parametrize("act", [breaking_off, complaining])
def test_what_is_no_answer_is_never_clean(act, tmp_path, monkeypatch):
    with daemon(act) as address:
        monkeypatch.setenv("QUIPU_CLAMAV", address)
        assert scan(tmp_path, papers.pdf()).verdict == scanning.SILENT


def test_a_scanner_that_says_nothing_is_not_waited_for(tmp_path, monkeypatch):
    with daemon(silent) as address:
        monkeypatch.setenv("QUIPU_CLAMAV", address)
        assert scan(tmp_path, papers.pdf(), 0.3) == scanning.Scanned(scanning.SILENT, "TimeoutError")


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1", "nonsense"])
def test_a_scanner_that_is_not_there_is_silent(address, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIPU_CLAMAV", address)
    assert scan(tmp_path, papers.pdf()).verdict == scanning.SILENT


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", ("", False)),
        ("required", ("", True)),
        ("/run/clamd.sock", ("/run/clamd.sock", True)),
        ("required, 10.0.0.5:3310", ("10.0.0.5:3310", True)),
    ],
)
def test_how_a_house_says_where_its_scanner_is(said, meant, monkeypatch):
    monkeypatch.setenv("QUIPU_CLAMAV", said)
    assert scanning.setting() == meant
