"""Workbooks of the tests: a sheet for each table."""

import io

from openpyxl import Workbook


def workbook(**sheets: str) -> bytes:
    """Return an XLSX file; each sheet is given as lines of comma-separated cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        page = book.create_sheet(name)
        for line in text.strip().splitlines():
            page.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
