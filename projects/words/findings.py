"""The sentences on a project's pages: what the figures say, in words that can be repeated."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.common.page.formats import color_word, count, counted, day, money, slip
from pmo.organization.current import category_name, organization
from projects.domain.colors import Color
from projects.domain.origins import is_imported
from projects.domain.stages import Stage
from projects.models import Project, Stakeholder
from projects.selectors.figures import Amount, Milestones, ProjectMoney
from projects.selectors.milestones import MilestoneCounts
from projects.selectors.overview import Declared, Overview, ProjectCounts, ProjectRow

NO_SOON = "No milestone is due in the next 30 days."
NO_VARIANCE = "Needs an approved budget and a forecast."
DATE_FACTS = (
    ("Start", "start_date"),
    ("Baseline finish", "baseline_finish_date"),
    ("Forecast finish", "forecast_finish_date"),
    ("Finished on", "actual_finish_date"),
)


class MoneyFact(NamedTuple):
    """One amount; `reason` says why there is none, or what is missing from it."""

    label: str
    value: Decimal | None
    reason: str
    is_difference: bool = False


def written(value: Decimal) -> str:
    return money(value, organization().money)


def projects_lede(counts: ProjectCounts) -> str:
    """Say how many of the active projects will be late, and how late."""
    if not counts.active:
        return "No active projects yet."
    lead = f"{count(counts.active, 'active project')}."
    if counts.late:
        late = counted(
            counts.late, "1 is forecast to finish late", "{n} are forecast to finish late"
        )
        lead = f"{lead} {late}, at worst by {count(counts.worst_slip or 0, 'day')}."
    elif counts.unknown < counts.active:
        lead = f"{lead} None is forecast to finish late."
    if counts.unknown:
        unknown = counted(
            counts.unknown,
            "1 has no forecast or no baseline to compare with.",
            "{n} have no forecast or no baseline to compare with.",
        )
        lead = f"{lead} {unknown}"
    return lead


def project_lede(overview: Overview, *, as_of: date) -> str:
    """Say status, finish, money and late milestones, each only when something is known."""
    row = overview.row
    if row.project.stage == Stage.CLOSED:
        return f"{finish_finding(row.project)} {closing_finding(row.figures.money)}".strip()
    parts = (
        status_finding(row, as_of=as_of),
        finish_finding(row.project),
        money_finding(row.figures.money),
        late_finding(row.figures.milestones),
    )
    return " ".join(part for part in parts if part)


def status_finding(row: ProjectRow, *, as_of: date) -> str:
    declared, measured = row.declared, row.figures.overall
    data = f"the data says {color_word(measured.color)}"
    if declared.color is not Color.NONE:
        who = "The imported status is" if is_from_table(declared) else "The manager says"
        said = f"{who} {color_word(declared.color)}"
        if measured.color is Color.NONE:
            return f"{said}; the data cannot say yet."
        both = "and" if declared.color is measured.color else "but"
        return f"{said}, {both} {data}."
    silence = silence_finding(row.project, declared, as_of=as_of)
    if measured.color is Color.NONE:
        return silence
    return f"{silence} T{data[1:]}."


def said(row: ProjectRow, *, as_of: date) -> str:
    """Return the manager's sentence, or why there is none that still counts."""
    update = row.declared.update
    if update and not row.declared.is_stale:
        note = str(update.overall_note)
        if not is_from_table(row.declared):
            return note
        by = f" by {update.author}" if update.author else ""
        stop = "" if not note or note[-1] in ".!?" else "."
        return f"{note}{stop} {update.published_rating}{by}.".strip()
    return silence_finding(row.project, row.declared, as_of=as_of)


def is_from_table(declared: Declared) -> bool:
    """True when the last word came out of an imported table, not from the manager."""
    return declared.update is not None and is_imported(declared.update.published_rating)


def silence_finding(project: Project, declared: Declared, *, as_of: date) -> str:
    """Say why there is no declared status; a project that owes none is not called silent."""
    last = f"the last one said {color_word(declared.said)}."
    if not project.is_reporting:
        due = f"The project is in {project.get_stage_display()}: no weekly update is due"
        return f"{due}; {last}" if declared.updated_on else f"{due}."
    if declared.updated_on:
        return f"No report for {count((as_of - declared.updated_on).days, 'day')}; {last}"
    return "No status update has been published yet."


def finish_finding(project: Project) -> str:
    late = project.finish_slip_days
    against = "" if late is None else f", {slip(late)}"
    if project.actual_finish_date:
        return f"It was finished on {day(project.actual_finish_date)}{against}."
    if project.forecast_finish_date:
        return f"Finish is forecast for {day(project.forecast_finish_date)}{against}."
    return ""


