"""
The bare pages that the real ones are measured against.

A bare page runs in the same server behind the same middleware and sign-in. It sends the very SQL
statements that the real page sent (noted by `bench.capture`), prints the largest answer as a table
with Django's own template engine and answers with as many bytes. It decides nothing and formats
nothing: the rest of a page's time is ours to justify.
"""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie

from projects.models import Project

ROWS_SHOWN = 100
CHUNK = 2000
COST_COLUMNS = 20
TABLE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body>
<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


class _Echo:
    def write(self, line: str) -> str:
        return line


@cache
def noted(name: str) -> dict[str, Any]:
    """Return what the capture noted of a page: its statements and how many bytes it answered."""
    found: dict[str, Any] = json.loads((Path(settings.DATA_DIR) / "noted.json").read_text())
    return dict(found[name])


@cache
def table() -> Any:
    return engines["django"].from_string(TABLE)


def answers(name: str) -> list[list[Any]]:
    found = []
    with connection.cursor() as cursor:
        for statement in noted(name)["statements"]:
            cursor.execute(statement)
            found.append(cursor.fetchall())
    return found


@ensure_csrf_cookie
def page(request: HttpRequest, name: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    rows = max(answers(name), key=len, default=[])[:ROWS_SHOWN]
    html = table().render({"title": name, "rows": rows}, request)
    missing = max(noted(name)["bytes"] - len(html.encode()) - 14, 0)
    return HttpResponse(f"{html}{'.' * missing}</body></html>")


def save(request: HttpRequest, pk: int) -> HttpResponse:
    """One UPDATE through Django, the least that saving anything can cost."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    Project.objects.filter(pk=pk).update(changed_at=timezone.now())
    return HttpResponse(status=302, headers={"Location": "/"})


def csv_file(request: HttpRequest, name: str) -> HttpResponse | StreamingHttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    return StreamingHttpResponse(_lines(name), content_type="text/csv; charset=utf-8")


def _lines(name: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for number, row in enumerate(_rows(name)):
        if number == 0:
            yield writer.writerow(["column"] * len(row))
        yield writer.writerow(row)


def _rows(name: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the longest statement, which is the one that reads the table."""
    statement = max(noted(name)["statements"], key=len)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def xlsx_file(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """The rows through xlsxwriter and nothing else."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        _sheet(book.add_worksheet(), _rows(name), day)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename="bare.xlsx")


def report_file(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """What is stored of a report through xlsxwriter and nothing else: one sheet each of lines and marks."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    stored = [
        json.loads(value)
        for rows in answers(name)
        for row in rows
        for value in row
        if isinstance(value, str) and value.startswith("{")
    ]
    lines = {one["id"]: one for one in stored if "id" in one}
    marks = [one for one in stored if "project" in one]
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        costs = (list(line.values())[:COST_COLUMNS] for line in lines.values())
        _sheet(book.add_worksheet(), costs, day)
        dated = ([*_name(lines[mark["project"]]), *list(mark.values())[1:]] for mark in marks)
        _sheet(book.add_worksheet(), dated, day)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename="bare.xlsx")


def _name(line: dict[str, Any]) -> list[Any]:
    return [line["code"], line["name"]]


def _sheet(sheet: Any, rows: Iterable[Iterable[Any]], day: Any) -> None:
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            _cell(sheet, line, place, value, day)


def _cell(sheet: Any, line: int, place: int, value: Any, day: Any) -> None:
    if value is None or value == "" or isinstance(value, (dict, list)):
        return
    if isinstance(value, str):
        sheet.write_string(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value.replace(tzinfo=None), day)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, day)
    else:
        sheet.write_number(line, place, value)
