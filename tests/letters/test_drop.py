"""The folder of letters: what was acknowledged is there, whoever is killed; and no more come than may."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from quipu.letters import box, corrections
from quipu.letters.drop import OF_DAY, OF_SENDER, TooMany, drop, folder
from quipu.letters.letter import About, Letter
from tests.conftest import ROOT

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ABOUT = About("/projects?country=PE", 3, "2026-11-24T10:00:00Z", "es")


def letter(text: str = "The total is wrong", kind: str = "mistake") -> Letter:
    return Letter(kind, ABOUT, text)


def send(home, text: str, *, key: str = "k", sender: str = "192.0.2.1", now: datetime = NOON, kind: str = "mistake"):
    return drop(home, letter(text, kind), key=key, sender=sender, now=now)


def test_a_letter_is_found_as_it_was_written(tmp_path):
    code = send(tmp_path, "El total está mal: «12»\n¿no?")
    kept = box.find(tmp_path, code)
    assert kept.letter == letter("El total está mal: «12»\n¿no?")
    assert (kept.arrived_at, kept.closed_at) == ("2026-11-24T12:00:00+00:00", "")
    assert box.listed(tmp_path) == ([kept], [])


def test_a_code_is_found_however_it_is_typed(tmp_path):
    code = send(tmp_path, "a")
    for typed in (code.lower(), code.replace("-", ""), f" {code} ", code.replace("0", "o").replace("1", "l")):
        assert box.find(tmp_path, typed).code == code
    with pytest.raises(box.NoLetter, match="There is no letter"):
        box.find(tmp_path, "../../etc/passwd")


def test_a_letter_sent_twice_is_one_letter_and_a_changed_one_is_another(tmp_path):
    first = send(tmp_path, "a")
    assert send(tmp_path, "a") == first
    others = {send(tmp_path, "b"), send(tmp_path, "a", key="another form")}
    assert len({first, *others}) == 3
    assert {kept.code for kept in box.listed(tmp_path)[0]} == {first, *others}


def test_a_code_that_another_letter_has_is_passed_over(tmp_path):
    code = send(tmp_path, "a")
    file = folder(tmp_path) / f"{code}.json"
    file.write_text(file.read_text().replace('"seal": "', '"seal": "x'))  # somebody else's, by chance
    other = send(tmp_path, "a")
    assert other != code
    assert send(tmp_path, "a") == other


def test_a_sender_may_send_so_many_letters_within_an_hour(tmp_path):
    for n in range(OF_SENDER):
        send(tmp_path, f"letter {n}", now=NOON + timedelta(minutes=n))
    with pytest.raises(TooMany) as refused:
        send(tmp_path, "one more", now=NOON + timedelta(minutes=30))
    assert refused.value.wait == 30 * 60
    assert [finding.rule for finding in refused.value.findings] == ["letters-of-sender"]
    send(tmp_path, "somebody else's", sender="192.0.2.2", now=NOON + timedelta(minutes=30))
    send(tmp_path, "letter 0", now=NOON + timedelta(minutes=30))  # the same again is no further letter
    with pytest.raises(TooMany):
        send(tmp_path, "a moment too early", now=NOON + timedelta(minutes=59, seconds=59))
    send(tmp_path, "an hour later", now=NOON + timedelta(hours=1))


def test_so_many_letters_are_taken_on_a_day_and_the_next_day_begins_anew(tmp_path):
    senders = OF_DAY // OF_SENDER
    for n in range(OF_DAY):
        send(tmp_path, f"letter {n}", sender=str(n % senders))
    with pytest.raises(TooMany) as refused:
        send(tmp_path, "one more", sender="somebody new", now=datetime(2026, 11, 24, 23, 59, 58, tzinfo=UTC))
    assert refused.value.wait == 2
    send(tmp_path, "one more", sender="0", now=datetime(2026, 11, 25, tzinfo=UTC))
    assert len(box.listed(tmp_path)[0]) == OF_DAY + 1


def test_no_address_of_a_sender_is_kept_and_tomorrow_s_count_cannot_be_linked_to_today_s(tmp_path):
    def count() -> dict[str, object]:
        return json.loads((folder(tmp_path) / ".senders").read_text())

    send(tmp_path, "a")
    today = count()
    everything = b"".join(file.read_bytes() for file in folder(tmp_path).iterdir())
    assert b"192.0.2.1" not in everything
    send(tmp_path, "b", now=NOON + timedelta(days=1))
    assert count()["salt"] != today["salt"]
    assert set(count()["sent"]).isdisjoint(today["sent"])


def test_a_broken_count_begins_anew_and_a_broken_letter_is_named(tmp_path):
    code = send(tmp_path, "a")
    (folder(tmp_path) / ".senders").write_text('{"day": "2026-11-24"')
    torn = folder(tmp_path) / "AAAA-AAAA.json"
    torn.write_text('{"code": ')
    send(tmp_path, "b")
    kept, unreadable = box.listed(tmp_path)
    assert [one.letter.text for one in kept if one.code == code] == ["a"]
    assert (len(kept), unreadable) == (2, [torn])


def test_a_letter_is_closed_with_what_became_of_it(tmp_path):
    code = send(tmp_path, "a")
    with pytest.raises(box.NoLetter, match="Say in a sentence"):
        box.close(tmp_path, code, "  ")
    kept = box.close(tmp_path, code, "Mended.", now=NOON)
    assert (kept.closed_at, kept.outcome) == ("2026-11-24T12:00:00+00:00", "Mended.")
    assert corrections.told(tmp_path) == []


def test_the_outcome_of_a_correction_is_told_without_the_letter(tmp_path):
    code = send(tmp_path, "Ana Example says it is wrong")
    box.close(tmp_path, code, "Mended in edition 4.", publish=True, now=NOON)
    box.close(tmp_path, code, "Mended in edition 5.", publish=True, now=NOON)
    (told,) = corrections.told(tmp_path)
    assert (told.page, told.edition, told.outcome, told.closed_on) == (
        *("/projects?country=PE", 3),
        *("Mended in edition 5.", "2026-11-24"),
    )
    assert "Ana" not in (tmp_path / "corrections.json").read_text()
    question = send(tmp_path, "why?", kind="question")
    with pytest.raises(box.NoLetter, match="asks for no correction"):
        box.close(tmp_path, question, "Answered.", publish=True)


# A writer drops letters as fast as it can and says each code when it is told it.
WRITER = r"""
import sys
from pathlib import Path
from quipu.letters import drop
from quipu.letters.letter import About, Letter
drop.OF_SENDER = drop.OF_DAY = 1_000_000
home, name = Path(sys.argv[1]), sys.argv[2]
for n in range(1_000_000):
    code = drop.drop(home, Letter("question", About(), f"{name} {n} " + "x" * 4_000), key="k", sender=name)
    print(code, n, flush=True)
