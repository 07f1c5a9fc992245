"""The figures of earned value in words: plain name, the field's term, formula, where it is published."""

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


INPUTS: Mapping[str, Definition] = {
    "budget": Definition(
        "Approved plan",
        "Budget at completion (BAC)",
        FigureUnit.MONEY,
        "What all the work of the approved baseline may cost.",
        "The money of the baseline: what its work carries, and what no work carries yet.",
    ),
    "planned": Definition(
        "Should be done by now",
        "Planned value (PV)",
        FigureUnit.MONEY,
        "What the work planned up to this day is worth in the approved baseline.",
        "Each piece of work, spread evenly over its working days, up to this day. After the planned "
        "finish it is the whole approved plan.",
    ),
    "earned": Definition(
        "Is done",
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
        "Under or over for the work done",
        "Cost variance (CV)",
        FigureUnit.MONEY,
        "Above zero, the work done cost less than approved for it; below zero, more.",
        "Is done, minus spent.",
        "{earned} − {actual}",
    ),
    "schedule_variance": Definition(
        "Ahead or behind, in money",
        "Schedule variance (SV)",
        FigureUnit.MONEY,
        "Above zero, more is done than was planned by now; below zero, less.",
        "Is done, minus should be done by now.",
        "{earned} − {planned}",
    ),
    "cost_variance_share": Definition(
        "Under or over, as a share of the work done",
        "CV%",
        FigureUnit.SHARE,
        "How far the cost of the work done is from what was approved for it.",
        "Under or over for the work done, divided by is done.",
        "{cost_variance} ÷ {earned}",
    ),
    "schedule_variance_share": Definition(
        "Ahead or behind, as a share of the plan so far",
        "SV%",
        FigureUnit.SHARE,
        "How far the work done is from what was planned by now.",
        "Ahead or behind, divided by should be done by now.",
        "{schedule_variance} ÷ {planned}",
    ),
    "cpi": Definition(
        "Work done for each 1 spent",
        "Cost performance index (CPI)",
        FigureUnit.RATIO,
        "Below 1, the work costs more than was approved for it.",
        "Is done, divided by spent.",
        "{earned} ÷ {actual}",
    ),
    "spi": Definition(
        "Work done for each 1 planned",
        "Schedule performance index (SPI)",
        FigureUnit.RATIO,
        "Below 1, less is done than was planned by now. It returns to 1 at the end however late the "
        "project is; the pace in time does not.",
        "Is done, divided by should be done by now.",
        "{earned} ÷ {planned}",
    ),
    "effort_share": Definition(
        "Part that is level of effort",
        "Level of effort (LOE), share of PV",
        FigureUnit.SHARE,
        "How much of what should be done by now counts as done by passing time alone.",
        "The planned value of work that earns as time passes, divided by should be done by now.",
    ),
    "spi_discrete": Definition(
        "Work done for each 1 planned, without level of effort",
        "SPI of discrete work",
        FigureUnit.RATIO,
        "The same of the work that can be late at all. Level of effort is never behind and hides it.",
        "Is done, divided by should be done by now, both without level of effort.",
    ),
    "complete": Definition(
        "Part done",
        "Percent complete",
        FigureUnit.SHARE,
        "How much of the approved work is done.",
        "Is done, divided by the approved plan.",
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
        "Pace needed to keep the approved plan",
        "To-complete performance index, TCPI (BAC)",
        FigureUnit.RATIO,
        "The work that each 1 still to spend must buy, if the approved plan is to hold.",
        "Work left, divided by approved money left.",
        "({budget} − {earned}) ÷ ({budget} − {actual})",
    ),
    "tcpi_bottom_up": Definition(
        "Pace needed to keep the manager's forecast",
        "To-complete performance index, TCPI (EAC)",
        FigureUnit.RATIO,
        "The work that each 1 still to spend must buy, if the manager's forecast is to hold.",
        "Work left, divided by what the forecast leaves to spend.",
        "({budget} − {earned}) ÷ ({eac_bottom_up} − {actual})",
    ),
    "tcpi_eac": Definition(
        "Pace in the calculated estimate",
        "To-complete performance index of the calculated estimate",
        FigureUnit.RATIO,
        "The work that each 1 still to spend buys, in the calculated estimate.",
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
        "The rest as budgeted while less than a fifth is done; after that, the rest at the cost of "
        "the work so far.",
        literature=ESTIMATES,
    ),
    "eac_rate": Definition(
        "If the rest costs what was approved",
        "EAC at the budgeted rate",
        FigureUnit.MONEY,
        "What happened so far was an exception.",
        "Spent, plus the work left at its approved amount.",
        "{actual} + ({budget} − {earned})",
        ESTIMATES,
    ),
    "eac_cpi": Definition(
        "If the rest costs as the work so far did",
        "EAC by CPI",
        FigureUnit.MONEY,
        "What happened so far is how it goes on.",
        "Spent, plus the work left divided by the work done for each 1 spent.",
        "{actual} + ({budget} − {earned}) ÷ {cpi}",
        ESTIMATES,
    ),
    "eac_cpi_spi": Definition(
        "If being late costs money too",
        "EAC by CPI × SPI",
        FigureUnit.MONEY,
        "The cost so far goes on, and catching up must be paid for.",
        "Spent, plus the work left divided by both indices.",
        "{actual} + ({budget} − {earned}) ÷ ({cpi} × {spi})",
        ESTIMATES,
    ),
    "eac_weighted": Definition(
        "If cost weighs more than time",
        "EAC weighted 80/20",
        FigureUnit.MONEY,
        "Four parts the cost so far, one part the pace so far.",
        "Spent, plus the work left divided by 0.8 of the one index and 0.2 of the other.",
        "{actual} + ({budget} − {earned}) ÷ (0.8 × {cpi} + 0.2 × {spi})",
        ESTIMATES,
    ),
    "eac_low": Definition(
        "At least",
        "Lowest estimate at completion",
        FigureUnit.MONEY,
        "The lowest of the estimates, the manager's forecast among them unless more is spent already.",
        "The smallest of: the rest as approved, as the work so far, late as so far, the manager's.",
        literature=ESTIMATES,
    ),
    "eac_high": Definition(
        "At most",
        "Highest estimate at completion",
        FigureUnit.MONEY,
        "The highest of the estimates, the manager's forecast among them unless more is spent already.",
        "The largest of: the rest as approved, as the work so far, late as so far, the manager's.",
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
        "What is left or missing at the end, divided by the approved plan.",
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
        "Ahead or behind, in time",
        "SV(t)",
        FigureUnit.DAYS,
        "Above zero, the project is ahead of its plan; below zero, behind.",
        "Time worth of work done, minus time gone.",
        "{earned_schedule} − {elapsed}",
        LIPKE,
    ),
    "spi_t": Definition(
        "Pace in time",
        "SPI(t)",
        FigureUnit.RATIO,
        "Planned days of work done for each day gone. Below 1, the project is falling behind.",
        "Time worth of work done, divided by time gone.",
        "{earned_schedule} ÷ {elapsed}",
        LIPKE,
    ),
    "duration": Definition(
        "How long it will take at this pace",
        "IEAC(t)",
        FigureUnit.DAYS,
        "The whole duration, if the rest goes at the pace in time so far.",
        "Planned duration, divided by the pace in time.",
        "{planned_duration} ÷ {spi_t}",
        TIME_FORECAST,
    ),
    "duration_as_planned": Definition(
        "How long it will take if the rest goes as planned",
        "IEAC(t), performance factor 1",
        FigureUnit.DAYS,
        "What is behind stays behind, and nothing is added.",
        "Time gone, plus the planned time of the work left.",
        "{elapsed} + ({planned_duration} − {earned_schedule})",
        TIME_FORECAST,
    ),
    "duration_with_cost": Definition(
        "How long it will take if money runs short too",
        "IEAC(t), performance factor CPI × SPI(t)",
        FigureUnit.DAYS,
        "The rest goes at the pace in time, slowed by what the work costs.",
        "Time gone, plus the planned time of the work left divided by both indices.",
        "{elapsed} + ({planned_duration} − {earned_schedule}) ÷ ({cpi} × {spi_t})",
        TIME_FORECAST,
    ),
    "duration_by_spi": Definition(
        "How long it will take, by the older rule",
        "PD ÷ SPI",
        FigureUnit.DAYS,
        "An older figure, kept for comparison; it says nothing near the end of a late project.",
        "Planned duration, divided by work done for each 1 planned.",
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
