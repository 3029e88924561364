"""A pack is checked by somebody who has nothing of ours; and whatever is changed in one is found."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stories import _audit

MINUTES = b"Steering committee, minute 4: two million for clean water."
SHA = hashlib.sha256(MINUTES).hexdigest()
BOTH = b"Secret paper about both funds."
BOTH_SHA = hashlib.sha256(BOTH).hexdigest()
LOST = hashlib.sha256(b"a paper that nobody has").hexdigest()
DECLARED = """
fund F1 "Rivers Fund"
    currency: USD
fund F2 "Forest Fund"
    currency: USD
    category: SECRETCATEGORY
contributor CL "Chile"
contributor SECRETDONOR "Secret donor"
organization FAO "Food and Agriculture Organization"
organization NGO/ONE "One"
organization SECRETBODY "Secret body"
project P1 "Clean water"
    fund: F1
project DC "Office"
    fund: F1
    kind: direct-cost
project SECRETPROJECT "Secret trees"
    fund: F2
agreement AG F1 CL
    amount: 100,000.00 SEK
agreement SECRETAGREEMENT F2 SECRETDONOR
    amount: 77,777.77 USD
mou F1 FAO
    indirect-cost: 7%
mou F2 SECRETBODY
"""
STORY = f"""
2012-01-05 deposit ^SECRET-D "Secret words"
    deposit F2 < SECRETDONOR 77,777.77 under SECRETAGREEMENT
2012-01-10 deposit ^D "From Chile"
    deposit F1 < CL 10,000.00 (100,000.00 SEK @ 10) under AG "first part"
    agent-fee F1 100.00
2012-02-01 allocation ^A "Decision 1"
    document: sha256-{SHA} "minutes"
    allocation F1 > P1/FAO 6,000.00
2012-02-02 allocation ^SECRET-A
    document: sha256-{LOST} "Secret minutes"
    allocation F2 > SECRETPROJECT/SECRETBODY 66,666.66
2012-03-01 transfer ^T
    document: sha256-{LOST} "order"
    transfer F1 > P1/FAO 5,000.00
    transfer F1 > P1/NGO/ONE 700.00
2012-03-02 status P1/FAO ongoing ^S "started"
2012-04-01 fund-transfer ^FT "to the forests"
    fund-transfer F1 > F2 300.00
2012-04-02 fund-transfer ^FT-2
    fund-transfer F2 > F1 120.00
2012-06-30 charges ^SHARED "Secret note of both"
    document: sha256-{BOTH_SHA} "Secret paper"
    bank-charge F2 55,555.55
    bank-charge F1 12.00
    fund-interest F1 3.50 "Secret note"
2012-07-01 charges ^DC-1
    direct-cost F1 > DC/FAO 200.00
    direct-cost F1 > F2 30.00
    other-income F1 1.25
2012-08-01 deposit ^WRONG
    deposit F1 < CL 40.00
2012-08-02 reversal ^WRONG-R reverses ^WRONG "not ours"
2012-08-03 reversal ^SHARED-R reverses ^SHARED#2 "the bank gave it back"
2012-09-01 refund ^RF
    refund F1 < P1/FAO 250.00
2012-12-31 return ^I
    expenditure P1/FAO travel interim 900.00
    expenditure DC/FAO staff interim 150.00
2013-04-28 return ^C replaces ^I
    expenditure P1/FAO travel certified 850.00 year 2012
    expenditure P1/FAO indirect certified 59.50 year 2012
    expenditure DC/FAO staff certified 150.00 year 2012
2013-05-01 write-off ^W
    write-off P1/NGO/ONE 9.00
2013-05-02 extend P1 2014-12-31 ^X "late rains"
2013-05-31 close-year F1 2012 ^Y-2012
2013-06-01 close-year F2 2012 ^SECRET-Y
"""
SECRETS = re.compile(rb"SECRET|Secret|77,?777\.?77|66,?666\.?66|55,?555\.?55")


@pytest.fixture
def packed(ledger, tmp_path):
    """Packs of the story's funds."""
    return packing(ledger, tmp_path)


