"""What stands in a variance report, made from the lines that its reader may see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pmo.common.folding import by_name, fold
from projects.domain.colors import Color
from reports.domain.landing import LandingSum, landing_of
from reports.domain.lines import Mark, ProjectLine, Seen, mark_from_json, to_json
from reports.domain.money import Key, MoneyOf, Sum, grouped, sum_of, year_sum_of

# what reports of release 0.1 call the codes they hold: they are made, so nothing renames them
OF_RELEASE_0_1 = {
    "ehr": "Health records and clinical IT",
    "telehealth": "Telehealth and access",
    "facility": "Buildings and facilities",
    "safety": "Patient safety and infection",
    "compliance": "Compliance",
    "value_based": "Value-based care",
    "vaccine": "Vaccines and public health",
    "cyber": "Cybersecurity",
    "erp": "Finance and ERP",
    "device": "Devices and AI",
    "workforce": "Workforce",
    "other": "Other",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedMark:
    line: ProjectLine
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What moved between the two freezes, each list the largest first."""

    forecast: tuple[ProjectLine, ...] = ()
    finish: tuple[ProjectLine, ...] = ()
    color: tuple[ProjectLine, ...] = ()
    new: tuple[ProjectLine, ...] = ()
    ended: tuple[ProjectLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.forecast or self.finish or self.color or self.new or self.ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariancePage:
    """Everything one reader's report shows; `since` None means there was no freeze before."""

    as_of: date
    since: date | None
    projects: int
    hidden: int
    total: Sum
    year: Sum
    landing: LandingSum
    fiscal_year: int | None
    lines: tuple[ProjectLine, ...]  # largest overspend first, unknown last
    by_unit: tuple[MoneyOf, ...]
    by_category: tuple[MoneyOf, ...]
    by_manager: tuple[MoneyOf, ...]
    late_first: tuple[ProjectLine, ...]  # by slip of the finish, unknown last
    milestones: int
    dated: int
    late: int
    changes: Changes


def page_for(seen: Seen, *, as_of: date, since: date | None) -> VariancePage:
    running = seen.running
    dated = [line for line in running if line.finish_slip_days is not None]
    return VariancePage(
        as_of=as_of,
        since=since,
        projects=len(running),
        hidden=seen.hidden,
        total=sum_of(running),
        year=year_sum_of(running),
        landing=landing_of(seen),
        fiscal_year=max((line.fiscal_year for line in running if line.fiscal_year), default=None),
        lines=tuple(sorted(running, key=_by_variance)),
        by_unit=tuple(
            grouped(running, lambda line: Key(line.unit_id, line.unit_name), unnamed="No unit")
        ),
        by_category=tuple(
            grouped(running, lambda line: Key(None, category_of(line)), unnamed="Other")
        ),
        by_manager=tuple(
            grouped(
                running,
                lambda line: Key(line.manager_id, line.manager_name, line.manager_left),
                unnamed="No manager named",
            )
        ),
        late_first=tuple(sorted(running, key=_by_slip)),
        milestones=sum(line.milestones_apart for line in running),
        dated=len(dated),
        late=sum((line.finish_slip_days or 0) > 0 for line in dated),
        changes=_changes(seen.lines) if since else Changes(),
    )


def category_of(line: ProjectLine) -> str:
    """Return the category as the report calls it: as it was called when the report was made."""
    return line.category_name or OF_RELEASE_0_1.get(line.category, line.category)


def _by_variance(line: ProjectLine) -> tuple[bool, object, str, int]:
    return (line.cost_variance is None, -(line.cost_variance or 0), *by_name(line.name, line.id))


def _by_slip(line: ProjectLine) -> tuple[bool, int, str, int]:
    return (
        line.finish_slip_days is None,
        -(line.finish_slip_days or 0),
        *by_name(line.name, line.id),
    )


def _by_mark_slip(one: DatedMark) -> tuple[bool, int, str, int, str]:
    slip, line = one.mark.slip_days, one.line
    return (slip is None, -(slip or 0), *by_name(line.name, line.id), fold(one.mark.name))


def apart(lines: Iterable[ProjectLine]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """
    Return the stored form of lines, and of their milestones: of all projects, in the order of a report.

    A reader's copy takes them one by one from there, whatever their number: by slip, unknown last.
    """
    stored, found = [], []
    for line in lines:
        rest = to_json(line)
        marks = rest.pop("milestones", ())
        stored.append(rest | ({"milestones_apart": len(marks)} if marks else {}))
        for place, mark in enumerate(marks):
            dated = DatedMark(line=line, mark=line.milestones[place])
            found.append((_by_mark_slip(dated), {"project": line.id, **mark}))
    found.sort(key=lambda pair: pair[0])
    return stored, [mark for _order, mark in found]


def marks_of(page: VariancePage, stored: Iterable[Mapping[str, Any]]) -> Iterator[DatedMark]:
    """Yield those of the stored milestones that belong to a project of this reader's report."""
    lines = {line.id: line for line in page.lines}
    for one in stored:
        if line := lines.get(one["project"]):
            yield DatedMark(line=line, mark=mark_from_json(one))


def _changes(lines: Sequence[ProjectLine]) -> Changes:
    stays = [line for line in lines if line.stays]
    named = sorted(lines, key=lambda line: by_name(line.name, line.id))
    return Changes(
        forecast=tuple(
            sorted(
                (line for line in stays if line.forecast_moved),
                key=lambda x: (-abs(x.forecast_moved or Decimal()), *by_name(x.name, x.id)),
            )
        ),
        finish=tuple(
            sorted(
                (line for line in stays if line.finish_moved),
                key=lambda x: (-abs(x.finish_moved or 0), *by_name(x.name, x.id)),
            )
        ),
        color=tuple(
            line
            for line in named
            if line.stays and line.overall != (line.overall_before or Color.NONE)
        ),
        new=tuple(line for line in named if line.is_new),
        ended=tuple(line for line in named if line.is_ended),
    )
