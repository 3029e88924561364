"""Random transactions of published files stand where the edition says: in that file, beginning on that line."""

import gzip
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest

REAL = Path(__file__).parents[3] / "shared" / "data" / "iati"
FOLDERS = ("v1", "v2", "usaid", "pooled-funds", "org-files-and-2.03")

pytestmark = pytest.mark.real
if not REAL.is_dir():
    pytest.skip("the published files are not beside the project", allow_module_level=True)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    from quipu.actions.publish import publish
    from quipu.edition.home import Home
    from quipu.edition.open import Editions

    home = Home(tmp_path_factory.mktemp("lines"))
    publish(home, [REAL / folder for folder in FOLDERS])
    return Editions(home).current()


def test_twenty_random_transactions_are_found_at_their_file_and_line(edition):
    entries = edition.rows(
        'SELECT f.line, f.value, f."on", s.name, a.identifier, a.line FROM all_facts f JOIN sources s ON s.source = f.source'
        " JOIN activities a ON a.key = f.key WHERE f.ordinal > 0 AND f.value IS NOT NULL ORDER BY f.key, f.ordinal"
    )
    assert len(entries) > 10_000
    for line, value, on, name, identifier, begins in random.Random(67264).sample(entries, 20):
        (path,) = [REAL / folder / name for folder in FOLDERS if (REAL / folder / name).is_file()]
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")
        text = "\n".join(lines[line - 1 :])
        assert "<transaction" in lines[line - 1], (name, line)
        assert identifier in "\n".join(lines[begins - 1 : line]), (name, begins)
        # Several may begin on the same line of a file that is one line long: one of them is ours.
        here = list(re.findall(r"<transaction[ >].*?</transaction>", text[:2_000_000], re.DOTALL))
        until = len(here) if len(lines) < 10 else 1
        assert any(
            on.isoformat() in found and Decimal(re.search(r"<value[^>]*>\s*([^<\s]+)", found)[1]) == value
            for found in here[:until]
        ), (name, line)


def test_the_kept_xml_of_an_activity_stands_in_its_file_byte_for_byte(edition):
    from quipu.edition import pages

    keys = edition.rows("SELECT a.key, s.name FROM activities a JOIN sources s USING (source) ORDER BY a.key")
    for key, name in random.Random(2009).sample(keys, 20):
        (path,) = [REAL / folder / name for folder in FOLDERS if (REAL / folder / name).is_file()]
        body, line = pages.xml(edition, key)
        raw = gzip.decompress(path.read_bytes())
        assert body in raw
        assert raw.count(b"\n", 0, raw.index(body)) + 1 == line