@pytest.fixture
def pack_once(sqlite_ledger, tmp_path):
    """For what a pack does with what it was told, whichever engine told it."""
    return packing(sqlite_ledger, tmp_path)


def packing(ledger, tmp_path):
    """Loads the story and packs the first fund."""
    papers = ledger.home / "documents"
    papers.mkdir()
    (papers / f"{SHA}.txt").write_bytes(MINUTES)
    (papers / BOTH_SHA).write_bytes(BOTH)
    (papers / f"{LOST}.pdf").write_bytes(b"another paper than the one that was sealed")
    ledger.post(DECLARED + STORY, source="journal two-funds.journal")

    def pack(fund="F1", year=2012, name="pack.zip", **options):
        from quipu.actions.pack import pack

        pack(fund=fund, year=year, documents=papers, out=tmp_path / name, **options)
        return _audit.files_of(tmp_path / name)

    return pack


def listed(files):
    """The files with a list that fits them: whoever changes one can do that too."""
    sums = "".join(
        f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items() if name != "SHA256SUMS"
    )
    return {**files, "SHA256SUMS": sums.encode()}


def inside(files):
    """All bytes of a pack, those within workbooks as well, each with its name."""
    for name, body in files.items():
        yield name, name.encode() + b"\n" + body
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                yield from ((f"{name}:{part}", book.read(part)) for part in book.namelist())


def test_an_auditor_finds_nothing_wrong_with_sha_256_and_beancount_alone(packed):
    files = packed()
    assert _audit.audit(files) == []
    links = _audit.lines(files, "chain.jsonl")
    assert len(links) == 20
    assert [link["key"] for link in links if link.get("shared")] == ["SHARED"]
    own = [link["key"] for link in links if "content" in link]
    assert own == [
        "D",
        "A",
        "T",
        "S",
        "FT",
        "FT-2",
        "DC-1",
        "WRONG",
        "WRONG-R",
        "SHARED-R",
        "RF",
        "I",
        "C",
        "W",
        "X",
        "Y-2012",
    ]
    assert [set(link) for link in links if "key" not in link] == [
        {"position", "recorded_at", "by", "approved", "memo", "content_hash", "hash"}
    ] * 3


def test_beancount_adds_up_to_the_rows_of_the_funding_status(packed):
    files = packed()
    complaints, added = _audit.balances(files)
    assert complaints == []
    # By hand from the story, as of 31 December 2012.
    expected = {
        "contributions": "10000.00",
        "fund_interest": "3.50",
        "other_income": "121.25",
        "fund_transfers": "300.00",
        "transferred": "5700.00",
        "refunds": "250.00",
        "agent_fee": "100.00",
        "direct_cost": "230.00",
        "bank_charges": "0.00",
        "balance_agent": "4044.75",
        "organizations_expenditure": "1059.50",
        "balance_organizations": "4920.50",
        "total_balance": "8965.25",
    }
    stated = _audit.statement(files)
    assert {key: stated[key] for key in expected} == {key: Decimal(amount) for key, amount in expected.items()}

    def held(*roots):
        return _audit.below(added, *(f"{root}:F1" for root in roots))

    assert held("Assets:Agent") == stated["balance_agent"]
    assert held("Assets:Organizations", "Expenses:Direct-Cost", "Equity:Funds-Paid") == stated["balance_organizations"]
    assert -held("Income:Deposits") == stated["contributions"]
    assert -held("Income:Other", "Equity:Funds-Received") == stated["other_income"]
    assert held("Expenses:Programme") == stated["organizations_expenditure"]
    rows = _audit.table(files, "balances.csv")
    assert len(rows) == 13
    for row in rows:
        named = sum(stated[word.strip("-")] * (-1 if word[0] == "-" else 1) for word in row["rows"].split())
        assert _audit.below(added, *row["accounts"].split()) * int(row["sign"]) == named == Decimal(row["amount"]), row


def test_nothing_of_another_funds_books_is_inside(pack_once):
    files = pack_once()
    assert [name for name, body in inside(files) if SECRETS.search(body)] == []
    theirs = pack_once("F2", name="theirs.zip")
    assert _audit.audit(theirs) == []
    assert any(SECRETS.search(body) for _, body in inside(theirs))  # the search finds what is there
    assert [name for name, body in inside(theirs) if re.search(rb"P1|FAO|From Chile|Decision 1", body)] == []