def money_finding(figures: ProjectMoney) -> str:
    if figures.forecast.value is None:
        return ""
    lead = f"Forecast cost is {written(figures.forecast.value)}"
    if figures.variance is None:
        return f"{lead}."
    if not figures.variance:
        return f"{lead}, as approved."
    side = "over" if figures.variance > 0 else "under"
    return f"{lead}, {written(abs(figures.variance))} {side} the approved budget."


def closing_finding(figures: ProjectMoney) -> str:
    """Say what a closed project cost: no forecast speaks of it any more."""
    spent, approved = figures.spent.value, figures.approved.value
    if spent is None:
        return figures.spent.reason
    if approved is None:
        return f"It cost {written(spent)}."
    if spent == approved:
        return f"It cost {written(spent)}, as approved."
    side = "over" if spent > approved else "under"
    return f"It cost {written(spent)}, {written(abs(spent - approved))} {side} the approved budget."


def money_lede(figures: ProjectMoney) -> str:
    """Say where the money will land and how much of it is spent."""
    if figures.approved.value is None:
        lead = figures.approved.reason
    else:
        lead = f"The approved budget is {written(figures.approved.value)}."
    spent = figures.spent.value
    parts = (
        lead,
        f"{written(spent)} is spent." if spent is not None else "",
        money_finding(figures),
    )
    return " ".join(part for part in parts if part)


def late_finding(milestones: Milestones) -> str:
    if not milestones.late:
        return ""
    of = count(milestones.total, "milestone")
    return counted(milestones.late, f"1 of {of} is overdue.", f"{{n}} of {of} are overdue.")


def milestone_title(milestones: Milestones) -> str:
    if milestones.late:
        return counted(milestones.late, "1 milestone is overdue", "{n} milestones are overdue")
    if milestones.total and milestones.done == milestones.total:
        return "All milestones are done"
    if milestones.next:
        return f"Next milestone on {day(milestones.next.due)}"
    return "Milestones"


def money_title(figures: ProjectMoney) -> str:
    if figures.variance is None or figures.approved.value is None:
        return "Money"
    if figures.variance > 0:
        return f"Forecast is {written(figures.variance)} over the approved budget"
    if figures.variance < 0:
        return f"Forecast is {written(-figures.variance)} under the approved budget"
    return "Forecast is as approved"


def money_facts(figures: ProjectMoney) -> list[MoneyFact]:
    def fact(label: str, amount: Amount) -> MoneyFact:
        return MoneyFact(label, amount.value, amount.reason)

    reason = "" if figures.variance is not None else NO_VARIANCE
    return [
        fact("Approved budget", figures.approved),
        fact("Spent", figures.spent),
        fact("Committed by contract", figures.committed),
        fact("Forecast cost", figures.forecast),
        MoneyFact("Over or under", figures.variance, reason, is_difference=True),
    ]


def project_facts(project: Project) -> list[tuple[str, str]]:
    """Return labels and words; a missing date is given by the reason stated for it."""
    dates = []
    for label, name in DATE_FACTS:
        value = getattr(project, name)
        if name == "actual_finish_date" and value is None:
            continue
        dates.append((label, day(value) if value else project.stated_reasons.get(name, "")))
    return [
        ("Code", project.code),
        ("Stage", project.get_stage_display()),
        ("Unit", project.unit.name),
        ("Program", project.program.name if project.program else "None"),
        ("Category", category_name(project.category)),
        ("Lane", project.get_lane_display()),
        *dates,
    ]


def stakeholder_title(stakeholders: Sequence[Stakeholder]) -> str:
    wanting = sum(one.needs_work for one in stakeholders)
    if not wanting:
        return "Stakeholders"
    return counted(
        wanting,
        "1 stakeholder is not engaged as wanted",
        "{n} stakeholders are not engaged as wanted",
    )


def milestones_lede(counts: MilestoneCounts) -> str:
    """Say what is due in 30 days, what is overdue, and what is late against its baseline."""
    if not counts.total:
        return "No milestones yet."
    due, past = NO_SOON, "None is overdue."
    if counts.soon:
        due = counted(
            counts.soon,
            "1 milestone is due in the next 30 days.",
            "{n} milestones are due in the next 30 days.",
        )
    if counts.late:
        past = counted(counts.late, "1 is overdue.", "{n} are overdue.")
    if not counts.slipped:
        return f"{due} {past} None is late against its baseline."
    worst = count(counts.worst_slip or 0, "day")
    late = counted(
        counts.slipped, "1 is late against the baseline", "{n} are late against the baseline"
    )
    return f"{due} {past} {late}, at worst by {worst}."
