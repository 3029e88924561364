"""Revolving funds beside the fund's own money: an auditor's pack and the Beancount export hold nothing of any box."""

import json

from tests.books.test_post import DECLARED, MONEY
from tests.books.test_revolving import COMMUNITIES, MOVED


def test_a_pack_shows_a_box_as_links_that_are_not_the_funds_and_still_adds_up(sqlite_ledger, tmp_path):
    from quipu.books import beancount, excerpt, post
    from quipu.rules.pack import chained

    sqlite_ledger.post(DECLARED + MONEY + COMMUNITIES + MOVED)
    links = list(excerpt.links("F1", post.head().position))
    assert links[-1].hash == post.head().hash
    assert [link.is_own for link in links] == [True] * 3 + [False] * 6
    assert set(chained(links[-1])) == {"position", "recorded_at", "by", "approved", "memo", "content_hash", "hash"}
    said = json.dumps([str(item) for item in excerpt.journal("F1", [link for link in links if link.is_own]).items])
    for told in (said, beancount.journal()):
        assert "RF-1" not in told
        assert "Hilanderas" not in told
