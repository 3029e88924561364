"""Files that come with a form: cut off at the limit, in memory and on disk, by the real server as well."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

MB = 1 << 20
BOUNDARY = "XxXxX"


def form(fields: dict[str, str], name: str) -> bytes:
    """The beginning of a form, up to where a file's bytes stand."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
        for key, text in fields.items()
    ]
    kind = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: application/pdf'
    head = f"--{BOUNDARY}\r\n{kind}\r\n\r\n"
    return ("".join(parts) + head).encode()


TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


class Stream:
    """A form with a file of so many bytes, made while it is read."""

    def __init__(self, size: int, fields: dict[str, str] | None = None) -> None:
        self.head = form(fields or {}, "huge.pdf")
        self.size, self.given, self.tail = size, 0, TAIL
        self.length = len(self.head) + size + len(self.tail)

    def read(self, most: int = 65_536) -> bytes:
        most = min(most, 1 << 20) if most > 0 else 1 << 20
        if self.head:
            piece, self.head = self.head[:most], self.head[most:]
        elif self.given < self.size:
            piece = b"%PDF-1.7 "[:most] if not self.given else b"x" * min(most, self.size - self.given)
            piece = piece[: self.size - self.given]
            self.given += len(piece)
        else:
            piece, self.tail = self.tail[:most], self.tail[most:]
        return piece


@pytest.fixture
def house(cast: Any, monkeypatch: Any, tmp_path: Path) -> Any:
    """A house that takes files of one megabyte; what arrives lies in a folder that a test can look into."""
    from django.conf import settings

    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "1")
    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    monkeypatch.setattr(settings, "HOME", cast.ledger.home)
    arriving = tmp_path / "arriving"
    arriving.mkdir()
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(arriving))
    cast.arriving = arriving
    return cast


def send(browser: Any, stream: Stream) -> Any:
    """A stream to the form, through all of Django."""
    from django.test.client import FakePayload

    class Payload(FakePayload):
        def __init__(self) -> None:
            super().__init__()

        def read(self, size: int | None = None, /) -> bytes:
            return stream.read(size or -1)

        def __len__(self) -> int:
            return stream.length

    return browser.generic(
        "POST",
        "/desk/documents/hand-in",
        b"",
        CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
        CONTENT_LENGTH=str(stream.length),
        **{"wsgi.input": Payload()},
    )


def test_a_file_at_the_limit_arrives_and_one_byte_more_is_cut_off(house):
    from quipu.books import models

    browser = house.client("programme editor")
    answer = send(browser, Stream(MB, {"place": "VALLEY/P1"}))
    assert answer.status_code == 302
    assert models.Version.objects.get().findings[0][0] != "document-too-large"
    answer = send(browser, Stream(MB + 1, {"place": "VALLEY/P1"}))
    assert answer.status_code == 422
    assert "larger than this site allows" in answer.content.decode()
    assert models.Version.objects.count() == 1
    assert list(house.arriving.iterdir()) == []


def test_of_five_gigabytes_little_is_read_and_nothing_is_kept(house):
    stream = Stream(5 << 30, {"place": "VALLEY/P1"})
    answer = send(house.client("programme editor"), stream)
    assert answer.status_code == 422
    assert "huge.pdf" in answer.content.decode()
    assert stream.given < 5 * MB
    assert list(house.arriving.iterdir()) == []
    assert not any(path.is_file() for path in (house.ledger.home / "kept").rglob("*"))


def test_of_a_strangers_file_nothing_is_read(house):
    stream = Stream(5 << 30)
    assert send(house.client("stranger"), stream).status_code in (302, 403)
    assert stream.given < MB
    assert list(house.arriving.iterdir()) == []


def test_files_that_are_too_large_together_are_cut_off_and_the_first_ones_are_taken(house):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from quipu.books import models

    files = [SimpleUploadedFile(f"{n}.txt", f"Text {n} ".encode() * 100_000) for n in range(6)]  # 0.7 MB each
    answer = house.client("programme editor").post(
        "/desk/documents/hand-in", {"files": files, "place": "VALLEY/P1"}, follow=True
    )
    assert "5.txt: The file is larger than this site allows" in answer.content.decode()
    assert models.Version.objects.count() == 5


# The real server


@pytest.fixture
def server(house: Any) -> Any:
    """`quipu serve` over the house, with somebody signed in: (port, process, cookies)."""
    browser = house.client("programme editor")
    browser.get("/desk/documents/hand-in")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = house.ledger.home
    code = f"from pathlib import Path; from quipu.portal.server import serve; serve(Path({str(home)!r}), '127.0.0.1', {port}, 1)"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "QUIPU_HOME": str(home), "QUIPU_DOCUMENT_MB": "1"}
    env |= {"TMPDIR": str(house.arriving), "QUIPU_SECRET_KEY": _secret(), "DJANGO_SETTINGS_MODULE": "quipu.settings"}
    process = subprocess.Popen([sys.executable, "-P", "-c", code], env=env)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    first = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    first.request("GET", "/desk/documents/hand-in", headers={"Cookie": cookies})
    assert first.getresponse().status == 200
    yield port, process, cookies, browser.cookies["quipu_desk_form"].value
    process.terminate()
    process.wait(20)


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


def _memory(parent: int) -> int:
    """Bytes that the workers of a server hold."""
    most = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if told.get("PPid", "").strip() == str(parent):
            most = max(most, int(told.get("VmHWM", "0 kB").split()[0]) << 10)
    return most


def test_the_server_cuts_off_five_gigabytes_and_goes_on(server, house):
    port, process, cookies, token = server
    headers = {"Cookie": cookies, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    stream = Stream(5 << 30, {"csrfmiddlewaretoken": token, "place": "VALLEY/P1"})
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.putrequest("POST", "/desk/documents/hand-in")
    for name, value in {**headers, "Content-Length": str(stream.length)}.items():
        line.putheader(name, value)
    line.endheaders()
    before = _memory(process.pid)
    sent = 0
    line.sock.settimeout(60)
    answered = threading.Event()
    try:
        while piece := stream.read(1 << 18):
            line.sock.sendall(piece)
            sent += len(piece)
    except OSError:
        answered.set()  # the other side has stopped listening
    assert answered.is_set()
    assert sent < 40 * MB
    assert _memory(process.pid) - before < 60 * MB
    assert list(house.arriving.rglob("*.upload*")) == []
    again = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    again.request("GET", "/desk/documents", headers=headers)
    assert again.getresponse().status == 200


def test_the_server_says_why_where_a_file_is_a_little_too_large(server):
    port, _, cookies, token = server
    stream = Stream(2 * MB, {"csrfmiddlewaretoken": token, "place": "VALLEY/P1"})
    body = b"".join(iter(stream.read, b""))
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookies, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    line.request("POST", "/desk/documents/hand-in", body=body, headers=headers)
    answer = line.getresponse()
    assert answer.status == 422
    assert "larger than this site allows" in answer.read().decode()
