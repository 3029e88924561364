"""Where each public template is looked at: one address for each kind of subject it draws. A new template needs a line."""

import hashlib

from tests.conftest import ROOT

TEMPLATES = ROOT / "src" / "quipu" / "portal" / "templates"
BARE = (
    "bare "  # in the home with two tiny files instead of the demonstration: empty pages, and a fund that is only listed
)
# drawn for a moment only, while a large edition's index is made: tests/portal/test_search.py reads it
PASSING = ("not_yet",)
SPOILT = "spoilt "  # the page's form is sent as what no browser would send
_STUDY = hashlib.sha256((ROOT / "demo" / "documents" / "estudio-demanda.docx").read_bytes()).hexdigest()[:12]

ADDRESSES: dict[str, list[str]] = {
    "another_date": ["/on"],
    "calendar": ["/calendar", BARE + "/calendar"],
    "changes": ["/changes", BARE + "/changes"],
    "choose": [BARE + "/project/XX-SHARED"],
    "contributor": ["/contributor/XM-DAC-50"],
    "contributors": ["/project/XX-QUIPU-DEMO-00067264/contributors"],
    "corrections": ["/corrections"],
    "data": ["/data", BARE + "/data"],
    "document": [f"/document/{_STUDY}"],
    "documents": ["/documents", BARE + "/documents"],
    "embed": ["/embed/project/XX-QUIPU-DEMO-00067264", "/embed/fund/XX-QUIPU-DEMO-JVD00"],
    "factsheet": [
        "/project/XX-QUIPU-DEMO-00067264",
        "/programme/XX-QUIPU-DEMO3-CI-000",
        "/fund/XX-QUIPU-DEMO-JVD00?until=2025-12-31&layout=narrow",
        BARE + "/project/XX-LONE",
    ],
    "feedback": ["/feedback?page=/projects%3Fcountry=PE"],
    "figure": ["/figure/net_funded?where=project%3DXX-QUIPU-DEMO-00067264", BARE + "/figure/spend"],
    "findings": ["/data/findings", BARE + "/data/findings"],
    "funds": ["/funds", BARE + "/funds"],
    "gaps": ["/gaps", BARE + "/gaps"],
    "glossary": ["/glossary"],
    "gone": [BARE + "/project/XX-GONE"],
    "home": ["/", "/e/1/", BARE + "/"],
    "lesson": ["/lesson/00099201-l1"],
    "lessons": ["/lessons", BARE + "/lessons"],
    "letter": ["/feedback/mistake?page=/projects", "/contact/XX-QUIPU-DEMO-00067264"],
    "letter_refused": [SPOILT + "/feedback/mistake"],
    "letter_thanks": ["/feedback/thanks?code=ABCD-1234&page=/projects"],
    "listed_fund": [BARE + "/fund/XX-LISTED"],
    "missing": ["/project/XX-QUIPU-DEMO-0006726"],
    "no_edition": ["/e/99/"],
    "organization": ["/organization/XM-DAC-41114", BARE + "/organization/XX-P"],
    "organizations": ["/organizations", BARE + "/organizations?role=funding"],
    "parts": ["/contributor/XM-DAC-50/parts"],
    "posted": ["/voucher/4c4b41"],
    "projects": ["/projects", "/projects?country=PE&not-status=ongoing", BARE + "/projects?q=nothing"],
    "result": ["/result/XX-QUIPU-DEMO-00099201/i1", "/result/XX-QUIPU-DEMO2-00088201/1.1"],
    "results": ["/results", BARE + "/results"],
    "return": ["/return/JVD00/UNDP/2025"],
    "report": [
        "/report?figure=net_funded,expenditure&by=participating_organization&where=project%3DXX-QUIPU-DEMO-00067264",
        "/report?figure=spend&by=country,year",
        "/report?figure=spend&by=colour",
        BARE + "/report",
    ],
    "search": ["/search?q=water", "/search?q=nothing-like-it"],
    "seen": ["/country/PE"],
    "simple_list": ["/countries", BARE + "/countries"],
    "source": ["/data/source/0", "/data/source/4", BARE + "/data/source/0"],
    "text": ["/about", "/feedback/fraud"],
    "trouble": ["/vouchers?where=colour%3Dred"],
    "voucher": ["/voucher/69d86ea72444f0b6"],
    "vouchers": ["/vouchers?where=project%3DXX-QUIPU-DEMO-00067264", BARE + "/vouchers"],
}


def drawing() -> set[str]:
    """The templates that are pages of their own."""
    return {file.stem for file in TEMPLATES.glob("*.html") if not file.name.startswith("_")} - {"base", *PASSING}
