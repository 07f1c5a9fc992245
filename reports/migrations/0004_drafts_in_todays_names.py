"""
Give the lines of open drafts the names that snapshots have for their figures.

Issued summaries and variance reports stay as they were written: they are read through the first names.
"""

from collections.abc import Mapping
from typing import Any

from django.db import migrations

LINE = {
    "manager": "manager_name",
    "unit": "unit_name",
    "approved": "approved_budget",
    "forecast": "forecast_cost",
    "forecast_before": "forecast_cost_before",
    "budget": "budget_at_completion",
    "planned": "planned_value",
    "earned": "earned_value",
    "year": "fiscal_year",
    "finish": "forecast_finish",
    "finish_before": "forecast_finish_before",
    "pace_finish": "forecast_finish_ev",
    "late_milestones": "milestones_late",
    "late_milestones_before": "milestones_late_before",
    "published": "published_rating",
}
MILESTONE = {"baseline": "baseline_date", "due": "due_date", "due_before": "due_date_before"}


def rename(apps: Any, _editor: Any) -> None:
    _write(apps, LINE, MILESTONE)


def rename_back(apps: Any, _editor: Any) -> None:
    _write(apps, _turned(LINE), _turned(MILESTONE))


def _write(apps: Any, line: Mapping[str, str], milestone: Mapping[str, str]) -> None:
    drafts = apps.get_model("reports", "Summary").objects.filter(state="draft")
    for pk in list(drafts.order_by("pk").values_list("pk", flat=True)):
        # one at a time: each is as long as its portfolio is large
        draft = drafts.only("content").get(pk=pk)
        for one in draft.content.get("lines", []):
            if "milestones" in one:
                one["milestones"] = [_named(mark, milestone) for mark in one["milestones"]]
        lines = [_named(one, line) for one in draft.content.get("lines", [])]
        draft.content = draft.content | {"lines": lines}
        draft.save(update_fields=["content"])


def _named(stored: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in stored.items()}


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_imports_on_their_own")]

    operations = [migrations.RunPython(rename, rename_back)]
