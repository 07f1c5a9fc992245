"""
The table of figures: what a snapshot holds of one project, and where each figure goes from there.

A figure has one name: it is the snapshot's column, the key in a document's line and in the API, and the
key of its reason in `reasons`. The order is that of the columns in files. Whoever may see the project sees
its figures; those that are INSIDE are for building and sorting, and nobody is shown them.

The snapshot and the line declare their columns themselves, so that their types are known; a test
compares both with this table.
"""

from collections.abc import Iterator, Mapping
from enum import Enum, Flag, auto
from types import MappingProxyType
from typing import NamedTuple

from projects.domain.health import MEASURED, Axis


class Kind(Enum):
    TEXT = auto()
    CODE = auto()  # one of a list of keys
    COLOR = auto()
    FLAG = auto()
    COUNT = auto()
    NUMBER = auto()
    SCORE = auto()
    MONEY = auto()
    RATIO = auto()
    PERCENT = auto()
    DATE = auto()
    MOMENT = auto()
    DAYS = auto()
    YEAR = auto()
    REASONS = auto()  # name of a figure -> why it is null
    RECORD = auto()  # the id of another record


# the units of measure, as the API tells them
UNITS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SCORE: "likelihood times impact",
        Kind.MONEY: "in the organization’s currency",
        Kind.PERCENT: "in percent of the work",
        Kind.DAYS: "in calendar days, later is positive",
        Kind.YEAR: "by the calendar year it ends in",
        Kind.REASONS: "by the name of the figure",
    }
)


class Use(Flag):
    """Where a figure goes; NONE is the snapshot and the API alone."""

    NONE = 0
    LINE = auto()  # a document's line keeps it
    ASKED = auto()  # read for a line, which keeps what follows from it
    BEFORE = auto()  # a line keeps its value at the freeze before, too: `<name>_before`
    LEFT = auto()  # a line keeps it of a project that is gone, from the freeze before
    TABLE = auto()  # read for the health table
    FILE = auto()  # a column of the exported file
    REPORT = auto()  # a column of a variance report's file
    STATED = auto()  # where it is null, `reasons` says why, as somebody stated
    FILTER = auto()  # the API's list can be narrowed by it
    ORDER = auto()  # and ordered by it
    INSIDE = auto()  # nobody is shown it


class FigureField(NamedTuple):
    """One figure; `width` is that of a file's column, `sort` what an address calls its order."""

    name: str
    label: str
    kind: Kind
    uses: Use = Use.NONE
    width: int = 14
    sort: str = ""

    @property
    def told(self) -> str:
        """Say what it is, with its unit of measure."""
        unit = UNITS.get(self.kind)
        return f"{self.label}, {unit}." if unit else f"{self.label}."


LINE, ASKED, BEFORE, LEFT = Use.LINE, Use.ASKED, Use.BEFORE, Use.LEFT
TABLE, FILE, REPORT, STATED = Use.TABLE, Use.FILE, Use.REPORT, Use.STATED
FILTER, ORDER, INSIDE = Use.FILTER, Use.ORDER, Use.INSIDE
SHOWN = LINE | TABLE | FILE | REPORT
TEXT, CODE, COLOR, FLAG, COUNT = Kind.TEXT, Kind.CODE, Kind.COLOR, Kind.FLAG, Kind.COUNT
MONEY, RATIO, DATE, DAYS, RECORD = Kind.MONEY, Kind.RATIO, Kind.DATE, Kind.DAYS, Kind.RECORD

