"""Five published activities worked out by hand: the numbers are typed from the XML, and only the command line is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "iati"
FUND = "XM-OCHA-CBPF-MMR59-2020"

pytestmark = pytest.mark.real
if not REAL.is_dir():
    pytest.skip("the published files are not beside the project", allow_module_level=True)


def quipu(home: Path, *words: str) -> dict:
    run = [sys.executable, "-m", "quipu", *words, "--home", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(run, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hand")
    files = [
        "v1/worldbank-ao-1.01.xml.gz",
        "v1/worldbank-tz-1.01.xml.gz",
        "v1/dfid-2011-ZW-1.01.xml.gz",
        "dportal-2021/ES-DIR3-EA0035768-2.03.xml.gz",
        "dportal-2021/GB-CHC-285908-2.03.xml.gz",
        "pooled-funds/XM-OCHA-CERF-2.03.xml.gz",
        "pooled-funds/cbpf-jordan-2.03.xml.gz",
        "pooled-funds/cbpf-myanmar-2.03.xml.gz",
    ]
    quipu(root, "publish", "--json", *(str(REAL / name) for name in files))
    return root


def ask(home: Path, figures: str, by: str, project: str, unit: str = "original") -> dict[tuple, dict]:
    """Cells by the values of the dimensions asked for."""
    words = ["--where", f"project={project}", "--unit", unit, "--format", "json"]
    answer = quipu(home, "ask", figures, *(["--by", by] if by else []), *words)
    return {tuple(row["by"].values()): row["cells"] for row in answer["rows"]}


def test_an_activity_of_version_1_01_with_letters_and_no_currency_on_its_values(home):
    # worldbank-tz-1.01.xml.gz: default-currency USD on line 1; sectors DAC 82, 9, 9 on line 6;
    # three loan repayments "LR" of -7042 (line 10), -6936 (13) and -6802 (16), the third in 2012
    years = ask(home, "loan_repayment", "year", "44000-P002753")
    assert years == {
        ("2011", "USD"): {"loan_repayment": "-13978"},
        ("2012", "USD"): {"loan_repayment": "-6802"},
    }
    sectors = ask(home, "loan_repayment", "sector", "44000-P002753")
    assert sectors == {
        ("15112", "USD"): {"loan_repayment": "-17039.6"},
        ("31166", "USD"): {"loan_repayment": "-1870.2"},
        ("31182", "USD"): {"loan_repayment": "-1870.2"},
    }


def test_an_activity_of_version_2_03(home):
    # cbpf-jordan-2.03.xml.gz: a commitment of 385953.89 (line 140), disbursements of 228763.11 (151) and 157190.78 (162)
    years = ask(home, "outgoing_commitment,disbursement,spend", "year", "XM-OCHA-CBPF-JOR-19/DDA-3560/SA1/P/INGO/12661")
    assert years == {
        ("2019", "USD"): {"outgoing_commitment": "385953.89", "disbursement": "228763.11", "spend": "228763.11"},
        ("2020", "USD"): {"outgoing_commitment": None, "disbursement": "157190.78", "spend": "157190.78"},
    }


def test_an_activity_in_two_currencies_is_never_added_across_them(home):
    # GB-CHC-285908-2.03.xml.gz, the activity at line 73: incoming 300000, 200000, 450000 GBP (lines 122, 133, 144);
    # disbursed 120000, 197836.4, 216794.16, 246433.59 and 239609.28 USD (155, 166, 177, 188, 199)
    cells = ask(home, "incoming_funds,disbursement", "", "GB-CHC-285908-214074")
    assert cells == {
        ("GBP",): {"incoming_funds": "950000", "disbursement": None},
        ("USD",): {"incoming_funds": None, "disbursement": "1020673.43"},
    }


def test_shares_that_stop_at_sixty_leave_the_rest_not_stated(home):
    # dfid-2011-ZW-1.01.xml.gz, line 1: one sector 23020 of 60 %; a commitment and a disbursement of 10000000 GBP each
    cells = ask(home, "disbursement,outgoing_commitment", "sector", "GB-1-202107-101")
    assert cells == {
        ("23020", "GBP"): {"disbursement": "6000000", "outgoing_commitment": "6000000"},
        (None, "GBP"): {"disbursement": "4000000", "outgoing_commitment": "4000000"},
    }


def test_six_countries_that_sum_to_91_2803_are_crossed_with_the_sectors_of_each_transaction(home):
    # XM-OCHA-CERF-2.03.xml.gz: BD 11.9657, CF 19.9405, HT 15.9535, LY 11.9643, SD 11.9643, SS 19.492 (lines 7238 to 7243);
    # disbursed 14793984 and 9026838 USD (7259, 7275) of sector 72010, 501491 and 752237 (7291, 7307) of sector 72050
    project = "XM-OCHA-CERF-20-RR-IOM-019"
    assert ask(home, "disbursement", "country", project, "USD") == {
        ("BD",): {"disbursement": "3000345.42935"},
        ("CF",): {"disbursement": "4999990.64275"},
        ("HT",): {"disbursement": "4000268.33425"},
        ("LY",): {"disbursement": "2999994.38565"},
        ("SD",): {"disbursement": "2999994.38565"},
        ("SS",): {"disbursement": "4887531.286"},
        (None,): {"disbursement": "2186425.53635"},
    }
    crossed = ask(home, "disbursement", "country,sector", project, "USD")
    assert crossed["BD", "72010"] == {"disbursement": "2850328.098054"}  # of 23820822
    assert crossed["BD", "72050"] == {"disbursement": "150017.331296"}  # of 1253728


def test_corrections_below_zero_are_added_and_an_earlier_day_does_not_know_them(home):
    # worldbank-ao-1.01.xml.gz: "D" of 804277 on 2011-06-30 (line 286), 557001 on 2011-09-30 (289), -9967 on 2011-12-31
    # (292); "C" of -1307553 on 2012-03-31 (295); DAC 12262 5, 12263 5, 13040 11, 15150 20, 16010 59 (283)
    project = "44000-P083180"
    assert ask(home, "disbursement,outgoing_commitment", "year", project) == {
        ("2011", "USD"): {"disbursement": "1351311", "outgoing_commitment": None},
        ("2012", "USD"): {"disbursement": None, "outgoing_commitment": "-1307553"},
    }
    assert ask(home, "disbursement", "sector", project) == {
        ("12262", "USD"): {"disbursement": "67565.55"},
        ("12263", "USD"): {"disbursement": "67565.55"},
        ("13040", "USD"): {"disbursement": "148644.21"},
        ("15150", "USD"): {"disbursement": "270262.2"},
        ("16010", "USD"): {"disbursement": "797273.49"},
    }
    words = ["--where", f"project={project}", "--as-of", "2011-12-30", "--format", "json"]
    (row,) = quipu(home, "ask", "disbursement", *words)["rows"]
    assert row["cells"] == {"disbursement": "1361278"}


def test_shares_of_two_hundred_never_give_more_than_the_amount_and_an_entry_s_own_sector_wins(home):
    # ES-DIR3-EA0035768-2.03.xml.gz: sectors 31120 and 31140 of 100 % each (lines 52, 53); each of the four transactions of
    # 288130 EUR (lines 85, 91, 97, 103) names its own; the budget of 576260 EUR (80) has no sector of its own
    cells = ask(home, "disbursement,outgoing_commitment,budget", "sector", "ES-DIR3-EA0035768-Z11-20-01-00303")
    assert cells == {
        ("31120", "EUR"): {"disbursement": "288130", "outgoing_commitment": "288130", "budget": "288130"},
        ("31140", "EUR"): {"disbursement": "288130", "outgoing_commitment": "288130", "budget": "288130"},
    }


# cbpf-myanmar-2.03.xml.gz, the activity that begins on line 264: type 7 of 46175.98 from an NGO to OCHA (line 410), a
# commitment of 294750.28 (421) and a disbursement of 235800.22 (432), both provided by the fund named in related-activity (447)
MYANMAR = "XM-OCHA-CBPF-MM-20/DDA-3415/RA1/COVID-19/INGO/15799"


def test_a_reimbursement_stays_one_where_nobody_says_that_there_is_a_fund(home):
    cells = ask(home, "reimbursement,outgoing_commitment,disbursement", "", MYANMAR)
    assert cells == {
        ("USD",): {"reimbursement": "46175.98", "outgoing_commitment": "294750.28", "disbursement": "235800.22"}
    }
    assert ask(home, "refunds,transfers", "", MYANMAR) == {}


def test_it_is_a_refund_to_the_fund_once_the_operator_lists_the_fund(tmp_path):
    (tmp_path / "funds.toml").write_text(f'funds = ["{FUND}"]\n')
    quipu(tmp_path, "publish", "--json", str(REAL / "pooled-funds" / "cbpf-myanmar-2.03.xml.gz"))
    cells = ask(tmp_path, "allocations,transfers,refunds,net_funded", "", MYANMAR)
    assert cells == {
        ("USD",): {
            "allocations": "294750.28",
            "transfers": "235800.22",
            "refunds": "46175.98",
            "net_funded": "189624.24",
        }
    }
    assert ask(tmp_path, "reimbursement,disbursement", "", MYANMAR) == {}
