"""Files for tests: small honest ones of each form, and the bricks that hostile ones are made of."""

import io
import zipfile
from pathlib import Path
from typing import Any


def pdf(text: str = "Terraces hold water", *, title: str = "", change: Any = None) -> bytes:
    """A PDF of one page with a text. change: gets the writer before it writes."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for part in text.split("\f"):
        page = writer.add_blank_page(300, 300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}
        )
        stream = DecodedStreamObject()
        lines = " ".join(f"({line}) Tj T*" for line in part.replace("(", "[").replace(")", "]").split("\n"))
        stream.set_data(f"BT /F 12 Tf 14 TL 20 250 Td {lines} ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title, "/CreationDate": "D:20240305120000Z"})
    if change:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A packed file of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(text: str = "Springs are counted", **core: str) -> bytes:
    """A Word document as Word's own library writes it."""
    from docx import Document

    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.core_properties.title = core.get("title", "")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(whole: bytes, name: str, content: bytes | str) -> bytes:
    """A packed file with one part more, or another one in its place."""
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        parts: dict[str, bytes | str] = {entry: file.read(entry) for entry in file.namelist()}
    return packed({**parts, name: content})


def xlsx() -> bytes:
    """A workbook."""
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = "Springs"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture(form: str = "JPEG", *, size: tuple[int, int] = (40, 30), place: bool = False) -> bytes:
    """A picture; place: with where it was taken written in it."""
    from PIL import ExifTags, Image

    image = Image.new("RGB", size, (20, 80, 60))
    exif = Image.Exif()
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "S"
        gps[ExifTags.GPS.GPSLatitude] = (13.0, 31.0, 12.5)
        exif[ExifTags.Base.Artist] = "Somebody"
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


def put(folder: Path, content: bytes, name: str = "file") -> Path:
    """A file with that content."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name.replace("/", "_")
    path.write_bytes(content)
    return path
