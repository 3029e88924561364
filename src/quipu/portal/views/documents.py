"""Documents: everything that activities link to, newest first."""

from django.http import HttpRequest, HttpResponse

from quipu.portal import addresses
from quipu.portal.render import FILES, respond
from quipu.rules import codes
from quipu.rules.table import Cell, Column, Table

A_PAGE = 100


def listed(request: HttpRequest) -> HttpResponse:
    """/documents"""
    words = " ".join(request.GET.get("q", "").split())[:200]
    category = request.GET.get("category", "")
    condition, parameters = "true", []
    for word in words.split():
        condition += " AND strip_accents(lower(d.title)) LIKE strip_accents(lower(?))"
        parameters.append(f"%{word}%")
    if category:
        condition += " AND list_contains(string_split(d.categories, ' '), ?)"
        parameters.append(category)
    ((count,),) = request.edition.rows(f"SELECT count(*) FROM documents d WHERE {condition}", parameters)
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    exported = request.GET.get("format") in FILES
    rows = request.edition.rows(
        'SELECT d."on", d.title, d.url, d.categories, d.languages, a.identifier, a.title, a.kind FROM documents d'
        f' JOIN activities a USING (key) WHERE {condition} ORDER BY d."on" DESC, d.url, d.key LIMIT ? OFFSET ?',
        [*parameters, 100_000 if exported else A_PAGE, 0 if exported else (page - 1) * A_PAGE],
    )
    table = Table(
        [
            Column("on", "Date", "date"),
            Column("title", "Document"),
            Column("category", "Category"),
            Column("language", "Language"),
            Column("project", "Project"),
        ],
        [
            [
                Cell(on or None, why="not stated"),
                Cell(url, label=title or url, link=addresses.outside(url)),
                Cell(categories, label=", ".join(codes.label("document_category", c) for c in categories.split())),
                Cell(languages or None, why="not stated"),
                Cell(
                    identifier,
                    label=activity or identifier,
                    link=f"{request.prefix}/{kind}/{addresses.segment(identifier)}",
                ),
            ]
            for on, title, url, categories, languages, identifier, activity, kind in rows
        ],
    )
    return respond(
        request,
        "documents.html",
        tables={"documents": table},
        count=count,
        page=page,
        pages=-(-count // A_PAGE),
        words_sought=words,
        category=category,
    )
