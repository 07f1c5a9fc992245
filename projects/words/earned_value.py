"""The figures of earned value in words: plain name, the field's term, formula, where it is published."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from pmo.common.local.currency import currency
from pmo.common.page.figures import money_exact

ONE_DOLLAR = "$1"  # as the definitions below are written; `defined` says it in another currency
STANDARD = "EIA-748; PMBOK Guide"
ESTIMATES = "PMBOK Guide; PM Knowledge Center, node 166"
LIPKE = "W. Lipke, Earned Schedule, 2007"
TIME_FORECAST = "PM Knowledge Center, node 167; W. Lipke, Earned Schedule, 2007"


class FigureUnit(StrEnum):
    MONEY = "money"
    RATIO = "ratio"
    SHARE = "share"
    DAYS = "days"  # working days of the baseline's calendar


class Definition(NamedTuple):
    """One figure; `worked` is its formula with the names of other figures in braces, if it has one."""

    label: str
    term: str
    unit: FigureUnit
    meaning: str
    formula: str
    worked: str = ""
    literature: str = STANDARD

    @property
    def uses(self) -> tuple[str, ...]:
        """Return the figures that the formula names."""
        return tuple(dict.fromkeys(re.findall(r"{(\w+)}", self.worked)))


INPUTS: Mapping[str, Definition] = {
    "budget": Definition(
        "Approved plan",
        "Budget at completion (BAC)",
        FigureUnit.MONEY,
        "What all the work of the approved baseline may cost.",
        "The money of the baseline: what its work carries, and what no work carries yet.",
    ),
    "planned": Definition(
        "Planned",
        "Planned value (PV)",
        FigureUnit.MONEY,
        "What the work planned up to this day is worth in the approved baseline.",
        "Each piece of work, spread evenly over its working days, up to this day. After the planned "
        "finish it is the whole approved plan.",
    ),
    "earned": Definition(
        "Earned",
        "Earned value (EV)",
        FigureUnit.MONEY,
        "What the work done is worth in the approved baseline, whatever it cost.",
        "Each piece of work at its approved amount, times the part of it that is done.",
    ),
    "actual": Definition(
        "Spent",
        "Actual cost (AC)",
        FigureUnit.MONEY,
        "What was spent up to this day.",
        "The sum of the actual cost entries; credits are taken off.",
    ),
    "eac_bottom_up": Definition(
        "The manager's forecast",
        "Bottom-up estimate at completion",
        FigureUnit.MONEY,
        "What the manager expects the whole project to cost.",
        "The last forecast entry.",
        literature=ESTIMATES,
    ),
    "planned_duration": Definition(
        "Planned duration",
        "Planned duration (PD)",
        FigureUnit.DAYS,
        "How long the approved baseline takes.",
        "Working days from its start to its finish.",
        literature=LIPKE,
    ),
    "elapsed": Definition(
        "Time gone",
        "Actual time (AT)",
        FigureUnit.DAYS,
        "How long the project has run; it stands still at the actual finish.",
        "Working days from the start of the baseline to this day.",
        literature=LIPKE,
    ),
}

COST: Mapping[str, Definition] = {
    "cost_variance": Definition(
        "Under or over cost for the work done",
        "Cost variance (CV)",
        FigureUnit.MONEY,
        "Above zero, the work done cost less than approved for it; below zero, more.",
        "Earned, minus spent.",
        "{earned} − {actual}",
    ),
    "schedule_variance": Definition(
        "Ahead of or behind plan, in money",
        "Schedule variance (SV)",
        FigureUnit.MONEY,
        "Above zero, more is done than was planned by now; below zero, less.",
        "Earned, minus planned.",
        "{earned} − {planned}",
    ),
    "cost_variance_share": Definition(
        "Under or over cost, as a share of the work done",
        "CV%",
        FigureUnit.SHARE,
        "How far the cost of the work done is from what was approved for it.",
        "Under or over cost for the work done, divided by earned.",
        "{cost_variance} ÷ {earned}",
    ),
    "schedule_variance_share": Definition(
        "Ahead of or behind plan, as a share of the plan so far",
        "SV%",
        FigureUnit.SHARE,
        "How far the work done is from what was planned by now.",
        "Ahead of or behind plan, divided by planned.",
        "{schedule_variance} ÷ {planned}",
    ),
    "cpi": Definition(
        "Value earned per $1 spent",
        "Cost performance index (CPI)",
        FigureUnit.RATIO,
        "Below $1, the work costs more than was approved for it.",
        "Earned, divided by spent.",
        "{earned} ÷ {actual}",
    ),
    "spi": Definition(
        "Progress against plan",
        "Schedule performance index (SPI)",
        FigureUnit.RATIO,
        "Below 100%, less is done than was planned by now. It returns to 100% at the end however late "
        "the project is; the schedule pace does not.",
        "Earned, divided by planned.",
        "{earned} ÷ {planned}",
    ),
    "effort_share": Definition(
        "Part that is level of effort",
        "Level of effort (LOE), share of PV",
        FigureUnit.SHARE,
        "How much of the planned value counts as done by passing time alone.",
        "The planned value of work that earns as time passes, divided by planned.",
    ),
    "spi_discrete": Definition(
        "Progress against plan, without level of effort",
        "SPI of discrete work",
        FigureUnit.RATIO,
        "The same for the work that can be late at all. Level of effort is never late and hides it.",
        "Earned, divided by planned, both without level of effort.",
    ),
    "complete": Definition(
        "Part done",
        "Percent complete",
        FigureUnit.SHARE,
        "How much of the approved work is done.",
        "Earned, divided by the approved plan.",
        "{earned} ÷ {budget}",
    ),
    "spent": Definition(
        "Part spent",
        "Percent spent",
        FigureUnit.SHARE,
        "How much of the approved money is spent.",
        "Spent, divided by the approved plan.",
        "{actual} ÷ {budget}",
    ),
    "tcpi_budget": Definition(
        "Cost efficiency needed to keep the approved plan",
        "To-complete performance index, TCPI (BAC)",
        FigureUnit.RATIO,
        "The work that each $1 still to spend must buy if the approved plan is to hold.",
        "Work left, divided by approved money left.",
        "({budget} − {earned}) ÷ ({budget} − {actual})",
    ),
    "tcpi_bottom_up": Definition(
        "Cost efficiency needed to keep the manager's forecast",
        "To-complete performance index, TCPI (EAC)",
        FigureUnit.RATIO,
        "The work that each $1 still to spend must buy if the manager's forecast is to hold.",
        "Work left, divided by what the forecast leaves to spend.",
        "({budget} − {earned}) ÷ ({eac_bottom_up} − {actual})",
    ),
    "tcpi_eac": Definition(
        "Cost efficiency in the calculated estimate",
        "To-complete performance index of the calculated estimate",
        FigureUnit.RATIO,
        "The work that each $1 still to spend buys in the calculated estimate.",
        "Work left, divided by what the estimate leaves to spend.",
        "({budget} − {earned}) ÷ ({eac} − {actual})",
    ),
}

ESTIMATED: Mapping[str, Definition] = {
    "eac": Definition(
        "Where it will land",
        "Estimate at completion (EAC)",
        FigureUnit.MONEY,
        "What the whole project will cost if it goes on in the way that is chosen.",
        "The rest at budget while less than a fifth is done; after that, the rest at current cost "
        "efficiency.",
        literature=ESTIMATES,
    ),
    "eac_rate": Definition(
        "The rest at budget",
        "EAC at the budgeted rate",
        FigureUnit.MONEY,
        "What happened so far was an exception.",
        "Spent, plus the work left at its approved amount.",
        "{actual} + ({budget} − {earned})",
        ESTIMATES,
    ),
    "eac_cpi": Definition(
        "The rest at current cost efficiency",
        "EAC by CPI",
        FigureUnit.MONEY,
        "What happened so far is how it goes on.",
        "Spent, plus the work left divided by the value earned per $1 spent.",
        "{actual} + ({budget} − {earned}) ÷ {cpi}",
        ESTIMATES,
    ),
    "eac_cpi_spi": Definition(
        "Cost and schedule combined (CPI × SPI)",
        "EAC by CPI × SPI",
        FigureUnit.MONEY,
        "The cost so far goes on, and catching up must be paid for.",
        "Spent, plus the work left divided by both indices.",
        "{actual} + ({budget} − {earned}) ÷ ({cpi} × {spi})",
        ESTIMATES,
    ),
    "eac_weighted": Definition(
        "80% cost, 20% schedule",
        "EAC weighted 80/20",
        FigureUnit.MONEY,
        "Four parts the cost so far, one part the schedule so far.",
        "Spent, plus the work left divided by 0.8 of the one index and 0.2 of the other.",
        "{actual} + ({budget} − {earned}) ÷ (0.8 × {cpi} + 0.2 × {spi})",
        ESTIMATES,
    ),
    "eac_low": Definition(
        "Range, lowest",
        "Lowest estimate at completion",
        FigureUnit.MONEY,
        "The lowest of the estimates, the manager's forecast among them unless more is spent already.",
        "The smallest of: the rest at budget, at current cost efficiency, cost and schedule combined, the "
        "manager's.",
        literature=ESTIMATES,
    ),
    "eac_high": Definition(
        "Range, highest",
        "Highest estimate at completion",
        FigureUnit.MONEY,
        "The highest of the estimates, the manager's forecast among them unless more is spent already.",
        "The largest of: the rest at budget, at current cost efficiency, cost and schedule combined, the "
        "manager's.",
        literature=ESTIMATES,
    ),
    "to_complete": Definition(
        "Still to spend",
        "Estimate to complete (ETC)",
        FigureUnit.MONEY,
        "What the rest of the work will cost.",
        "Where it will land, minus spent.",
        "{eac} − {actual}",
        ESTIMATES,
    ),
    "at_completion": Definition(
        "Under or over budget at the end",
        "Variance at completion (VAC)",
        FigureUnit.MONEY,
        "Above zero, money will be left; below zero, it is missing.",
        "The approved plan, minus where it will land.",
        "{budget} − {eac}",
        ESTIMATES,
    ),
    "at_completion_share": Definition(
        "Under or over budget at the end, as a share of the plan",
        "VAC%",
        FigureUnit.SHARE,
        "How far the end is from the approved plan.",
        "Under or over budget at the end, divided by the approved plan.",
        "{at_completion} ÷ {budget}",
        ESTIMATES,
    ),
}

TIME: Mapping[str, Definition] = {
    "earned_schedule": Definition(
        "Time worth of work done",
        "Earned schedule (ES)",
        FigureUnit.DAYS,
        "When the work done by now should have been done, counted from the start.",
        "The last day whose planned value is earned, plus the part of the next day that is.",
        literature=LIPKE,
    ),
    "time_variance": Definition(
        "Ahead of or behind plan, in time",
        "SV(t)",
        FigureUnit.DAYS,
        "Above zero, the project is ahead of plan; below zero, behind plan.",
        "Time worth of work done, minus time gone.",
        "{earned_schedule} − {elapsed}",
        LIPKE,
    ),
    "spi_t": Definition(
        "Schedule pace",
        "SPI(t)",
        FigureUnit.RATIO,
        "Planned days of work done for each day gone. Below 1, the project is getting later.",
        "Time worth of work done, divided by time gone.",
        "{earned_schedule} ÷ {elapsed}",
        LIPKE,
    ),
    "duration": Definition(
        "How long it will take at this pace",
        "IEAC(t)",
        FigureUnit.DAYS,
        "The whole duration if the rest goes at the current schedule pace.",
        "Planned duration, divided by the schedule pace.",
        "{planned_duration} ÷ {spi_t}",
        TIME_FORECAST,
    ),
    "duration_as_planned": Definition(
        "How long it will take if the rest goes as planned",
        "IEAC(t), performance factor 1",
        FigureUnit.DAYS,
        "What is late stays late, and nothing is added.",
        "Time gone, plus the planned time of the work left.",
        "{elapsed} + ({planned_duration} − {earned_schedule})",
        TIME_FORECAST,
    ),
    "duration_with_cost": Definition(
        "How long it will take if money runs short too",
        "IEAC(t), performance factor CPI × SPI(t)",
        FigureUnit.DAYS,
        "The rest goes at the current schedule pace, slowed by what the work costs.",
        "Time gone, plus the planned time of the work left divided by both indices.",
        "{elapsed} + ({planned_duration} − {earned_schedule}) ÷ ({cpi} × {spi_t})",
        TIME_FORECAST,
    ),
    "duration_by_spi": Definition(
        "How long it will take, by the older rule",
        "PD ÷ SPI",
        FigureUnit.DAYS,
        "An older figure, kept for comparison; it says nothing near the end of a late project.",
        "Planned duration, divided by progress against plan.",
        "{planned_duration} ÷ {spi}",
        TIME_FORECAST,
    ),
    "tspi": Definition(
        "Schedule pace needed to keep the planned finish",
        "To-complete schedule performance index (TSPI)",
        FigureUnit.RATIO,
        "The planned days of work that each day left must do.",
        "Planned time of the work left, divided by the planned time left.",
        "({planned_duration} − {earned_schedule}) ÷ ({planned_duration} − {elapsed})",
        TIME_FORECAST,
    ),
}

DEFINITIONS: Mapping[str, Definition] = {**INPUTS, **COST, **ESTIMATED, **TIME}


def defined(key: str) -> Definition:
    """Return a figure's definition in the organization's currency; raises KeyError for none."""
    found, one = DEFINITIONS[key], money_exact(1, currency())
    if one == ONE_DOLLAR:
        return found
    label, meaning, formula = (
        text.replace(ONE_DOLLAR, one) for text in (found.label, found.meaning, found.formula)
    )
    return found._replace(label=label, meaning=meaning, formula=formula)
