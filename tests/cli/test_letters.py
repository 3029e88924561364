"""`./quipu letters`: the office lists what arrived, reads one, closes it, and is told what it has not set up."""

import json

from typer.testing import CliRunner

from quipu.cli import app
from quipu.letters.drop import drop
from quipu.letters.letter import About, Letter

ABOUT = About("/fund/XX-F", 3, "2026-11-24T10:00:00Z", "es", "XX-F")


def run(home, *words: str, code: int = 0):
    done = CliRunner().invoke(app, ["letters", *words, "--home", str(home)])
    assert done.exit_code == code, done.output
    return done


def sent(home, text: str, kind: str = "mistake", to: str = "") -> str:
    return drop(home, Letter(kind, ABOUT, text, to=to, reply_to="ana@example.org"), key=text, sender="x")


def test_letters_are_listed_oldest_first_until_they_are_closed(tmp_path):
    assert run(tmp_path).stdout == "No letter waits.\n"
    first, second = sent(tmp_path, "El total\nestá mal"), sent(tmp_path, "x" * 100)
    lines = run(tmp_path).stdout.splitlines()
    assert sorted(line[:9] for line in lines) == sorted([first, second])
    assert any("mistake   /fund/XX-F  El total está mal" in line for line in lines)
    assert any(line.endswith("x" * 59 + "…") for line in lines)
    assert "closed" in run(tmp_path, "close", first.lower(), "--outcome", "Mended.").stdout
    assert [line[:9] for line in run(tmp_path).stdout.splitlines()] == [second]
    assert sorted(one["code"] for one in json.loads(run(tmp_path, "--all", "--json").stdout)) == sorted([first, second])


def test_a_relayed_letter_says_where_to_forward_it(tmp_path):
    (tmp_path / "contacts.toml").write_text(
        'office = "office@example.org"\n[[contact]]\nrole = "Chair"\nof = "XX-F"\nreply_to = "chair@example.org"\n'
    )
    chair, office = sent(tmp_path, "a", "relay", "Chair"), sent(tmp_path, "b", "relay", "office")
    mistake = sent(tmp_path, "c")
    assert {one["code"]: one["forward_to"] for one in json.loads(run(tmp_path, "--json").stdout)} == {
        **{chair: "chair@example.org", office: "office@example.org", mistake: ""},
    }
    shown = run(tmp_path, "show", chair).stdout
    assert "forward to  chair@example.org" in shown
    assert "reply to  ana@example.org" in shown
    assert shown.endswith("\na\n")
    assert json.loads(run(tmp_path, "show", chair, "--json").stdout)["text"] == "a"


def test_the_outcome_of_a_correction_is_published_when_that_is_said(tmp_path):
    code, question = sent(tmp_path, "a"), sent(tmp_path, "b", "question")
    assert "/corrections" in run(tmp_path, "close", code, "--outcome", "Mended.", "--publish").stdout
    assert "Mended." in (tmp_path / "corrections.json").read_text()
    refused = run(tmp_path, "close", question, "--outcome", "Answered.", "--publish", code=1)
    assert "asks for no correction" in refused.stderr
    assert "There is no letter XXXX-XXXX." in run(tmp_path, "show", "XXXX-XXXX", code=1).stderr


def test_an_office_is_told_what_it_has_not_set_up(tmp_path):
    told = run(tmp_path).stderr
    assert "no office is named" in told
    assert "texts/en/fraud.md" in told
    (tmp_path / "texts" / "en").mkdir(parents=True)
    (tmp_path / "texts" / "en" / "fraud.md").write_text("# Report it")
    (tmp_path / "contacts.toml").write_text('office = "office@example.org"\n')
    assert run(tmp_path).stderr == ""


def test_contacts_are_listed_with_everything_that_is_wrong(tmp_path):
    (tmp_path / "contacts.toml").write_text('office = "office@example.org"\n[[contact]]\nof = "XX-F"\n')
    told = run(tmp_path, "contacts", code=1).stdout
    assert "contacts.toml: contact 1: error: A contact without a role is left out." in told
    (tmp_path / "contacts.toml").write_text(
        'office = "office@example.org"\n[[contact]]\nof = "XX-F"\nrole = "Chair"\nreply_to = "c@example.org"\n'
    )
    assert run(tmp_path, "contacts").stdout == "office: office@example.org\nChair: c@example.org, for XX-F\n"