def test_the_pack_lists_vouchers_documents_and_decisions(pack_once):
    files = pack_once()
    rows = _audit.table(files, "vouchers.csv")
    of = {(row["key"], row["entry"]): row for row in rows}
    assert of["D", "1"]["original_amount"] == "100000"
    assert of["FT-2", "2"]["movement"] == "fund_receipt"
    assert of["C", "4"]["reverses"] == "I#1"
    assert of["SHARED", "2"]["title"] == "[withheld]"
    assert ("SHARED", "1") not in of
    assert ("W", "1") not in of
    papers = {row["sha256"]: row for row in _audit.table(files, "documents.csv")}
    assert (papers[SHA]["title"], papers[SHA]["keys"], papers[SHA]["file"]) == ("minutes", "A", f"documents/{SHA}.txt")
    assert (papers[LOST]["file"], papers[LOST]["note"]) == ("", "not what was sealed")
    assert files[f"documents/{SHA}.txt"] == MINUTES
    both = papers[BOTH_SHA]
    assert (both["title"], both["file"], both["note"][:9]) == ("", "", "withheld:")
    decided = [
        (row["decision"], row["subject"], row["decided"], row["words"]) for row in _audit.table(files, "decisions.csv")
    ]
    assert decided == [
        ("allocation", "P1/FAO", "USD", "Decision 1"),
        ("status", "P1/FAO", "ongoing", "started"),
        ("close-year", "F1", "2012", ""),
    ]
    later = pack_once(year=2013, name="later.zip")
    assert {row["key"] for row in _audit.table(later, "vouchers.csv")} == {"C", "W", "X", "Y-2012"}
    assert ("extend", "P1", "2014-12-31", "late rains") in [
        (row["decision"], row["subject"], row["decided"], row["words"]) for row in _audit.table(later, "decisions.csv")
    ]
    assert {"statements/account-NGO%2FONE.csv", "statements/sources-and-uses.xlsx"} <= set(files)
    assert files["statements/annual-report.pdf"].startswith(b"%PDF")
    assert files["statements/annual-report.xlsx"].startswith(b"PK")
    told = [json.loads(line) for line in files["vouchers.jsonl"].decode().splitlines()]
    deposit = next(one for one in told if one["key"] == "D")
    assert (deposit["entries"][0]["amount"], deposit["entries"][0]["note"]) == ("10000.00", "first part")


def test_the_funds_journal_loads_by_itself_to_the_same_balances(packed, ledger):
    from quipu.books import database, totals
    from quipu.books.post import post
    from quipu.rules import journal

    files = packed()
    there = totals.of_fund("F1")
    read = journal.read(files["fund.journal"], "fund.journal")
    with replay(database):
        post(read, by="auditor", strict=False)
        assert totals.of_fund("F1") == there
        assert totals.of_fund("F2") == {"fund_receipt": Decimal(300), "fund_transfer": Decimal(120)}


def replay(database):
    """Empty books beside those of the test."""
    from contextlib import contextmanager

    from django.core.management import call_command

    from quipu.books.verify import _empty_replay

    @contextmanager
    def working():
        _empty_replay()
        with database.working_in(database.REPLAY):
            call_command("migrate", database=database.REPLAY, verbosity=0, interactive=False, checked=True)
            yield
        _empty_replay()

    return working()


def test_where_all_links_are_the_funds_its_journal_ends_at_the_same_head(ledger, tmp_path):
    from quipu.actions.pack import pack
    from quipu.books import database, post
    from quipu.rules import journal

    alone = "\n".join(part for part in re.split(r"\n(?=2012|2013)", STORY) if "F2" not in part and "SECRET" not in part)
    ledger.post(DECLARED + alone.replace("reverses ^SHARED#2", "reverses ^D#2"))
    done = pack(fund="F1", year=2012, documents=tmp_path / "none", out=tmp_path / "pack")
    files = _audit.files_of(tmp_path / "pack")
    assert "ends at the head above" in files["README.txt"].decode()
    with replay(database):
        post.post(journal.read(files["fund.journal"], "fund.journal"), by="auditor", strict=False)
        assert post.head().hash == done.hash


