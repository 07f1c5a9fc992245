"""Write examples/nhs/projects.csv from the ten yearly files as published.

Usage: python tools/make_nhs_example.py FOLDER, where FOLDER holds uk_2014.csv to uk_2023.csv.
Only facts are taken: names, dates, ratings, amounts and the reasons stated in place of a value.
"""

import csv
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pmo.common.tabular import read  # noqa: E402 - the project's root has to be on the path first
from reports.domain.variance import OF_RELEASE_0_1  # noqa: E402 - the same
from reports.imports import profiles  # noqa: E402 - the same
from reports.imports.domain import ImportRow, records  # noqa: E402 - the same

TARGET = ROOT / "examples" / "nhs" / "projects.csv"
YEARS = range(2014, 2024)
COLUMNS = {
    "As of": "as_of",
    "Code": "code",
    "Name": "name",
    "Department": "unit",
    "Category": "category",
    "Number in the publication": "description",
    "Rating": "published_rating",
    "Start": "start_date",
    "End": "forecast_finish",
    "Budget of the year": "year_budget",
    "Forecast of the year": "year_forecast",
    "Whole-life cost": "approved_budget",
}


def cell(row: ImportRow, field: str) -> str:
    """Return a value in our own writing, or the reason stated in its place."""
    published = row.texts.get(field, "")
    if field == "unit":
        return published
    if field == "category":
        # One year has no category of its own and takes it from the department's spelling.
        return "" if published == row.texts["unit"] else published
    value = row.values.get(field)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value or row.reasons.get(field, "")


def rows_of(folder: Path, year: int) -> list[list[str]]:
    """Read one yearly file through its profile."""
    profile = profiles.load(f"nhs_{year}")
    kind = profile.kind.with_choices("category", OF_RELEASE_0_1.items())
    profile = replace(profile, kind=kind)
    found = records(read((folder / f"uk_{year}.csv").read_bytes(), profile.hints), profile)
    if found.problems:
        raise SystemExit(f"{year}: {found.problems}")
    rows = [[cell(row, field) for field in COLUMNS.values()] for row in found.rows]
    return sorted(rows, key=lambda row: row[1])


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1])
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for year in YEARS:
            writer.writerows(rows_of(folder, year))


if __name__ == "__main__":
    main()
