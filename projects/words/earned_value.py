"""
The figures of earned value in words: plain name, the field's term, formula, where it is published.

"{one}" stands for one unit of the organization's money, such as $1.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

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

    def said(self, one: str) -> "Definition":
        """Return it with one unit of money written into its words."""
        return self._replace(
            label=self.label.replace("{one}", one),
            meaning=self.meaning.replace("{one}", one),
            formula=self.formula.replace("{one}", one),
        )


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
        "What the work that is done is worth in the approved baseline. What it cost plays no part.",
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
        "The manager’s forecast",
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
        "Time elapsed",
        "Actual time (AT)",
        FigureUnit.DAYS,
        "How long the project has run; it stands still at the actual finish.",
        "Working days from the start of the baseline to this day.",
        literature=LIPKE,
    ),
}

COST: Mapping[str, Definition] = {
    "cost_variance": Definition(
        "Over or under cost for the work done",
        "Cost variance (CV)",
        FigureUnit.MONEY,
        "Above zero, the work done cost less than approved for it; below zero, more.",
        "Earned, minus spent.",
        "{earned} − {actual}",
    ),
    "schedule_variance": Definition(
        "Ahead of or behind plan",
        "Schedule variance (SV)",
        FigureUnit.MONEY,
        "Above zero, more is earned than was planned by now; below zero, less.",
        "Earned, minus planned.",
        "{earned} − {planned}",
    ),
    "cost_variance_share": Definition(
        "Over or under cost, as a share of earned",
        "CV%",
        FigureUnit.SHARE,
        "How far the cost of the work done is from what was approved for it.",
        "Over or under cost for the work done, divided by earned.",
        "{cost_variance} ÷ {earned}",
    ),
    "schedule_variance_share": Definition(
        "Ahead of or behind plan, as a share of planned",
        "SV%",
        FigureUnit.SHARE,
        "How far what is earned is from what was planned by now.",
        "Ahead of or behind plan, divided by planned.",
        "{schedule_variance} ÷ {planned}",
    ),
    "cpi": Definition(
        "Value earned per {one} spent",
        "Cost performance index (CPI)",
        FigureUnit.RATIO,
        "Below {one}, the work costs more than was approved for it.",
        "Earned, divided by spent.",
        "{earned} ÷ {actual}",
    ),
    "spi": Definition(
        "Progress against plan",
        "Schedule performance index (SPI)",
        FigureUnit.RATIO,
        "Below 100%, less is earned than was planned by now. It returns to 100% at the end however "
        "late the project is; the schedule pace does not.",
        "Earned, divided by planned.",
        "{earned} ÷ {planned}",
    ),
    "effort_share": Definition(
        "Level of effort in the plan",
        "Level of effort (LOE), share of PV",
        FigureUnit.SHARE,
        "How much of what was planned by now is earned by passing time alone.",
        "The planned value of work that earns as time passes, divided by planned.",
    ),
    "spi_discrete": Definition(
        "Progress against plan, without level of effort",
        "SPI of discrete work",
        FigureUnit.RATIO,
        "The same of the work that can be late at all. Level of effort is never late and hides it.",
        "Earned, divided by planned, both without level of effort.",
    ),
    "complete": Definition(
        "Percent complete",
        "EV ÷ BAC",
        FigureUnit.SHARE,
        "How much of the approved work is done.",
        "Earned, divided by the approved plan.",
        "{earned} ÷ {budget}",
    ),
    "spent": Definition(
        "Percent spent",
        "AC ÷ BAC",
        FigureUnit.SHARE,
        "How much of the approved money is spent.",
        "Spent, divided by the approved plan.",
        "{actual} ÷ {budget}",
    ),
    "tcpi_budget": Definition(
        "Value to earn per {one} to keep the approved plan",
        "To-complete performance index, TCPI (BAC)",
        FigureUnit.RATIO,
        "What each {one} still to spend must earn if the approved plan is to hold.",
        "Work left, divided by approved money left.",
        "({budget} − {earned}) ÷ ({budget} − {actual})",
    ),
    "tcpi_bottom_up": Definition(
        "Value to earn per {one} to keep the manager’s forecast",
        "To-complete performance index, TCPI (EAC)",
        FigureUnit.RATIO,
        "What each {one} still to spend must earn if the manager’s forecast is to hold.",
        "Work left, divided by what the forecast leaves to spend.",
        "({budget} − {earned}) ÷ ({eac_bottom_up} − {actual})",
    ),
    "tcpi_eac": Definition(
        "Value to earn per {one} in the calculated estimate",
        "To-complete performance index of the calculated estimate",
        FigureUnit.RATIO,
        "What each {one} still to spend earns in the calculated estimate.",
        "Work left, divided by what the estimate leaves to spend.",
        "({budget} − {earned}) ÷ ({eac} − {actual})",
    ),
}

ESTIMATED: Mapping[str, Definition] = {
    "eac": Definition(
        "Where it will land",
        "Estimate at completion (EAC)",
        FigureUnit.MONEY,
        "What the whole project will cost by the method that is chosen.",
        "With the rest at budget while less than 20% is done; after that, at current cost "
        "efficiency (CPI).",
        literature=ESTIMATES,
    ),
    "eac_rate": Definition(
        "With the rest at budget",
        "EAC at the budgeted rate",
        FigureUnit.MONEY,
        "The rest costs what was approved for it.",
        "Spent, plus the work left at its approved amount.",
        "{actual} + ({budget} − {earned})",
        ESTIMATES,
    ),
    "eac_cpi": Definition(
        "At current cost efficiency",
        "EAC by CPI",
        FigureUnit.MONEY,
        "The rest costs as the work so far did.",
        "Spent, plus the work left divided by the cost performance index.",
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
        "Cost efficiency counts four times as much as progress against plan.",
        "Spent, plus the work left divided by 0.8 of the one index and 0.2 of the other.",
        "{actual} + ({budget} − {earned}) ÷ (0.8 × {cpi} + 0.2 × {spi})",
        ESTIMATES,
    ),
    "eac_low": Definition(
        "Lowest estimate",
        "Lowest EAC",
        FigureUnit.MONEY,
        "The lowest of the estimates, the manager’s forecast among them unless more is spent already.",
        "The smallest of: rest at budget, current cost efficiency, cost and schedule combined, the manager’s.",
        literature=ESTIMATES,
    ),
    "eac_high": Definition(
        "Highest estimate",
        "Highest EAC",
        FigureUnit.MONEY,
        "The highest of the estimates, the manager’s forecast among them unless more is spent already.",
        "The largest of: rest at budget, current cost efficiency, cost and schedule combined, the manager’s.",
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
        "Over or under at the end",
        "Variance at completion (VAC)",
        FigureUnit.MONEY,
        "Under the approved plan money will be left; over it, it is missing.",
        "The approved plan, minus where it will land.",
        "{budget} − {eac}",
        ESTIMATES,
    ),
    "at_completion_share": Definition(
        "Over or under at the end, as a share of the plan",
        "VAC%",
        FigureUnit.SHARE,
        "How far the end is from the approved plan.",
        "Over or under at the end, divided by the approved plan.",
        "{at_completion} ÷ {budget}",
        ESTIMATES,
    ),
}

TIME: Mapping[str, Definition] = {
    "earned_schedule": Definition(
        "Time earned",
        "Earned schedule (ES)",
        FigureUnit.DAYS,
        "The working days after which the work done by now was planned to be done.",
        "The last day whose planned value is earned, plus the part of the next day that is.",
        literature=LIPKE,
    ),
    "time_variance": Definition(
        "Early or late",
        "SV(t)",
        FigureUnit.DAYS,
        "Above zero, the project is early against its plan; below zero, late.",
        "Time earned, minus time elapsed.",
        "{earned_schedule} − {elapsed}",
        LIPKE,
    ),
    "spi_t": Definition(
        "Schedule pace",
        "SPI(t)",
        FigureUnit.RATIO,
        "Planned days of work done for each day elapsed. Below 1, the work is slower than planned.",
        "Time earned, divided by time elapsed.",
        "{earned_schedule} ÷ {elapsed}",
        LIPKE,
    ),
    "duration": Definition(
        "Duration at the current pace",
        "IEAC(t)",
        FigureUnit.DAYS,
        "The whole duration if the rest goes at the current schedule pace.",
        "Planned duration, divided by the schedule pace.",
        "{planned_duration} ÷ {spi_t}",
        TIME_FORECAST,
    ),
    "duration_as_planned": Definition(
        "Duration with the rest as planned",
        "IEAC(t), performance factor 1",
        FigureUnit.DAYS,
        "What is late stays late, and nothing is added.",
        "Time elapsed, plus the planned time of the work left.",
        "{elapsed} + ({planned_duration} − {earned_schedule})",
        TIME_FORECAST,
    ),
    "duration_with_cost": Definition(
        "Duration at the current pace and cost efficiency",
        "IEAC(t), performance factor CPI × SPI(t)",
        FigureUnit.DAYS,
        "The rest goes at the schedule pace, slowed by what the work costs.",
        "Time elapsed, plus the planned time of the work left divided by both indices.",
        "{elapsed} + ({planned_duration} − {earned_schedule}) ÷ ({cpi} × {spi_t})",
        TIME_FORECAST,
    ),
    "duration_by_spi": Definition(
        "Duration by the older rule",
        "PD ÷ SPI",
        FigureUnit.DAYS,
        "An older figure, kept for comparison; it says nothing near the end of a late project.",
        "Planned duration, divided by progress against plan.",
        "{planned_duration} ÷ {spi}",
        TIME_FORECAST,
    ),
    "tspi": Definition(
        "Pace needed to keep the planned finish",
        "To-complete schedule performance index (TSPI)",
        FigureUnit.RATIO,
        "The planned days of work that each day left must do.",
        "Planned time of the work left, divided by the planned time left.",
        "({planned_duration} − {earned_schedule}) ÷ ({planned_duration} − {elapsed})",
        TIME_FORECAST,
    ),
}

DEFINITIONS: Mapping[str, Definition] = {**INPUTS, **COST, **ESTIMATED, **TIME}
