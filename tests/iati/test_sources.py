"""Files, archives and folders are found in a stable order, read as streams, and never written or followed outside."""

import gzip
import hashlib
import io
import os
import subprocess
import sys
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

from quipu.iati.read import all_rows
from quipu.iati.sources import CHUNK, Stream, Unreadable, find
from tests.documents import activity, document, rules, transaction

ONE = document(activity("XX-P-1"))
TWO = document(activity("XX-P-2"), activity("XX-P-3"))


def archive(*members: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may stand twice
        for name, body in members:
            made.writestr(name, body)
    return out.getvalue()


def write(folder: Path, name: str, body: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


def counted(path: Path) -> list[tuple[str, bool, int, list[str]]]:
    """(name, complete, activities, rules) of each source below a path."""
    answers = []
    for source in find([path]):
        report, tables = all_rows(source)
        answers.append((source.name, report.complete, report.activities, rules(tables)))
    return answers


# Folders


def test_a_folder_is_read_to_its_depth_and_other_files_are_left_alone(tmp_path):
    for name in ("b.xml", "a/c.XML", "a/d/e.xml.gz", "readme.txt", "a/data.csv", "x.xml.bak"):
        write(tmp_path, name, gzip.compress(ONE.encode()) if name.endswith("gz") else ONE)
    assert [source.name for source in find([tmp_path])] == ["a/c.XML", "a/d/e.xml.gz", "b.xml"]


def test_a_folder_that_is_called_like_a_file_is_a_folder(tmp_path):
    write(tmp_path, "odd.xml/one.xml", ONE)
    assert [source.name for source in find([tmp_path])] == ["odd.xml/one.xml"]


def test_a_file_that_was_named_is_read_whatever_it_is_called(tmp_path):
    assert counted(write(tmp_path, "download", ONE)) == [("download", True, 1, [])]


def test_a_name_holds_no_path_of_the_machine(tmp_path):
    write(tmp_path, "deep/one.xml", ONE)
    names = [source.name for path in (tmp_path, tmp_path / "deep" / "one.xml") for source in find([path])]
    assert names == ["deep/one.xml", "one.xml"]


def test_a_path_that_is_not_there_is_said_before_anything_is_read(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        find([write(tmp_path, "one.xml", ONE), tmp_path / "nowhere"])


def test_licences_stated_beside_the_files_are_known(tmp_path):
    write(tmp_path, "one.xml", ONE)
    write(tmp_path, "a/two.xml", ONE)
    write(tmp_path, "licences.csv", "\ufefffile,licence\na/two.xml,odc-pddl\nother.xml,cc-by\n")
    assert [(source.name, source.licence) for source in find([tmp_path])] == [
        ("a/two.xml", "odc-pddl"),
        ("one.xml", ""),
    ]


# Compression


def test_gzip_is_unpacked_and_a_missing_suffix_is_said(tmp_path):
    packed = gzip.compress(TWO.encode())
    assert counted(write(tmp_path, "two.xml.gz", packed)) == [("two.xml.gz", True, 2, [])]
    assert counted(write(tmp_path, "two.xml", packed)) == [("two.xml", True, 2, ["file-compressed"])]


def test_plain_xml_under_a_gz_name_is_read(tmp_path):
    assert counted(write(tmp_path, "one.xml.gz", ONE)) == [("one.xml.gz", True, 1, [])]


def test_bytes_are_counted_unpacked_and_hashed_packed(tmp_path):
    packed = gzip.compress(TWO.encode())
    (source,) = find([write(tmp_path, "two.xml.gz", packed)])
    report, _ = all_rows(source)
    assert report.bytes == len(TWO.encode())
    assert report.stored == len(packed)
    assert report.sha256 == hashlib.sha256(packed).hexdigest()


def test_the_hash_is_over_all_bytes_also_those_behind_a_fault(tmp_path):
    body = b"<broken" + b"x" * 300_000
    (source,) = find([write(tmp_path, "broken.xml", body)])
    report, _ = all_rows(source)
    assert report.sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 2])
def test_several_gzip_members_are_one_stream_wherever_they_meet(tmp_path, size):
    first = member(b"the start ", size)
    assert len(first) == size
    (source,) = find([write(tmp_path, "two.gz", first + member(b"the end", 100) + b"\0" * 20)])
    assert b"".join(Stream(source).chunks()) == b"the start the end"


def member(body: bytes, size: int) -> bytes:
    """A gzip member of that size: its file name fills it up."""
    deflate = zlib.compressobj(wbits=-15)
    rest = (
        deflate.compress(body)
        + deflate.flush()
        + zlib.crc32(body).to_bytes(4, "little")
        + len(body).to_bytes(4, "little")
    )
    head = b"\x1f\x8b\x08\x08" + bytes(6)  # flag 8: a name follows, up to a zero byte
    return head + b"n" * (size - len(head) - 1 - len(rest)) + b"\0" + rest


def test_a_gzip_bomb_is_unpacked_in_small_pieces(tmp_path):
    (source,) = find([write(tmp_path, "bomb.xml.gz", gzip.compress(b" " * 50_000_000))])
    assert max(len(piece) for piece in Stream(source).chunks()) <= CHUNK * 4


def test_a_cut_off_gzip_keeps_the_whole_activities_before_the_cut(tmp_path):
    body = document(*(activity(f"XX-P-{n}") for n in range(1, 401)))
    packed = gzip.compress(body.encode(), compresslevel=0)  # stored, so that nearly all before the cut is there
    ((_, complete, activities, found),) = counted(write(tmp_path, "cut.xml.gz", packed[:-20]))
    assert (complete, activities, found) == (False, 400, ["file-broken"])
    (_, complete, activities, found) = counted(write(tmp_path, "half.xml.gz", packed[: len(packed) // 2]))[0]
    assert not complete
    assert 190 <= activities < 210
    assert found == ["file-broken"]


# Archives


def test_an_archive_is_read_member_by_member_in_its_order(tmp_path):
    body = archive(("b.xml", ONE), ("a/c.xml.gz", gzip.compress(TWO.encode())), ("notes.txt", "x"))
    assert counted(write(tmp_path, "both.zip", body)) == [
        ("both.zip/b.xml", True, 1, []),
        ("both.zip/a/c.xml.gz", True, 2, []),
    ]


@pytest.mark.parametrize("name", ["../evil.xml", "/evil.xml", "a/../../evil.xml", "..\\evil.xml"])
def test_a_name_that_leads_out_is_read_under_its_last_part_and_nothing_is_written(tmp_path, name, monkeypatch):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    path = write(tmp_path, "evil.zip", archive((name, ONE)))
    before = sorted(tmp_path.rglob("*"))
    assert counted(path) == [("evil.zip/evil.xml", True, 1, ["file-archive-name"])]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_stands_twice_in_an_archive_is_two_documents(tmp_path):
    path = write(tmp_path, "twice.zip", archive(("a.xml", ONE), ("a.xml", TWO)))
    assert [(name, activities) for name, _, activities, _ in counted(path)] == [
        ("twice.zip/a.xml", 1),
        ("twice.zip/a.xml", 2),
    ]


def test_one_broken_member_does_not_take_the_others_with_it(tmp_path):
    body = bytearray(archive(("a.xml", ONE), ("b.xml", TWO)))
    body[40:60] = b"\xff" * 20  # inside the first member's compressed bytes
    (first, second) = counted(write(tmp_path, "broken.zip", bytes(body)))
    assert first == ("broken.zip/a.xml", False, 0, ["file-unreadable"])
    assert second == ("broken.zip/b.xml", True, 2, [])


def test_a_wrong_checksum_is_found_behind_the_last_byte(tmp_path):
    whole = document(*(activity(f"XX-P-{n}") for n in range(100)))
    body = bytearray(archive(("a.xml", whole), method=zipfile.ZIP_STORED))
    body[body.index(b"Title")] ^= 1
    ((_, complete, activities, found),) = counted(write(tmp_path, "wrong.zip", bytes(body)))
    assert (complete, found) == (False, ["file-broken"])
    assert activities < 101


def test_what_is_no_archive_says_so(tmp_path):
    assert counted(write(tmp_path, "page.zip", "<html>404</html>")) == [("page.zip", False, 0, ["file-unreadable"])]


def test_an_archive_without_xml_is_not_silently_nothing(tmp_path):
    assert counted(write(tmp_path, "empty.zip", archive())) == [("empty.zip", False, 0, ["file-unreadable"])]
    assert counted(write(tmp_path, "text.zip", archive(("a.txt", "x")))) == [
        ("text.zip", False, 0, ["file-unreadable"])
    ]


def test_an_archive_inside_an_archive_is_said_and_not_opened(tmp_path):
    path = write(tmp_path, "outer.zip", archive(("inner.zip", archive(("a.xml", ONE))), ("b.xml", ONE)))
    assert counted(path) == [
        ("outer.zip/inner.zip", False, 0, ["file-unreadable"]),
        ("outer.zip/b.xml", True, 1, []),
    ]


def test_an_encrypted_member_says_so(tmp_path):
    body = bytearray(archive(("a.xml", ONE)))
    for at in (body.index(b"PK\x03\x04") + 6, body.index(b"PK\x01\x02") + 8):
        body[at] |= 1  # the flag that says encrypted
    ((_, complete, _, found),) = counted(write(tmp_path, "secret.zip", bytes(body)))
    assert (complete, found) == (False, ["file-unreadable"])


# What may not be opened


def test_a_file_that_may_not_be_read_is_a_finding_without_a_path_of_the_machine(tmp_path, monkeypatch):
    (source,) = find([write(tmp_path, "closed.xml", ONE)])

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(tmp_path / "closed.xml"))

    monkeypatch.setattr(Path, "open", refuse)
    report, tables = all_rows(source)
    assert not report.complete
    assert rules(tables) == ["file-unreadable"]
    assert tables["findings"][0][5] == "Permission denied"
    with pytest.raises(Unreadable):
        Stream(source)


def test_a_device_that_cannot_be_read_ends_nothing_else(tmp_path):
    # /proc/self/mem opens and then fails at its first byte.
    if not Path("/proc/self/mem").exists():
        pytest.skip("no /proc here")
    (tmp_path / "odd.xml").symlink_to("/proc/self/mem")
    write(tmp_path, "one.xml", ONE)
    odd, one = counted(tmp_path)
    assert odd[1:] == (False, 0, ["file-unreadable"])
    assert one[1:] == (True, 1, [])


def test_reading_a_large_file_takes_little_memory(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("w") as file:
        file.write(document().removesuffix("</iati-activities>\n").rstrip())
        for n in range(15_000):
            file.write(activity(f"XX-P-{n}"))
        file.write("</iati-activities>")
    used = memory_of(path)
    assert used < 120_000, f"{used} kB for {path.stat().st_size} bytes"


def memory_of(path: Path) -> int:
    """The most memory, in kB, that a process of its own takes to read a file."""
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc here to ask how much memory was used")
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from quipu.iati.read import read\n"
        "from quipu.iati.sources import find\n"
        "report = read(find([Path(sys.argv[1])])[0], lambda table, row: None)\n"
        "assert report.complete and report.activities\n"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
    )
    source = str(Path(__file__).resolve().parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_one_activity_of_45_megabytes_takes_no_more_memory_than_a_small_one(tmp_path):
    path = tmp_path / "huge.xml"
    start, end = document(activity()).split("</iati-activity>")
    said = f"<description><narrative>{'One of many. ' * 40}</narrative></description>"
    with path.open("w") as file:
        file.write(start)
        for n in range(65_000):
            file.write(transaction("3", n, "2020-05-01", said) + "\n")
        file.write("</iati-activity>" + end)
    assert path.stat().st_size > 45_000_000
    used = memory_of(path)
    assert used < 120_000, f"{used} kB"
