"""About the house itself: nobody's name in the code, one sentence on every door, and the plan on the wall is true."""

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "quipu"
PYTHON = sorted(file for file in SOURCE.rglob("*.py") if not file.name[:4].isdigit())  # Django writes migrations
TEMPLATES = sorted(file for floor in ("portal", "desk") for file in (SOURCE / floor / "templates").rglob("*.html"))


def demo_names() -> set[str]:
    """Names of funds, projects and organizations of the demonstration: titles, identifiers, abbreviations."""
    names = set()
    for file in (ROOT / "demo").glob("*.xml"):
        for activity in ET.parse(file).iter("iati-activity"):
            names.add((activity.findtext("iati-identifier") or "").strip())
            for where in ("title", "participating-org", "reporting-org"):
                for narrative in activity.findall(f"{where}/narrative"):
                    names.add((narrative.text or "").strip())
            for other in activity.findall("other-identifier"):
                names.add(other.get("ref", ""))
    short = {m[1] for name in names if (m := re.search(r"\(([A-Z]{3,})\)$", name))}
    return {name for name in names | short if len(name) > 3}


@pytest.mark.parametrize("file", [*PYTHON, *TEMPLATES], ids=lambda f: str(f.relative_to(SOURCE)))
def test_no_code_and_no_template_names_a_fund_a_project_or_an_organization(file):
    text = file.read_text("utf-8")
    found = {name for name in demo_names() if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)}
    assert found == set()


@pytest.mark.parametrize("file", PYTHON, ids=lambda f: str(f.relative_to(SOURCE)))
def test_every_file_opens_with_its_purpose_and_every_public_name_says_what_it_is(file):
    tree = ast.parse(file.read_text("utf-8"))
    assert ast.get_docstring(tree), "the file has no first sentence"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_folder_stands_in_the_plan_of_the_house():
    plan = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    folders = [p.name for p in SOURCE.iterdir() if p.is_dir() and (p / "__init__.py").is_file()]
    assert {name for name in folders if f"`{name}/`" not in plan} == set()
    named = re.findall(r"^\| `(\w+)/` \|", plan, re.MULTILINE)
    assert sorted(named) == sorted(folders)


def test_no_file_holds_a_path_of_somebody_s_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    suffixes = (".py", ".html", ".md", ".toml", ".sql", ".lock", ".in", ".xml", ".css", ".po")
    paths = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
    found = [name for name in listed if name.endswith(suffixes) and paths.search((ROOT / name).read_text("utf-8"))]
    assert found == []


def test_links_of_the_documentation_lead_to_files():
    for page in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            if "://" not in link:
                assert (page.parent / link).exists(), (page.name, link)


def test_every_command_that_the_readme_names_exists():
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = set(re.findall(r"\./quipu (\w+)", readme)) - {"test", "check", "bench", "lock", "pictures"}
    run = [sys.executable, "-m", "quipu", "--help"]
    helped = subprocess.run(
        run, cwd=ROOT, env={"PYTHONPATH": "src", "PATH": "/usr/bin"}, capture_output=True, text=True, check=True
    )
    assert {name for name in commands if not re.search(rf"\b{name}\b", helped.stdout)} == set()


def test_a_narrative_deleted_from_the_demonstration_is_gone_from_its_page(tmp_path):
    from quipu.actions.publish import publish
    from quipu.edition import pages
    from quipu.edition.home import Home
    from quipu.edition.open import Editions

    def overview(folder: Path, home: Path) -> list[str]:
        publish(Home(home), [folder])
        edition = Editions(Home(home)).current()
        ((key, _),) = pages.find(edition, "00067264")
        record = pages.page(edition, key)
        return [t["text"] for t in record["texts"] if t["role"] == "description" and t["language"] == "en"]

    folder = tmp_path / "demo"
    folder.mkdir()
    text = (ROOT / "demo" / "mdg-achievement-fund.xml").read_text("utf-8")
    (folder / "a.xml").write_text(text, "utf-8")
    before = overview(folder, tmp_path / "before")
    first = before[0].split("\n")[0]
    assert first in text
    (folder / "a.xml").write_text(text.replace(first, ""), "utf-8")
    after = overview(folder, tmp_path / "after")
    assert not any(first in told for told in after)
    assert len(after) == len(before)


def test_no_row_has_a_column_that_an_edition_adds_itself():
    from quipu.rules.record import TABLES, columns

    added = {"source", "filename"}
    assert {table for table in TABLES if added & {column.name for column in columns(table)}} == set()
