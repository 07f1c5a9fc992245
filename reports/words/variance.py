"""The variance report in words and written figures, as its page prints it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from pmo.accounts.models import marked
from pmo.common.folding import fold
from pmo.common.page import formats
from pmo.common.page.charts import Chart
from pmo.organization.letterhead import Letterhead
from projects.domain.colors import Color
from projects.domain.earning.indices import Method
from projects.domain.earning.rollup import NOT_SAID
from projects.domain.rhythm import is_week_before
from projects.selectors.years import label_of
from reports.domain.bars import CostBar
from reports.domain.lines import LEFT, Mark, ProjectLine
from reports.domain.money import MoneyOf, Sum
from reports.domain.overspend import Overspend
from reports.domain.summary import Top, top
from reports.domain.variance import DatedMark, VariancePage
from reports.models import VarianceReport
from reports.selectors.freezing import later_day
from reports.words import card_titles
from reports.words.freshness import taken_later, voided_since
from reports.words.landing import landing_lines, lower
from reports.words.portfolio_charts import cost_chart
from reports.words.rhythm import taken_early
from reports.words.summary import weekday

COSTS_SHEET, MILESTONES_SHEET = "Cost and finish", "Milestones"
FORECAST_OR_ACTUAL = "Forecast or actual"
ROWS = 50
MARK_ROWS = 25
GROUP_ROWS = 30
CHANGE_ROWS = 15
BARS = 12


class CostRow(NamedTuple):
    project: int
    name: str
    code: str
    color: str
    approved: str
    spent: str
    forecast: str
    variance: str
    share: str
    is_over: bool
    reason: str
    eac: str
    span: str
    eac_reason: str


class GroupRow(NamedTuple):
    name: str
    projects: str
    approved: str
    forecast: str
    variance: str
    share: str
    is_over: bool
    without: str


class DateRow(NamedTuple):
    project: int
    name: str
    of: str
    planned: str
    forecast: str
    slip: str
    is_late: bool
    moved: str


class ChangeRow(NamedTuple):
    project: int
    name: str
    before: str
    now: str
    moved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTable:
    title: str
    rows: Top[ChangeRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    title: str
    noun: str
    rows: Top[GroupRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceSheet:
    lede: str
    tone: str
    total: GroupRow
    year: GroupRow
    year_label: str
    left_out: str
    landing: tuple[tuple[str, str], ...]
    lands_at: str
    costs: Top[CostRow]
    groups: tuple[GroupTable, ...]
    finishes: Top[DateRow]
    marks: Top[DateRow]
    schedule_title: str
    changes_title: str
    changes: tuple[ChangeTable, ...]
    new: tuple[str, ...]
    ended: tuple[str, ...]
    chart: Chart


def title(report: VarianceReport) -> str:
    return f"Variance report: {report.scope}"


def sub(report: VarianceReport) -> str:
    """Say of which day the report is, and with which it compares."""
    taken = taken_later(later_day(report.date, getattr(report, "taken_on", None)))
    day = f"As of {weekday(report.date)}{taken_early(is_early=report.is_early)}{taken}"
    if report.compared_with is None:
        return f"{day}."
    return f"{day}, compared with {weekday(report.compared_with)}."


def voided_sentence(report: VarianceReport) -> str:
    """Say that the freeze behind a report was voided since; "" where it stands."""
    at = getattr(report, "voided_at", None)  # as far as it was asked for
    reason = getattr(report, "void_reason", "")
    return voided_since(at, reason, stays="This report stays as it was made.")


def file_note(
    report: VarianceReport, page: VariancePage, letterhead: Letterhead, *, sources: Iterable[str]
) -> str:
    """Say in a workbook what its rows are, what they leave out and where the projects will land."""
    said = [sub(report)]
    if voided := voided_sentence(report):
        said.append(voided)
    if report.made_at:
        said.append(f"Created {formats.moment(letterhead.local(report.made_at))}.")
    said.append(left_out(page.total))
    if page.hidden:
        verb = "is" if page.hidden == 1 else "are"
        said.append(f"{formats.count(page.hidden, 'project')} {verb} hidden from you.")
    said += [sentence for _about, sentence in landing_lines(page.landing, letterhead.money)]
    return " ".join([*said, *sources])


def yes_or_no(*, yes: bool) -> str:
    return "Yes" if yes else "No"


def variance_sheet(
    page: VariancePage, *, marks: Iterable[DatedMark], currency: str
) -> VarianceSheet:
    """Write the report; of its milestones no more are taken than are shown."""
    since = _since(page)
    return VarianceSheet(
        lede=_lede(page, currency),
        tone="red" if (page.total.variance or 0) > 0 else "green" if page.total.variance else "",
        total=group_row("All projects", page.total, currency),
        year=group_row("All projects", page.year, currency),
        year_label=label_of(page.fiscal_year) if page.fiscal_year else "This fiscal year",
        left_out=left_out(page.total),
        landing=landing_lines(page.landing, currency),
        lands_at=formats.money(page.landing.rollup.eac.value, currency),
        costs=_top([_cost(line, currency) for line in page.lines[:ROWS]], len(page.lines)),
        groups=(
            _groups("By unit", "unit", page.by_unit, currency),
            _groups("By category", "category", page.by_category, currency),
            _groups("By manager", "manager", page.by_manager, currency),
        ),
        finishes=_top([_finish(line) for line in page.late_first[:ROWS]], len(page.late_first)),
        marks=_top([_mark(one) for one in islice(marks, MARK_ROWS)], page.milestones),
        schedule_title=card_titles.schedule_title(dated=page.dated, late=page.late),
        changes_title=f"What changed since {since}" if since else "What changed",
        changes=_changes(page, currency),
        new=tuple(f"{line.name} ({line.code})" for line in page.changes.new),
        ended=tuple(
            f"{line.name} ({line.code}{', no longer here' if line.stage == LEFT else ''})"
            for line in page.changes.ended
        ),
        chart=_chart(page, currency),
    )


def _top(rows: Sequence[CostRow] | Sequence[DateRow], total: int) -> Top:  # type: ignore[type-arg]  # of either row
    return Top(rows=tuple(rows), total=total)


def _since(page: VariancePage) -> str:
    if page.since is None:
        return ""
    return "last week" if is_week_before(page.since, page.as_of) else formats.day(page.since)


def _lede(page: VariancePage, currency: str) -> str:
    if not page.projects:
        return "There is no running project here that you can see."
    money = _difference(page.total, "Forecast cost", "the approved budget", currency)
    if not money and page.fiscal_year:
        year = label_of(page.fiscal_year)
        money = _difference(page.year, f"The forecast for {year}", "the year’s budget", currency)
    money = money or "No project has both an approved budget and a forecast cost."
    title = card_titles.schedule_title(dated=page.dated, late=page.late)
    return f"{money} {title}." if page.dated else money


def _difference(found: Sum, what: str, budget: str, currency: str) -> str:
    """Say how far a forecast is from its budget; "" when one of them is not known."""
    if found.variance is None:
        return ""
    if not found.variance:
        return f"{what} equals {budget}."
    side = "over" if found.variance > 0 else "under"
    share = f" ({formats.signed_percent(found.share)})" if found.share is not None else ""
    return f"{what} is {formats.money(abs(found.variance), currency)} {side} {budget}{share}."


def left_out(money: Sum) -> str:
    """Say how many projects are not in the sums, and why."""
    if not money.without:
        every = "all " if money.projects > 1 else ""
        return f"Sums are over {every}{formats.count(money.projects, 'project')}."
    shown = [f"{reason.rstrip('.')} ({count:,})" for reason, count in money.left_out[:5]]
    rest = len(money.left_out) - len(shown)
    tail = f", and {formats.count(rest, 'more reason')}" if rest else ""
    return (
        f"Sums are over the {money.compared:,} of {formats.count(money.projects, 'project')} that"
        f" have both amounts. Left out: {', '.join(shown)}{tail}."
    )


def group_row(name: str, sums: Sum, currency: str) -> GroupRow:
    return GroupRow(
        name=name,
        projects=f"{sums.projects:,}",
        approved=formats.money(sums.approved, currency),
        forecast=formats.money(sums.forecast, currency),
        variance=formats.signed_money(sums.variance, currency),
        share=formats.signed_percent(sums.share) if sums.share is not None else formats.DASH,
        is_over=(sums.variance or 0) > 0,
        without=f"{sums.without:,}" if sums.without else "",
    )


def _groups(title: str, noun: str, groups: Sequence[MoneyOf], currency: str) -> GroupTable:
    names = [marked(group.name) if group.has_left else group.name for group in groups]
    rows = [
        group_row(name, group.sums, currency) for name, group in zip(names, groups, strict=True)
    ]
    return GroupTable(title=title, noun=noun, rows=top(rows, GROUP_ROWS))


def _cost(line: ProjectLine, currency: str) -> CostRow:
    variance = line.cost_variance
    share = (
        variance / line.approved_budget if variance is not None and line.approved_budget else None
    )
    names = {"approved_budget": line.approved_budget, "forecast_cost": line.forecast_cost}
    missing = [line.reasons.get(name, "") for name, value in names.items() if value is None]
    return CostRow(
        project=line.id,
        name=line.name,
        code=line.code,
        color=line.overall,
        approved=formats.money(line.approved_budget, currency),
        spent=formats.money(line.spent, currency),
        forecast=formats.money(line.forecast_cost, currency),
        variance=formats.signed_money(variance, currency),
        share=formats.signed_percent(share),
        is_over=variance is not None and variance > 0,
        reason=next((reason for reason in missing if reason), ""),
        eac="" if line.eac is None else formats.money(line.eac, currency),
        span="" if line.eac is None else _span(line, currency),
        eac_reason=line.eac_reason or NOT_SAID,
    )


def _span(line: ProjectLine, currency: str) -> str:
    """Write the range of an estimate and how its headline was made."""
    how = Method(line.eac_method).label if line.eac_method else ""
    if line.eac_low == line.eac_high:
        return how
    low, high = (formats.money(value, currency) for value in (line.eac_low, line.eac_high))
    return f"{low} to {high}{f'; {lower(how)}' if how else ''}"


def _finish(line: ProjectLine) -> DateRow:
    """Write a project's finish as its last milestone."""
    mark = Mark(
        name=line.name,
        baseline_date=line.baseline_finish,
        due_date=line.forecast_finish,
        due_date_before=line.forecast_finish_before,
    )
    return _dated(line, mark, line.code)


