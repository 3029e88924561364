"""Writes the demonstration's own documents into demo/documents: invented sentences, and the same bytes at each run.

What it wrote is kept beside it, because a voucher of the demonstration seals the hash of the minutes.
Run it after changing a text: `.venv/bin/python demo/write_documents.py`. It prints the hashes.
"""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from docx import Document

PLACE = Path(__file__).parent / "documents"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
ILLUSTRATIVE = {
    "en": "Illustrative: written for a demonstration. Nothing in it was decided, studied or paid by anybody.",
    "es": "Ilustrativo: escrito para una demostración. Nadie decidió, estudió ni pagó lo que aquí se dice.",
}
PAGE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, date: auto)
#set text(lang: told.language, size: 11pt)
#set page(margin: 2.4cm, numbering: "1")
#title()
#emph(told.note)
#for part in told.parts { heading(part.at(0)); for paragraph in part.slice(1) { par(paragraph) } }
"""
Part = list[str]  # a heading and its paragraphs


def pdf(name: str, language: str, title: str, parts: list[Part]) -> None:
    told = {"title": title, "language": language, "note": ILLUSTRATIVE[language], "parts": parts}
    body = typst.compile(
        PAGE.encode(),
        format="pdf",
        sys_inputs={"told": json.dumps(told)},
        timestamp=MOMENT,
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    keep(name, body)


def docx(name: str, language: str, title: str, parts: list[Part]) -> None:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, "", language
    properties.created = properties.modified = MOMENT.replace(tzinfo=None)
    document.add_heading(title, 0)
    document.add_paragraph(ILLUSTRATIVE[language])
    for heading, *paragraphs in parts:
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    held = io.BytesIO()
    document.save(held)
    keep(name, repacked(held.getvalue()))


def xlsx(name: str, language: str, sheets: dict[str, list[list[Any]]]) -> None:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"created": MOMENT.replace(tzinfo=None)})
    strong = book.add_format({"bold": True})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        sheet.write(0, 0, ILLUSTRATIVE[language])
        for n, row in enumerate(rows, 2):
            sheet.write_row(n, 0, row, strong if n == 2 else None)
        sheet.autofit()
    book.close()
    keep(name, repacked(held.getvalue()))


def repacked(body: bytes) -> bytes:
    """The same archive with every member dated alike."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MOMENT.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def keep(name: str, body: bytes) -> None:
    (PLACE / name).write_bytes(body)
    print(hashlib.sha256(body).hexdigest(), name)


pdf(
    "terms-of-reference.pdf",
    "en",
    "Terms of reference of the fund",
    [
        [
            "1. Purpose",
            "The fund pays for programmes that several organizations carry out together. Each programme names one lead "
            "agency, and every organization answers for what it received.",
        ],
        [
            "2. Who decides",
            "A steering committee meets at least twice a year. Its minutes name each decision, the amount for each "
            "organization and the conditions that go with it.",
            "The administrative agent transfers within five working days of a signed instruction, from money it holds.",
        ],
        [
            "3. Reporting",
            "Organizations send certified expenditure by 30 April of the following year. A narrative report says what "
            "became of the results that were promised, with the sources of each number.",
        ],
        [
            "4. Closing",
            "What is left when work has ended goes back to the contributors in proportion to what they paid in, unless an "
            "agreement says otherwise.",
        ],
    ],
)
pdf(
    "minutes-2009-03-10.pdf",
    "en",
    "Minutes of the steering committee, 10 March 2009",
    [
        [
            "Item 1. Creative industries in Peru",
            "The committee heard the appraisal of the window and approved the programme for three years.",
            "It allocated 5,000,000.00 US dollars to six organizations as the table of the proposal has it. It asked the lead "
            "agency to agree with the regional governments on who keeps the workshops running afterwards.",
        ],
        [
            "Item 2. Other business",
            "The secretariat will propose a calendar of visits. The committee took note that the workshops in the highlands "
            "cannot be reached in the rainy season.",
        ],
    ],
)
docx(
    "estudio-demanda.docx",
    "es",
    "Estudio de demanda de la artesanía andina",
    [
        [
            "Qué se preguntó",
            "Se preguntó a cuarenta tiendas de tres ciudades qué compran, a quién y con qué plazos de pago.",
            "Las respuestas se leyeron junto con las de ocho talleres familiares de la región del Cusco.",
        ],
        [
            "Qué se encontró",
            "Los textiles de Cusco se venden mejor cuando la etiqueta cuenta quién los tejió y con qué tintes: cochinilla, "
            "chilca, nogal. Un chumpi tejido en telar de cintura pide entre seis y nueve días de trabajo.",
            "Las tiendas pagan a sesenta días. Un taller no puede esperar tanto sin un fondo rotatorio.",
        ],
        [
            "Qué se recomienda",
            "Una marca colectiva con un reglamento corto, fotografías hechas por los propios talleres y un catálogo de "
            "veinte piezas con su iconografía explicada.",
        ],
    ],
)
PLAN = [
    ["Feria", "Ciudad", "Mes", "Talleres", "Presupuesto (US$)"],
    ["Feria de la quinua", "Puno", "2011-04", 12, 4200],
    ["Semana de la artesanía", "Cusco", "2011-06", 18, 6900],
    ["Encuentro gastronómico", "Ayacucho", "2011-09", 9, 3100],
]
xlsx("plan-ferias-2011-v1.xlsx", "es", {"Plan 2011": PLAN})
xlsx(
    "plan-ferias-2011-v2.xlsx",
    "es",
    {
        "Plan 2011": [*PLAN, ["Feria del algodón nativo", "Lambayeque", "2011-11", 14, 5400]],
        "Cambios": [
            ["Qué cambió"],
            ["Se añadió la feria del algodón nativo, a pedido de las asociaciones de tejedoras."],
        ],
    },
)
keep(
    "guia-del-riego.txt",
    (
        "Guía del riego para comités de agua\n\n"
        + ILLUSTRATIVE["es"]
        + "\n\n1. Antes de la siembra se limpia el canal entre todos, desde la bocatoma hasta la última acequia.\n"
        "2. Cada familia anota su turno en el cuaderno del comité; quien falta avisa la víspera.\n"
        "3. El agua que sobra vuelve al reservorio. Medirla cada lunes dice más que cualquier discusión.\n"
    ).encode(),
)
