"""Random stories, packed for each of their funds: an auditor finds nothing wrong, and the programs of the page neither."""

import subprocess
import sys

from tests.stories import _audit
from tests.stories.model import Model
from tests.stories.simulator import Story
from tests.stories.test_simulator import play_story


def test_packs_of_random_stories_hold(sqlite_ledger, tmp_path, request):
    stories, most = (40, 16) if request.config.getoption("--long") else (9, 3)
    from quipu.actions.pack import pack
    from quipu.books import models

    model = Model()
    for number in range(stories):
        play_story(sqlite_ledger, Story(number, model), model)
    packed = 0
    for fund in models.Fund.objects.values_list("code", flat=True)[:most]:
        years = sorted(set(models.Entry.objects.filter(fund=fund).values_list("year", flat=True)))
        if not years:
            continue
        folder = tmp_path / fund
        pack(fund=fund, year=years[len(years) // 2], documents=tmp_path, out=folder)
        files = _audit.files_of(folder)
        assert _audit.audit(files) == [], fund
        for program in ("check_chain.py", "check_journal.py"):
            done = subprocess.run(
                [sys.executable, "-I", program], cwd=folder, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (fund, done.stdout + done.stderr)
        loads_by_itself(files, fund)
        packed += 1
    assert packed


def loads_by_itself(files, fund):
    """The fund's journal makes the fund's balances in empty books."""
    from quipu.books import database, post, totals
    from quipu.rules import journal

    from .test_pack import replay

    there = totals.of_fund(fund)
    with replay(database):
        post.post(journal.read(files["fund.journal"], "fund.journal"), by="auditor", strict=False)
        assert totals.of_fund(fund) == there, fund