def test_one_changed_byte_is_found_even_with_a_list_that_fits(pack_once):
    files = pack_once()
    head = json.loads(files["head.json"])["head"]
    last = int(head.partition(":")[0])

    def changed(name, before, after):
        assert files[name].count(before) >= 1, (name, before)
        return {**files, name: files[name].replace(before, after, 1)}

    for name in files:
        if name != "SHA256SUMS":
            assert f"changed: {name}" in _audit.sums({**files, name: files[name] + b" "}), name
    said = b"deposit F1 < CL 10000 ("
    for name, before, after, complaint in (
        ("chain.jsonl", said, said.replace(b"10000", b"10001"), "content: 2"),
        ("chain.jsonl", b'"by": "tester", "approved": ""', b'"by": "Tester", "approved": ""', "broken: 1"),
        ("chain.jsonl", b"From Chile", b"From China", "texts: 2"),
        ("vouchers.csv", b",10000,USD", b",10001,USD", "amount: D#1"),
        (f"documents/{SHA}.txt", b"two million", b"ten million", f"documents/{SHA}.txt"),
    ):
        found = _audit.audit(listed(changed(name, before, after)))
        assert complaint in found, (name, found)
    shifted = _audit.audit(listed(changed("fund.beancount", b"  10000.00 USD", b"  10001.00 USD")))
    assert any("does not balance" in complaint for complaint in shifted)
    shorter = b"".join(files["chain.jsonl"].splitlines(keepends=True)[:-1])
    assert f"removed: {last}" in _audit.audit(listed({**files, "chain.jsonl": shorter}))
    # Whoever removes the last link writes another head.json, too; only a head that was known before tells.
    before = json.loads(shorter.splitlines()[-1])["hash"]
    stated = {**json.loads(files["head.json"]), "head": f"{last - 1}:{before}"}
    short = listed({**files, "chain.jsonl": shorter, "head.json": json.dumps(stated).encode()})
    assert _audit.audit(short) == []
    assert _audit.audit(short, head) == [f"removed: {last}"]


def test_a_chain_made_anew_is_found_by_a_head_that_was_known(pack_once):
    files = pack_once()
    head = json.loads(files["head.json"])["head"]
    links, before = [], "0" * 64
    for link in _audit.lines(files, "chain.jsonl"):
        link["by"] = "somebody"
        text = [str(link[name]) for name in ("position", "recorded_at", "by", "approved", "memo", "content_hash")]
        before = link["hash"] = hashlib.sha256("\n".join(["quipu 1", before, *text]).encode()).hexdigest()
        links.append(json.dumps(link) + "\n")
    stated = {**json.loads(files["head.json"]), "head": f"{len(links)}:{before}"}
    forged = {**files, "chain.jsonl": "".join(links).encode(), "head.json": json.dumps(stated).encode()}
    assert _audit.chain(forged) == []
    assert _audit.chain(forged, head) == [f"another chain: {len(links)}"]


