"""The public addresses. They are stable for ever."""

from django.urls import path, re_path, register_converter

from quipu.portal.views import (
    calendar,
    changes,
    contributor,
    data,
    documents,
    embed,
    factsheet,
    feed,
    gaps,
    home,
    lessons,
    letters,
    lists,
    missing,
    old,
    organization,
    report,
    results,
    returns,
    search,
    seen,
    texts,
    travel,
    vouchers,
)


class Rest:
    """All that is left of an address."""

    regex = ".+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Rest, "rest")


urlpatterns = [
    path("", home.show),
    path("projects", lists.projects),
    path("funds", lists.funds),
    path("organizations", lists.organizations),
    path("contributors", lists.contributors),
    *(path(name, lists.points, {"name": name}) for name in lists.LISTS),
    path("project/<str:name>", factsheet.show, {"kind": "project"}),
    path("project/<str:name>/contributors", contributor.of_project),
    path("programme/<str:name>", factsheet.show, {"kind": "programme"}),
    path("fund/<str:name>", factsheet.show, {"kind": "fund"}),
    path("organization/<rest:name>", organization.show),
    path("contributor/<rest:name>/parts", contributor.parts),
    path("contributor/<rest:name>", contributor.show),
    *(
        path(f"{kind}/<str:name>", seen.show, {"kind": kind})
        for kind in ("country", "region", "theme", "sdg", "sector")
    ),
    path("window/<str:fund>/<str:name>", seen.window),
    path("marker/<str:name>/<str:score>", seen.marker),
    path("search", search.show),
    path("search/suggest", search.suggest),
    path("report", report.show),
    path("figure/<str:name>", report.figure),
    path("vouchers", vouchers.listed),
    path("voucher/<str:name>", vouchers.show),
    path("documents", documents.listed),
    path("return/<str:fund>/<str:body>/<str:year>", returns.show),
    path("results", results.listed),
    path("result/<str:name>/<str:place>", results.show),
    path("lessons", lessons.listed),
    path("lesson/<str:name>", lessons.show),
    path("gaps", gaps.show),
    path("calendar", calendar.show),
    path("calendar.ics", calendar.feed),
    *(path(f"embed/{kind}/<str:name>", embed.show, {"kind": kind}) for kind in ("project", "programme", "fund")),
    path("data", data.show),
    path("data/manifest.json", data.manifest),
    path("data/findings", data.findings),
    path("data/source/<int:number>", data.source),
    re_path(r"^data/(?P<table>[a-z_]+)\.(?P<suffix>parquet|csv)$", data.download),
    path("changes", changes.show),
    path("feed", feed.portfolio),
    path("on", travel.on),
    path("on/<str:day>", travel.on),
    path("on/<str:day>/", travel.on),
    path("on/<str:day>/<rest:rest>", travel.on),
    path("factsheet/<str:kind>/<str:code>", old.factsheet),
    path("portfolio", old.portfolio),
    path("portfolio/<rest:rest>", old.portfolio),
    path("general/<rest:rest>", old.general),
    re_path(r"^document/(?P<code>[0-9a-f]{12,64})(?:\.(?P<suffix>json))?$", documents.show),
    re_path(r"^document/(?P<code>[0-9a-f]{12,64})/(?P<name>[^/]+)$", documents.file),
    path("document/<rest:rest>", old.document),
    path("feedback", letters.feedback),
    path("feedback/fraud", letters.fraud),
    path("feedback/thanks", letters.thanks),
    path("feedback/<str:kind>", letters.write),
    path("contact", letters.contact),
    path("contact/<str:name>", letters.contact),
    path("corrections", letters.corrections),
    path("robots.txt", missing.robots),
    re_path(
        r"^(?P<path>projects|funds|organizations|contributors|countries|themes|sdgs|sectors|markers|search|report|results|vouchers|documents|lessons|gaps|calendar|data|changes|glossary)\.(?P<suffix>json|csv|xlsx)$",
        missing.suffixed,
    ),
    re_path(r"^(?P<path>lessons)\.(?P<suffix>atom)$", missing.suffixed),
    path("glossary", texts.glossary),
    path("<rest:name>", texts.show),
]
handler404 = "quipu.portal.views.missing.not_found"
handler500 = "quipu.portal.views.missing.broken"