"""


def test_every_letter_that_was_acknowledged_outlives_a_kill(tmp_path):
    chance = random.Random(7)
    acknowledged: dict[str, str] = {}
    for nth in range(6):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(tmp_path), f"{nth}.{w}"],
                env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
                stdout=subprocess.PIPE,
                text=True,
            )
            for w in range(2)
        ]
        first = [writer.stdout.readline() for writer in writers]  # both are writing now
        time.sleep(chance.uniform(0, 0.2))
        for w, writer in enumerate(writers):
            writer.send_signal(signal.SIGKILL)
            said = first[w] + writer.stdout.read()
            writer.wait()
            for line in said.splitlines(keepends=True):
                if line.endswith("\n"):  # a torn line acknowledges nothing
                    code, n = line.split()
                    acknowledged[code] = f"{nth}.{w} {n} " + "x" * 4_000
    kept, torn = box.listed(tmp_path)
    assert torn == []
    texts = {one.code: one.letter.text for one in kept}
    assert len(acknowledged) >= 12
    assert {code: texts.get(code) for code in acknowledged} == acknowledged
    assert len(kept) <= len(acknowledged) + 12  # at most one of each writer was kept and not told


def test_many_processes_share_one_count(tmp_path):
    script = WRITER.replace("drop.OF_SENDER = drop.OF_DAY = 1_000_000", "drop.OF_SENDER = 10").replace(
        "sender=name", "sender='all'"
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), str(w)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for w in range(4)
    ]
    for writer in writers:
        assert "TooMany" in writer.communicate(timeout=60)[1]
    assert len(box.listed(tmp_path)[0]) == 10