def run(folder, *words):
    """A program of the pack, run as its page says, by a Python that has nothing of ours."""
    done = subprocess.run(
        [sys.executable, "-I", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_programs_on_the_page_find_what_the_auditor_finds(pack_once, tmp_path):
    files = pack_once(name="pack")
    folder = tmp_path / "pack"
    head = json.loads(files["head.json"])["head"]
    page = files["README.txt"].decode()
    printed = re.search(r"your own from the rule below:\n\n((?:    .*\n|\n)+)", page)[1]
    assert re.sub("^    ", "", printed, flags=re.MULTILINE).strip() == files["check_chain.py"].decode().strip()
    assert head in page
    assert run(folder, "check_chain.py") == (0, f"20 links, 16 of them in words.\nHead {head}\n")
    code, said = run(folder, "check_journal.py")
    assert (code, said.splitlines()[-1]) == (0, "All is as it should be: 18 sealed lines, 24 entries.")
    assert run(folder, "check_chain.py", f"21:{'a' * 64}") == (
        1,
        f"WRONG: link 21 is missing, the chain ends before it.\n20 links, 16 of them in words.\nHead {head}\n",
    )
    assert run(folder, "check_chain.py", f"3:{'a' * 64}")[0] == 1
    assert run(folder, "check_chain.py", f"3:{_audit.lines(files, 'chain.jsonl')[2]['hash'][:16]}")[0] == 0

    def spoiled(program, name, before, after):
        text = files[name].decode()
        assert before in text, (name, before)
        (folder / name).write_text(text.replace(before, after), "utf-8")
        code, said = run(folder, program)
        (folder / name).write_bytes(files[name])
        return code == 1 and "WRONG" in said

    assert spoiled("check_chain.py", "chain.jsonl", "deposit F1 < CL 10000 (", "deposit F1 < CL 10001 (")
    assert spoiled("check_chain.py", "chain.jsonl", "From Chile", "From China")
    assert spoiled("check_chain.py", "head.json", head, f"20:{'b' * 64}")
    assert spoiled("check_journal.py", "fund.beancount", "250.00 USD", "251.00 USD")  # both sides, and the assertions
    assert spoiled("check_journal.py", "fund.beancount", "2012-09-01 *", "2013-09-01 *")
    assert spoiled("check_journal.py", "fund.beancount", '  reverses: "WRONG#1"\n', "")
    assert spoiled("check_journal.py", "vouchers.csv", ",250,USD", ",251,USD")
    assert spoiled("check_journal.py", "vouchers.csv", "F1,P1/FAO,F1,,P1,FAO", "F1,P1/NGO/ONE,F1,,P1,FAO")
    assert spoiled(
        "check_journal.py", "statements/funding-status-wide.csv", "balance_agent,4044.75", "balance_agent,4044.76"
    )


def test_the_same_books_give_the_same_bytes_and_an_earlier_position_an_earlier_pack(packed, ledger, tmp_path):
    first = packed(name="one.zip")
    packed(name="two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert packed(name="folder") == first
    position = int(json.loads(first["head.json"])["position"])
    ledger.post("2013-07-01 charges ^LATE\n    bank-charge F1 5.00 year 2012\n")
    again = packed(name="three.zip", known=position)
    assert again == first
    later = packed(name="four.zip")
    assert _audit.audit(later, json.loads(first["head.json"])["head"]) == []
    assert _audit.statement(later)["bank_charges"] == Decimal(5)
    spring = packed(name="five.zip", as_of=date(2012, 3, 31))
    assert _audit.audit(spring) == []
    assert _audit.statement(spring)["fund_transfers"] == 0
    assert (
        _audit.below(_audit.balances(spring)[1], "Assets:Agent:F1") == _audit.statement(spring)["balance_agent"] == 4200
    )


def test_redacted_texts_are_said_and_the_chain_holds(pack_once):
    from quipu.books import models

    models.Memo.objects.filter(posting__key="D").delete()
    files = pack_once()
    assert _audit.audit(files) == []
    assert b"From Chile" not in b"".join(body for _, body in inside(files))
    assert next(row for row in _audit.table(files, "vouchers.csv") if row["key"] == "D")["title"] == "[redacted]"
    assert "1 link has lost its texts" in " ".join(files["README.txt"].decode().split())


def test_no_person_is_named_but_by_a_code_and_the_page_runs_and_fetches_nothing(pack_once):
    from quipu.books import models

    models.Person.objects.create(code="tester", name="Ana Perez", email="ana@example.org")
    files = pack_once()
    assert not any(b"Perez" in body or b"example.org" in body for _, body in inside(files))
    page = files["README.html"].decode()
    assert not re.search(r"<script|<link|<img|src=|href=|url\(", page)
    assert "Rivers Fund (F1), 2012" in page


def test_a_title_is_text_and_never_markup_and_examples_are_called_so(ledger, tmp_path):
    from quipu.actions.pack import pack

    title = "<script>alert(1)</script> *R* | [x](http://e.org)"
    declared = f'fund F9 "{title}"\n    illustrative: yes\n'
    ledger.post(f"{declared}2012-01-01 charges ^a\n    recorded: 0001-01-01T00:00:00Z\n    bank-charge F9 1\n")
    pack(fund="F9", year=2012, documents=tmp_path, out=tmp_path / "pack")
    page = (tmp_path / "pack" / "README.html").read_text()
    assert "<script" not in page
    assert "<em>" not in page
    assert "href" not in page
    assert "The amounts of this fund are examples." in page
    assert title in (tmp_path / "pack" / "README.txt").read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"fund": "F3"}, "There is no fund “F3”"),
        ({"as_of": date(2013, 1, 1)}, "is no day of 2012"),
        ({"known": 0}, "nothing is known at link 0"),
        ({"known": 21}, "The chain has 20 links"),
        ({"name": "books/books.txt/pack"}, "cannot be written"),
    ],
)
def test_what_cannot_be_packed_is_refused_in_one_sentence(pack_once, tmp_path, options, sentence):
    from quipu.actions.pack import NoPack

    (tmp_path / "books" / "books.txt").write_text("")
    with pytest.raises(NoPack, match=sentence):
        pack_once(**options)


