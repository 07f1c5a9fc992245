"""The ten yearly files as published, read through the profiles, against the reference figures."""

import csv
from decimal import Decimal

import pytest

from pmo.common.tabular import Orientation, read
from reports.imports import profiles
from reports.imports.domain import Records, records
from tests.reports.test_nhs_example import REFERENCE, ROOT, expected, figures, with_codes

RAW = ROOT.parent / "shared" / "data" / "nhs_major_projects"
MILLION = Decimal(1_000_000)

pytestmark = [
    pytest.mark.raw,
    pytest.mark.skipif(
        not RAW.is_dir(), reason="The files as published are not beside the project."
    ),
]


def found(release: int) -> Records:
    profile = with_codes(profiles.load(f"nhs_{release}"))
    return records(read((RAW / f"uk_{release}.csv").read_bytes(), profile.hints), profile)


@pytest.mark.parametrize("year", REFERENCE["years"], ids=lambda year: str(year["release"]))
def test_year_matches_the_reference(year):
    result = found(year["release"])

    assert result.problems == ()
    assert result.questions == ()
    assert {str(row.values["as_of"]) for row in result.rows} == {year["as_of"]}
    assert figures(list(result.rows)) == expected(year)


def test_every_row_matches_the_rows_worked_out_separately():
    def pounds(text: str) -> Decimal | None:
        return (Decimal(text) * MILLION).quantize(Decimal("0.01")) if text else None

    with (RAW / "reference_health_rows.csv").open(encoding="utf-8", newline="") as file:
        wanted = [
            (
                " ".join(row["project_name"].split()),
                row["department_as_published"],
                row["start_date"],
                row["end_date"],
                pounds(row["in_year_baseline_gbp_m"]),
                pounds(row["in_year_forecast_gbp_m"]),
                pounds(row["wlc_baseline_gbp_m"]),
                row["gmpp_id"],
            )
            for row in csv.DictReader(file)
        ]
    got = [
        (
            row.values["name"],
            row.texts["unit"],
            str(row.values.get("start_date", "")),
            str(row.values.get("forecast_finish", "")),
            row.values.get("year_budget"),
            row.values.get("year_forecast"),
            row.values.get("approved_budget"),
            row.values.get("description", ""),
        )
        for year in REFERENCE["years"]
        for row in found(year["release"]).rows
    ]

    assert got == wanted


@pytest.mark.parametrize(
    ("release", "rows", "orientation", "delimiter"),
    [
        (2014, 199, Orientation.COLUMNS, ","),
        (2015, 188, Orientation.COLUMNS, ","),
        (2016, 143, Orientation.COLUMNS, ","),
        (2017, 143, Orientation.COLUMNS, ","),
        (2018, 133, Orientation.ROWS, ","),
        (2019, 133, Orientation.ROWS, ","),
        (2020, 125, Orientation.ROWS, ","),
        (2021, 184, Orientation.ROWS, ";"),
        (2022, 235, Orientation.ROWS, ";"),
        (2023, 244, Orientation.ROWS, ";"),
    ],
)
def test_everything_about_a_file_is_found_without_being_told(release, rows, orientation, delimiter):
    table = read((RAW / f"uk_{release}.csv").read_bytes())

    assert len(table.rows) == rows
    assert (table.encoding, table.orientation, table.delimiter) == (
        "cp1252",
        orientation,
        delimiter,
    )
