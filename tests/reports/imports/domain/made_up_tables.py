"""Tables made up by a seed: true records, the dirt of real files over them, and the file that comes of it."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from openpyxl import Workbook

HEADERS = ("Code", "Name", "Unit", "Start", "Budget", "Percent complete", "Comment")
UNITS = ("Finance", "Radiology", "Facilities Management", "Information Technology")
WORDS = (
    "ward",
    "scanner",
    "portal",
    "refit",
    "north",
    "renewal",
    "lab",
    "pharmacy",
    "lift",
    "roof",
)
DAYS = {
    "iso": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "named": "%d %b %Y", "dotted": "%d.%m.%Y",
}  # fmt: skip
THOUSANDS = {"point": (",", "."), "comma": (".", ","), "space": (" ", "."), "nbsp": ("\xa0", ","),
             "narrow": ("\u202f", ","), "apostrophe": ("'", "."), "none": ("", ".")}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """A record as its owner means it."""

    code: str
    name: str
    unit: str
    start: date
    budget: Decimal
    percent: Decimal
    comment: str


@dataclass
class MadeUp:
    """A file, the records in it, and the kinds of dirt on it."""

    data: bytes
    truths: list[Truth]
    dirt: set[str] = field(default_factory=set)


def made_up(seed: int) -> MadeUp:
    """Return the table of this seed."""
    random = Random(seed)  # noqa: S311 - the same tables every time
    truths = [_truth(random, number) for number in range(1, random.choice((2, 3, 5, 12, 40)))]
    return _csv(random, truths) if random.random() < 0.6 else _xlsx(random, truths)


def _truth(random: Random, number: int) -> Truth:
    words = random.sample(WORDS, 3)
    return Truth(
        code=f"{random.choice('ABX')}-{number:02d}",
        name=random.choice((f"{words[0]} {words[1]} {number}", f"Total joint {words[0]} {number}")),
        unit=random.choice(UNITS),
        start=date(2026, 1, 1) + timedelta(days=random.randrange(700)),
        budget=Decimal(random.randrange(10_000, 90_000_000)) / random.choice((1, 1, 100)),
        percent=Decimal(random.randrange(0, 101)),
        comment=" ".join(words),
    )


def _amount(value: Decimal, how: str, currency: str) -> str:
    thousands, mark = THOUSANDS[how]
    text = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    text = text.replace(",", "_").replace(".", mark).replace("_", thousands)
    return currency.format(text)


def _csv(random: Random, truths: list[Truth]) -> MadeUp:
    dirt: set[str] = set()
    day, how = random.choice(list(DAYS)), random.choice(list(THOUSANDS))
    currency = random.choice(("{}", "{}", "${}", "USD {}", "{} EUR", "£ {}"))
    percent = random.choice(("{}%", "{} %", "{}"))
    delimiter = random.choice(",;\t|")
    rows = [
        [one.code, one.name, one.unit, one.start.strftime(DAYS[day]), _amount(one.budget, how, currency),
         percent.format(one.percent), one.comment]
        for one in truths
    ]  # fmt: skip
    amounts = [one.budget for one in truths]
    lines = [list(HEADERS), *rows]
    if random.random() < 0.3 and len(rows) > 2:
        dirt.add("odd cell")
        _spoil(random, random.choice(rows), day, how)
    if random.random() < 0.4:
        dirt.add("totals")
        lines = _with_totals(random, lines, amounts, lambda value: _amount(value, how, currency))
    lines = _around(random, lines, dirt)
    text = _written(random, lines, delimiter, dirt)
    if random.random() < 0.1:
        dirt.add("nul")
        place = text.rfind("ward") + 2
        text = f"{text[:place]}\0{text[place:]}" if place > 2 else text
    encoding = random.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16"))
    text = text if encoding != "cp1252" else text.replace("\u202f", "\xa0")
    return MadeUp(text.encode(encoding), truths, dirt)


def _spoil(random: Random, row: list[str], day: str, how: str) -> None:
    """Write one cell as somebody else would have, or so that it means nothing."""
    kind = random.choice(("garbage", "date", "mark"))
    if kind == "garbage":
        row[4] = "12O0"
    elif kind == "date":
        row[3] = random.choice(("31/02/2026", "12/27/2026", "27/12/2026", "2026-13-01", "TBC"))
    else:
        row[4] = random.choice(("1,5", "1.5", "12,34", "7.25"))
    row[6] = "spoiled"


def _with_totals(random, lines, amounts, written):
    """Put a subtotal somewhere and a grand total at the end."""
    head, *rows = lines
    half = len(rows) // 2
    total = [random.choice(("Total", "Grand total", "TOTAL:", "Sum")), *[""] * 3]
    place = random.choice((0, 1))
    grand = [""] * 7
    grand[place], grand[4] = total[0], written(sum(amounts))
    if half > 1 and random.random() < 0.5:
        sub = [""] * 7
        sub[1], sub[4] = "Subtotal first half", written(sum(amounts[:half]))
        rows = [*rows[:half], sub, *rows[half:]]
    return [head, *rows, grand]


def _around(random: Random, lines: list[list[str]], dirt: set[str]) -> list[list[str]]:
    head = lines[0]
    if random.random() < 0.3 and len(lines) > 6:
        dirt.add("headers again")
        lines = [*lines[:4], list(head), *lines[4:]]
    if random.random() < 0.4:
        dirt.add("title")
        lines = [["Capital register 2026"], [], *lines]
    if random.random() < 0.2:
        dirt.add("footnote")
        lines = [*lines, ["Source: finance department"]]
    return lines


def _written(random: Random, lines: list[list[str]], delimiter: str, dirt: set[str]) -> str:
    """Write the lines, some of them as careless programs do."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    spoiled = random.random() < 0.3
    for line in lines:
        is_record = len(line) == 7 and line[0][1:2] == "-"
        if spoiled and is_record and random.random() < 0.15:
            careless = random.choice(("delimiter", "break", "shift"))
            dirt.add(careless)
            quoted = [f'"{cell}"' if delimiter in cell else cell for cell in line]
            if careless == "delimiter":
                quoted[6] = quoted[6].replace(" ", f"{delimiter} ", 1)
            elif careless == "break":
                quoted[1] = quoted[1].replace(" ", "\n", 1)
            else:
                quoted = ["", "", *quoted]
            out.write(delimiter.join(quoted) + "\n")
        else:
            writer.writerow(line)
    return out.getvalue()


