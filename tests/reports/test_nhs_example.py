"""The example file of facts against the reference figures."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pmo.common.tabular import read
from pmo.organization.defaults import CATEGORIES
from reports.imports import profiles
from reports.imports.domain import ImportRow, records

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = json.loads((ROOT / "tests/cases/nhs_reference.json").read_text("utf-8"))


def figures(rows: list[ImportRow]) -> dict[str, object]:
    def total(field: str) -> str:
        return str(sum(Decimal(str(row.values[field])) for row in rows if field in row.values))

    return {
        "rows": len(rows),
        "ratings": dict(Counter(str(row.values["published_rating"]) for row in rows)),
        "whole_life": total("approved_budget"),
        "whole_life_missing": sum("approved_budget" not in row.values for row in rows),
        "year_budget": total("year_budget"),
        "year_forecast": total("year_forecast"),
        "year_figures": sum("year_budget" in row.values and "year_forecast" in row.values for row in rows),
    }  # fmt: skip


def expected(year: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in year.items() if name in figures([])}


def with_codes(profile):
    """The profile with the categories that an installation begins with."""
    return replace(profile, kind=profile.kind.with_choices("category", CATEGORIES.items()))


@pytest.fixture(scope="module")
def example() -> tuple[ImportRow, ...]:
    profile = with_codes(profiles.load("nhs_example"))
    found = records(read((ROOT / "examples/nhs/projects.csv").read_bytes(), profile.hints), profile)
    assert found.problems == ()
    assert found.questions == ()
    return found.rows


@pytest.mark.parametrize("year", REFERENCE["years"], ids=lambda year: str(year["release"]))
def test_year_matches_the_reference(example, year):
    rows = [row for row in example if str(row.values["as_of"]) == year["as_of"]]

    assert figures(rows) == expected(year)
    for name in ("whole_life", "year_budget", "year_forecast"):
        assert f"{Decimal(year[name]) / 1_000_000:.2f}" == year[f"{name}_millions"]


def test_all_project_years_are_there(example):
    assert len(example) == REFERENCE["project_years"]
    assert len({row.key for row in example}) == 66


def test_every_missing_amount_has_its_stated_reason(example):
    missing = [
        (row.reasons.get(name, ""))
        for row in example
        for name in ("approved_budget", "year_budget", "year_forecast")
        if name not in row.values
    ]

    assert len(missing) == 28
    assert "" not in missing


def test_attribution_and_license_are_named():
    attribution = profiles.load("nhs_example").attribution
    source = (ROOT / "examples/nhs/SOURCE.md").read_text("utf-8")

    assert attribution == (
        "Contains public sector information licensed under the Open Government Licence v3.0."
    )
    assert attribution in source
