"""Which project and which budget line a row about money belongs to: by code, cost center and category."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year
from projects.models import BudgetLine, Project
from reports.imports.domain import ImportRow, normalized
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Setting

# between a code and its name: “7010 Radiology”, “7010 - Radiology”, “6500:Supplies”
CODED = re.compile(r"(?<=[0-9])\s*(?:[:–-]\s+|:|\s)\s*")


class MoneyPlaces:
    """
    The projects and budget lines of some rows, read and not locked: entries of money change neither.

    With `only_looks` nobody is asked whether the importer may change the projects.
    """

    def __init__(
        self,
        rows: Sequence[ImportRow],
        setting: Setting,
        *,
        only_looks: bool = False,
        by_center: bool = True,
    ) -> None:
        self._setting, self._only_looks = setting, only_looks
        self._by_center_too = by_center
        keys = setting.lookups.keys(rows, "project")
        for row in rows if by_center else ():
            keys |= self._keys_at(_centers_of(row))
        found = Project.objects.select_related("unit")
        members = () if only_looks else ("members",)
        self.projects = found.prefetch_related(*members).in_bulk(keys)

    @cached_property
    def _lines(self) -> dict[int, list[BudgetLine]]:
        lines: dict[int, list[BudgetLine]] = defaultdict(list)
        found = BudgetLine.objects.filter(project__in=self.projects).order_by("pk")
        for line in found.only("project", "category", "kind", "fiscal_year", "cost_center"):
            lines[line.project_id].append(line)
        return lines

    def project_of(self, row: ImportRow) -> Project:
        """Return the row's project, which the importer may change; raise RowRefusedError."""
        is_named = "project" in row.values or not self._by_center_too
        field = "project" if is_named else "cost_center"
        project = self._by_code(row) if field == "project" else self._by_center(row)
        if not self._only_looks:
            self._setting.lookups.may_change(project, field)
        return project

    def _by_code(self, row: ImportRow) -> Project:
        key = self._setting.lookups.key(row, "project")
        if key is not None and key in self.projects:
            return self.projects[key]
        # it may be the number that the finance system has for one
        keys = self._keys_at(_codes(row, "project")) if self._by_center_too else set()
        if len(keys) != 1:
            raise self._setting.lookups.no_project(row)
        return self.projects[keys.pop()]

    def _by_center(self, row: ImportRow) -> Project:
        if "cost_center" not in row.values:
            raise RowRefusedError(
                "project",
                "This row names no project.",
                "The code of a project, or the cost center of a budget line.",
            )
        keys = self._keys_at(_codes(row, "cost_center"))
        if not keys:
            raise RowRefusedError(
                "cost_center",
                "No budget line has this cost center.",
                "Enter it at the budget line in Rounds, or name the project in the row.",
            )
        if len(keys) > 1:
            raise RowRefusedError(
                "cost_center",
                "Several projects have budget lines with this cost center.",
                "A column with the project's code.",
            )
        return self.projects[keys.pop()]

    def _keys_at(self, centers: Iterable[str]) -> set[int]:
        """Return the projects of the lines at the first of these cost centers that any has."""
        found = (keys for center in centers if (keys := self._setting.lookups.at_center(center)))
        return set(next(found, ()))

    def lines_of(self, project: Project) -> list[BudgetLine]:
        return self._lines[project.pk]

    def line_of(self, row: ImportRow, project: Project, day: date) -> BudgetLine | None:
        """
        Return the only line that the row's cost center and category mean; None where that is not certain.

        Of lines for the whole life and for single years the first are booked on, as the product counts.
        """
        lines = self.lines_of(project)
        at_center = _named(lines, "cost_center", _centers_of(row))
        same = _named(at_center or lines, "category", _categories_of(row))
        if not same and not at_center:
            return None
        found = same or at_center
        year = fiscal_year(day, start_month=organization().fiscal_year_start_month)
        whole = [one for one in found if one.fiscal_year is None]
        meant = whole or [one for one in found if one.fiscal_year == year]
        return meant[0] if len(meant) == 1 else None


def _centers_of(row: ImportRow) -> list[str]:
    """Return what a line of the row may have as its cost center, its project's number there first."""
    return [*_codes(row, "project"), *_codes(row, "cost_center")]


def _codes(row: ImportRow, field: str) -> list[str]:
    """Return what a cell may say as a code: all of it, or what stands before a name."""
    said = normalized(str(row.values.get(field, "")))
    return [one for one in dict.fromkeys((said, *CODED.split(said, maxsplit=1)[:1])) if one]


def _categories_of(row: ImportRow) -> list[str]:
    """Return what the row's category may be called: all of the cell, or the name behind its code."""
    said = normalized(str(row.values.get("category", "")))
    return [one for one in dict.fromkeys((said, *CODED.split(said, maxsplit=1)[1:])) if one]


def _named(lines: list[BudgetLine], field: str, names: list[str]) -> list[BudgetLine]:
    """Return the lines that have the first of these names that any has."""
    for name in names:
        if found := [one for one in lines if normalized(getattr(one, field)) == name]:
            return found
    return []