def _headed(random: Random, book: Workbook, dirt: set[str]):
    """Return the sheet of the table, with what stands before and above it."""
    sheet = book.active
    if random.random() < 0.4:
        dirt.add("cover")
        sheet.append(["Read me"])
        sheet.append(["Owner: the office"])
        sheet = book.create_sheet("Projects")
    if random.random() < 0.4:
        dirt.add("groups")
        sheet.append(["Register of projects"])
        sheet.append(["Project", None, None, "Schedule", "Money", "Progress", None])
        sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=3)
        sheet.merge_cells(start_row=2, start_column=6, end_row=2, end_column=7)
    sheet.append(list(HEADERS))
    return sheet


def _xlsx(random: Random, truths: list[Truth]) -> MadeUp:
    dirt: set[str] = set()
    book = Workbook()
    sheet = _headed(random, book, dirt)
    shares = random.choice(("percent", "shares", "points", "text"))
    for one in truths:
        sheet.append(
            [one.code, one.name, one.unit, one.start, float(one.budget), None, one.comment]
        )
        cell = sheet.cell(sheet.max_row, 6)
        if shares == "text":
            cell.value = f"{one.percent} %"
        elif shares == "points":
            cell.value = int(one.percent)
        else:
            cell.value = float(one.percent / 100)
            cell.number_format = "0%" if shares == "percent" else "General"
        if random.random() < 0.05:
            dirt.add("hidden")
            sheet.row_dimensions[sheet.max_row].hidden = True
        if random.random() < 0.03:
            dirt.add("formula")
            sheet.cell(sheet.max_row, 5).value = "=A1+1"
        if random.random() < 0.03:
            dirt.add("error")
            sheet.cell(sheet.max_row, 5).value = "#DIV/0!"
        if random.random() < 0.03:
            dirt.add("day number")
            sheet.cell(sheet.max_row, 4).value = 46_000
            sheet.cell(sheet.max_row, 4).number_format = "General"
    if random.random() < 0.4 and "formula" not in dirt and "error" not in dirt:
        dirt.add("totals")
        sheet.append(["Total", None, None, None, float(sum(one.budget for one in truths))])
    file = io.BytesIO()
    book.save(file)
    return MadeUp(file.getvalue(), truths, dirt)