FIELDS: tuple[FigureField, ...] = (
    FigureField("project", "Project", RECORD, FILTER),
    FigureField("date", "Day of the freeze", DATE),
    FigureField("is_early", "Taken early", FLAG),
    FigureField("judged_for", "Day it was judged for", DATE),
    FigureField("built_at", "Built", Kind.MOMENT),
    # what it is
    FigureField("code", "Code", TEXT, SHOWN | LEFT | FILTER | ORDER, width=12),
    FigureField("name", "Project", TEXT, SHOWN | LEFT | ORDER, 40, "name"),
    FigureField("unit", "Unit", RECORD, FILTER),
    FigureField("program", "Program", RECORD, FILTER),
    FigureField("manager", "Manager", RECORD, FILTER),
    FigureField("unit_name", "Unit", TEXT, LINE | LEFT | FILE | REPORT, width=24),
    FigureField("program_name", "Program", TEXT, FILE, width=20),
    FigureField("category", "Category", CODE, LINE | LEFT | FILE | FILTER | REPORT, width=24),
    FigureField("lane", "Lane", CODE, FILE),
    FigureField("stage", "Stage", CODE, LINE | TABLE | FILE | FILTER),
    FigureField("is_active", "Running", FLAG, LINE),
    FigureField("manager_name", "Manager", TEXT, SHOWN | LEFT, width=20),
    FigureField("sponsor_name", "Sponsor", TEXT, FILE, width=20),
    # what its manager says
    FigureField("overall", "Status", COLOR, SHOWN | BEFORE | FILTER),
    FigureField("overall_said", "Last status said", COLOR, TABLE),
    FigureField("overall_before", "Status before", COLOR, TABLE | FILE | REPORT),
    FigureField("published_rating", "Published rating", TEXT, LINE | TABLE | FILE),
    FigureField("note", "Why", TEXT, LINE | FILE, width=50),
    *(FigureField(axis.value, f"Status of {axis.value}", COLOR, TABLE) for axis in Axis),
    FigureField("update", "Status update", RECORD, INSIDE),
    FigureField("update_due", "Update missing", FLAG, LINE),
    FigureField("is_stale", "Without a current report", FLAG, ASKED | TABLE),
    FigureField("trend", "Status of the last weeks, oldest first", TEXT, TABLE),
    # what the data says
    FigureField("measured", "Data says", COLOR, LINE | TABLE | FILE | FILTER),
    FigureField("measured_rule", "Rule", TEXT, LINE | TABLE | FILE, width=50),
    FigureField("measured_before", "Data said before", COLOR),
    *(
        FigureField(
            axis.measured,
            f"Data says of {axis.value}",
            COLOR,
            ASKED if axis is Axis.RISK else Use.NONE,
        )
        for axis in MEASURED
    ),
    *(FigureField(axis.measured_rule, f"Rule of {axis.value}", TEXT) for axis in MEASURED),
    FigureField("is_disputed", "Data says worse", FLAG, LINE | TABLE | FILTER),
    FigureField("updated_on", "Updated", DATE, LINE | TABLE | FILE, sort="updated"),
    # money
    FigureField("approved_budget", "Approved budget", MONEY, SHOWN | STATED),
    FigureField("spent", "Spent", MONEY, SHOWN | STATED),
    FigureField("committed", "Committed", MONEY, FILE | STATED),
    FigureField("forecast_cost", "Forecast cost", MONEY, SHOWN | BEFORE | STATED),
    FigureField(
        "cost_variance", "Over or under", MONEY, TABLE | FILE | ORDER | REPORT, sort="over"
    ),
    FigureField("forecast_cost_before", "Forecast before", MONEY, REPORT),
    FigureField("fiscal_year", "Fiscal year", Kind.YEAR, LINE | FILE | REPORT),
    FigureField("year_budget", "Budget this year", MONEY, SHOWN | STATED),
    FigureField("year_forecast", "Forecast this year", MONEY, SHOWN | STATED),
    # dates
    FigureField("start_date", "Start", DATE, FILE),
    FigureField("baseline_finish", "Planned finish", DATE, LINE | FILE | REPORT),
    FigureField("forecast_finish", "Forecast finish", DATE, LINE | BEFORE | FILE | REPORT),
    FigureField("is_finished", "Finished", FLAG, LINE),
    FigureField("finish_slip_days", "Days late", DAYS, FILE | ORDER | REPORT),
    FigureField("forecast_finish_before", "Finish before", DATE, REPORT),
    FigureField("percent_complete", "Percent complete", Kind.PERCENT, FILE),
    FigureField("milestones", "Milestones", COUNT, ASKED | FILE),
    FigureField("milestones_done", "Milestones done", COUNT, ASKED | FILE),
    FigureField("milestones_late", "Milestones late", COUNT, LINE | BEFORE | FILE),
    FigureField("milestones_due_soon", "Milestones due in 30 days", COUNT),
    FigureField("next_milestone", "Next milestone", TEXT, TABLE | FILE, width=30),
    FigureField("next_milestone_date", "Next milestone date", DATE, TABLE | FILE, 14, "milestone"),
    FigureField("next_milestone_slip_days", "Days the next milestone is late", DAYS, TABLE),
    # risks and issues
    FigureField("open_risks", "Open risks", COUNT, LINE | FILE),
    FigureField("high_risks", "High risks", COUNT, LINE | BEFORE | FILE),
    FigureField("top_risk", "Highest risk", TEXT, LINE | FILE, width=40),
    FigureField("top_risk_score", "Score of the highest risk", Kind.SCORE, LINE | BEFORE),
    FigureField("open_issues", "Open issues", COUNT, FILE),
    FigureField("overdue_actions", "Overdue actions", COUNT),
    # what waits for whom
    FigureField("help_needed", "Help needed", TEXT, LINE | FILE, width=50),
    FigureField("help_from", "Who decides", TEXT, LINE | FILE),
    FigureField("help_due", "Decide by", DATE, LINE | FILE),
    # earned value
    FigureField("baseline_number", "Baseline", Kind.NUMBER),
    FigureField("budget_at_completion", "Budget at completion", MONEY, LINE),
    FigureField("planned_value", "Planned value", MONEY, LINE),
    FigureField("earned_value", "Earned value", MONEY, LINE),
    FigureField("cpi", "Cost performance index", RATIO),
    FigureField("spi", "Schedule performance index", RATIO),
    FigureField("spi_t", "Pace in time", RATIO),
    FigureField("eac", "Estimate at completion", MONEY, LINE | REPORT),
    FigureField("eac_low", "Lowest estimate", MONEY, LINE | REPORT),
    FigureField("eac_high", "Highest estimate", MONEY, LINE | REPORT),
    FigureField("eac_method", "Estimate method", CODE, LINE | REPORT, width=32),
    FigureField("forecast_finish_ev", "Finish at current pace", DATE, LINE | REPORT),
    # why something is missing, and the order of rows
    FigureField("earned_reasons", "Why there is no estimate", Kind.REASONS, ASKED | REPORT, 40),
    FigureField("reasons", "Why an amount is missing", Kind.REASONS, LINE | TABLE | REPORT, 40),
    FigureField("money_at_risk", "Money at risk", MONEY, INSIDE),
    FigureField("rank", "Place by status, worst first", Kind.NUMBER, ORDER | INSIDE),
)


def used_in(*uses: Use) -> tuple[FigureField, ...]:
    """Return the figures that go to any of these places, in the order of the table."""
    return tuple(one for one in FIELDS if any(use in one.uses for use in uses))


def names_in(*uses: Use) -> tuple[str, ...]:
    return tuple(one.name for one in used_in(*uses))


def names_of(kind: Kind) -> tuple[str, ...]:
    """Return the names of all figures of one kind."""
    return tuple(one.name for one in FIELDS if one.kind is kind)


def line_kinds() -> Iterator[tuple[str, Kind]]:
    """Yield what a document's line keeps from snapshots: of its own freeze and of the one before."""
    for one in used_in(LINE):
        yield one.name, one.kind
        if BEFORE in one.uses:
            yield f"{one.name}_before", one.kind
