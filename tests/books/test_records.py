"""Records: what a journal declares is kept, amended, and declared again in an export."""

from datetime import date
from decimal import Decimal

from quipu.rules.journal import read, write

DECLARED = """\
fund F1 "Rivers \\"upper\\" Fund"
    currency: JPY
    category: country
    agent-fee: 1.5%
    illustrative: yes
    minimum-balance: 1,000
    small-balance: 250
    allocation-above-available: allow
    colour: blue
window W1 F1 "Window of the north"
contributor CL "Chile"
    iati: CL-1
    group: "Americas; south"
organization FAO "Food and Agriculture Organization"
    iati: XM-DAC-41301
    alias: "F.A.O."
    group: FAO
project P1 "Clean water"
    fund: F1
    window: W1
    description: "MDGF-1 PER"
    participant: FAO OSRO/1
    country: PE 60%
    country: BO 40%
    theme: water "Water; and sanitation"
project DC
    fund: F1
    kind: direct-cost
agreement AG F1 CL "Standard"
    amount: 5,000.00 USD
    instalment: 2012-02-01 2,500.00
    instalment: 2013-02-01 2,500.00
    amendment: 2012-06-01 "six more months"
    earmark: W1
    agent-fee: none
    iati: CL-1-AG
mou F1 FAO "MOU 2012"
    indirect-cost: 6.5%
    signed: 2012-01-01
"""


def exported():
    from quipu.books import words

    return write(words.journal())


def test_an_export_declares_all_that_was_declared(ledger):
    from quipu.books import models

    ledger.post(DECLARED)
    again = {line for line in exported().splitlines() if line.strip()}
    assert set(DECLARED.splitlines()) - again == set()
    fund = models.Fund.objects.get()
    assert (fund.agent_fee, fund.minimum_balance, fund.small_balance, fund.illustrative) == ("1.5", 1000, 250, True)
    agreement = models.Agreement.objects.get()
    assert (agreement.amount, agreement.currency) == (Decimal(5000), "USD")
    assert [one.expected_on for one in agreement.instalments.order_by("id")] == [date(2012, 2, 1), date(2013, 2, 1)]
    assert models.Mou.objects.get().indirect_cost == "6.5"
    assert models.Organization.objects.get(code="FAO").aliases.get().name == "F.A.O."


def test_an_export_loaded_elsewhere_exports_the_same(ledger, tmp_path):
    from tests import ledgers

    ledger.post(DECLARED)
    first = exported()
    other = ledgers.sqlite(tmp_path / "template.sqlite3", tmp_path / "other")
    other.post(first)
    assert exported() == first


def test_declaring_twice_changes_nothing_and_amending_keeps_the_rest(ledger):
    ledger.post(DECLARED)
    first = exported()
    ledger.post(DECLARED)
    assert exported() == first
    ledger.post('organization FAO "Food and Agriculture Organization of the United Nations"\n')
    assert exported() == first.replace('Agriculture Organization"', 'Agriculture Organization of the United Nations"')


def test_a_setting_that_nothing_reads_is_kept_and_said(ledger):
    answer = ledger.post(DECLARED)
    assert [(finding.rule, finding.place, finding.detail) for finding in answer.findings] == [
        ("setting-unknown", "fund F1", "colour")
    ]
    assert "    colour: blue\n" in exported()


def test_a_participation_is_recorded_when_its_money_moves(ledger):
    from quipu.books import models

    ledger.post(DECLARED + "2012-03-01 transfer ^T\n    transfer F1 > DC/FAO 5\n    transfer F1 > F1/? 5\n")
    found = models.Participation.objects.order_by("project").values_list("project", "organization", "number")
    assert list(found) == [("DC", "FAO", ""), ("P1", "FAO", "OSRO/1")]


def test_a_refused_file_declares_nothing(ledger):
    from quipu.books import models

    assert ledger.refusals(DECLARED + "2012-03-01 transfer ^T\n    transfer F1 > DC/FAO 5\n") != []
    assert models.Fund.objects.count() == 0


def test_the_journal_reads_what_it_exports():
    assert read(DECLARED, "").faults == ()