def _mark(one: DatedMark) -> DateRow:
    return _dated(one.line, one.mark, one.line.name)


def _dated(line: ProjectLine, mark: Mark, of: str) -> DateRow:
    slip, moved = mark.slip_days, mark.moved_days
    return DateRow(
        project=line.id,
        name=mark.name,
        of=of,
        planned=formats.day(mark.baseline_date),
        forecast=formats.day(mark.due_date),
        slip=formats.slip(slip),
        is_late=slip is not None and slip > 0,
        moved=formats.moved(moved) if moved else "",
    )


def _changes(page: VariancePage, currency: str) -> tuple[ChangeTable, ...]:
    changes = page.changes
    forecast = [
        ChangeRow(
            line.id,
            line.name,
            formats.money(line.forecast_cost_before, currency),
            formats.money(line.forecast_cost, currency),
            formats.signed_money(line.forecast_moved, currency),
        )
        for line in changes.forecast
    ]
    finish = [
        ChangeRow(
            line.id,
            line.name,
            formats.day(line.forecast_finish_before),
            formats.day(line.forecast_finish),
            formats.moved(line.finish_moved or 0),
        )
        for line in changes.finish
    ]
    color = [
        ChangeRow(
            line.id,
            line.name,
            Color(line.overall_before or Color.NONE).label,
            line.color.label,
            "worse" if line.is_worse else "better" if line.is_better else "",
        )
        for line in changes.color
    ]
    tables = (
        ("Forecast cost moved", forecast),
        ("Finish moved", finish),
        ("Status changed", color),
    )
    return tuple(
        ChangeTable(title=title, rows=top(rows, CHANGE_ROWS)) for title, rows in tables if rows
    )


def _chart(page: VariancePage, currency: str) -> Chart:
    known = [line for line in page.lines if line.cost_variance]
    largest = sorted(
        known, key=lambda line: (-abs(line.cost_variance or Decimal()), fold(line.name))
    )[:BARS]
    over = [amount for line in known if (amount := line.cost_variance or Decimal()) > 0]
    bars = [
        CostBar(
            project=line.id,
            name=line.name,
            approved=line.approved_budget or Decimal(),
            forecast=line.forecast_cost or Decimal(),
            variance=line.cost_variance or Decimal(),
        )
        for line in sorted(largest, key=lambda line: (-(line.cost_variance or 0), fold(line.name)))
    ]
    overspend = Overspend(
        comparable=page.total.compared,
        over=len(over),
        over_sum=sum(over, Decimal()),
        largest=sorted(over, reverse=True)[:3],
    )
    rest = len(known) - len(bars)
    note = (
        f"The {len(bars)} largest; {formats.count(rest, 'smaller one')} not drawn." if rest else ""
    )
    return cost_chart(bars, overspend, currency=currency, footnote=note)