def test_a_pack_never_takes_the_place_of_another_file(pack_once, tmp_path):
    from quipu.actions.pack import NoPack

    pack_once()
    with pytest.raises(NoPack, match="is there already"):
        pack_once()


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE books_posting SET \"by\" = 'x' WHERE position = 3", "Link 3 does not follow"),
        ("UPDATE books_entry SET amount = amount + 1 WHERE posting_id = 2 AND ordinal = 1", "Link 2 \\^D does not say"),
        ('UPDATE books_memo SET texts = \'{"title":"x"}\' WHERE posting_id = 2', "The texts of link 2"),
    ],
)
def test_no_pack_is_made_of_books_that_are_not_as_they_were_sealed(sqlite_ledger, tmp_path, sql, sentence):
    from quipu.actions.pack import NoPack, pack

    sqlite_ledger.post(DECLARED + STORY)
    with sqlite_ledger.connect() as books:
        for (name,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            books.execute(f"DROP TRIGGER {name}")
        books.execute(sql)
    with pytest.raises(NoPack, match=sentence):
        pack(fund="F1", year=2012, documents=tmp_path, out=tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_the_command_line_packs(quipu, tmp_path):
    file, home = tmp_path / "a.journal", tmp_path / "home"
    file.write_text(DECLARED + STORY, "utf-8")
    assert quipu("journal", "load", file, "--home", home).returncode == 0
    done = quipu(
        "pack", "F1", "--year", "2012", "--known-on", "#6", "--as-of", "2012-11-30", "--home", home, tmp_path / "p.zip"
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"p\.zip: \d+ files\. Head of the chain: 6:[0-9a-f]{64}$", done.stdout.strip())
    files = _audit.files_of(tmp_path / "p.zip")
    assert _audit.audit(files) == []
    assert quipu("verify", "--home", home, "--head", json.loads(files["head.json"])["head"]).returncode == 0
    assert quipu("publish", "--home", home).returncode == 0
    manifest = json.loads((home / "editions" / "000001" / "manifest.json").read_text())
    books = next(source for source in manifest["sources"] if source["name"] == "books")
    published = f"{books['position']}:{books['sha256']}"  # where the page says that a head can be found
    assert quipu("verify", "--home", home, "--head", published).returncode == 0
    assert _audit.chain(files, published) == ["removed: 20"]  # younger than this pack
    assert quipu("pack", "F3", "--year", "2012", "--home", home, tmp_path / "q").returncode == 1


def test_the_auditor_imports_nothing_of_ours():
    text = Path(_audit.__file__).read_text("utf-8")
    names = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
    assert set(names) <= set(sys.stdlib_module_names) | {"beancount"}
    for program in ("check_chain.py", "check_journal.py"):
        from quipu.files.pack import program as text_of

        names = re.findall(r"^(?:import|from) (\w+)", text_of(program), re.MULTILINE)
        allowed = set() if program == "check_chain.py" else {"beancount"}
        assert set(names) <= set(sys.stdlib_module_names) | allowed
