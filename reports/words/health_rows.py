"""Rows of the health table, written out before the template sees them: the template is the slow part."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from pmo.common.page import formats
from pmo.common.templatetags import rounds as draw
from pmo.organization.current import organization
from projects.domain.colors import Color
from projects.domain.origins import is_imported, origin_of
from projects.domain.stages import Stage
from projects.rules import axes_in_use, axis_names
from reports.domain.figure_table import Use, names_in

FIELDS = ("project_id", *names_in(Use.TABLE), "manager_said")
WHOLE_WORD, CUT = 4, 3  # letters of a name that stand whole above a dot, and of a longer one

Values = Mapping[str, Any]


class AxisColumn(NamedTuple):
    """An axis above its dots; `short` fits where the whole name does not."""

    key: str
    name: str

    @property
    def short(self) -> str:
        return self.name if len(self.name) <= WHOLE_WORD else self.name[:CUT].strip()


def axis_columns(rows: Sequence[Values], *, is_now: bool) -> list[AxisColumn]:
    """Return the axes in use; a frozen day shows those too that were in use then and hold a color."""
    in_use = axes_in_use()
    return [
        AxisColumn(axis.value, name)
        for axis, name in axis_names().items()
        if axis in in_use
        or (not is_now and any(row[axis.value] != Color.NONE.value for row in rows))
    ]


def health_row(row: Values, columns: Sequence[AxisColumn], *, today: date) -> dict[str, Any]:
    """Return what the template prints for one project, with a dot per axis of `columns`."""
    stage = Stage(row["stage"]).label
    return {
        "id": row["project_id"],
        "url": reverse("projects:project_detail", args=[row["project_id"]]),
        "name": row["name"],
        "sub": " · ".join(part for part in (row["code"], row["manager_said"], stage) if part),
        "is_red": row["overall"] == "red",
        "badge": draw.rag(row["overall"]),
        "aside": _aside(row),
        "data_says": formats.color_word(row["measured"]) if row["is_disputed"] else "",
        "rule": row["measured_rule"],
        "change": _change(row),
        "dots": [draw.dot(row[one.key], one.name) for one in columns],
        "trend": draw.status_trend(row["trend"]),
        **_money(row),
        **_milestone(row, today),
        "updated": draw.ago(row["updated_on"], today),
        "is_stale": row["is_stale"],
    }


def _aside(row: Values) -> str:
    # beside what the data says there is room for one thing: that the color is not the manager's word
    if row["is_disputed"] and not is_imported(row["published_rating"]):
        return ""
    if row["published_rating"]:
        return origin_of(row["published_rating"])
    if row["overall"] == "none" and row["overall_said"] not in {"", "none"}:
        return f"Last said {formats.color_word(row['overall_said'])}"
    return ""


def _change(row: Values) -> str:
    # a trend of one letter has no freeze behind it
    before = row["overall_before"] if len(row["trend"]) > 1 else None
    return draw.change(row["overall"], before)


def _money(row: Values) -> dict[str, Any]:
    approved, spent, variance = row["approved_budget"], row["spent"], row["cost_variance"]
    sign = organization().money
    found: dict[str, Any] = {"bar": "", "spent": "", "over": "", "share": "", "is_over": False}
    if approved is None:
        found["bar"] = draw.missing(row["reasons"].get("approved_budget", "No approved budget."))
    else:
        found["bar"] = draw.budget_bar(spent, row["forecast_cost"], approved)
        whole = formats.money(approved, sign)
        known = spent is not None
        found["spent"] = (
            f"{formats.money(spent, sign)} of {whole}" if known else f"{whole} approved"
        )
    if variance is not None:
        found["share"] = formats.signed_percent(variance / approved) if approved else ""
    elif row["year_budget"] is not None and row["year_forecast"] is not None:
        # nothing to compare for the whole life: this year is better than nothing, if it says so
        variance = row["year_forecast"] - row["year_budget"]
        found["share"] = "this fiscal year"
    else:
        lacking = "approved_budget" if approved is None else "forecast_cost"
        found["over"] = draw.missing(row["reasons"].get(lacking, "No forecast made."))
        return found
    found["over"] = formats.signed_money(variance, sign)
    found["is_over"] = variance > 0
    return found


def _milestone(row: Values, today: date) -> dict[str, Any]:
    due, slip = row["next_milestone_date"], row["next_milestone_slip_days"]
    if due is None:
        return {"milestone": draw.missing("No open milestone."), "due": "", "late": "", "early": ""}
    year = formats.short_day if due.year == today.year else formats.day
    late, early = "", ""
    if due < today:
        late = f"{formats.count((today - due).days, 'day')} overdue"
    elif slip and slip > 0:
        late = formats.slip(slip)
    elif slip and slip < 0:
        early = formats.slip(slip)
    return {"milestone": row["next_milestone"], "due": year(due), "late": late, "early": early}
