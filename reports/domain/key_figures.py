"""
The key figures of a portfolio: how many are in trouble, is it worse, how much over, what waits.

Counted here from the lines of a document and in `reports/selectors/key_figures.py` from rows of the
database; which projects those are is the caller's. Each figure has one meaning, whoever counts it:

- *projects* run now and may be seen by the reader; *hidden* ones run and may not. Both leave out what
  ended or left.
- *before* is the freeze compared with: the projects that ran in it then, with their figures of then.
- *worse*, *better*, *silenced* (had a color and has none) and *resumed* (the reverse) count projects that
  ran in both. Who joined or left moved no color.
- *none* has no color: no update that is still fresh. *update_due* owes this week's update and has not
  sent it, however fresh the last one is: those are missing, the other *reporting* ones on time.
- *money* compares forecast and approved budget over the projects that have both, for the whole life; for
  the fiscal year where no project has both for its life. The others are *without* amounts.
- *milestones_late* are past their date and not done. *decisions* are projects that ask for one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.domain.colors import Color
from reports.domain.lines import ProjectLine, Seen
from reports.domain.overspend import FEW, NO_AMOUNTS, Overspend


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMoney:
    """
    Forecast against approved over the projects that have both, so that the difference is their own.

    `fiscal_year` None is the whole life.
    """

    fiscal_year: int | None = None
    compared: int
    approved: Decimal
    forecast: Decimal
    over: int
    over_sum: Decimal

    @property
    def is_year(self) -> bool:
        return self.fiscal_year is not None

    @property
    def variance(self) -> Decimal:
        """Forecast minus approved, positive = over."""
        return self.forecast - self.approved

    @property
    def share(self) -> Decimal | None:
        """Variance as a share of the approved budget; None when that is zero."""
        return self.variance / self.approved if self.approved else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresBefore:
    """What the key figures are compared with, as it stood at the freeze before."""

    projects: int = 0
    red: int = 0
    amber: int = 0
    none: int = 0
    green: int = 0
    milestones_late: int = 0
    high_risks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """One reader's key figures; None is not known. Documents of release 0.1 know no open counts."""

    projects: int = 0
    hidden: int = 0
    ended: int = 0  # ran at the freeze before, and not any more
    red: int = 0
    amber: int = 0
    none: int = 0
    green: int = 0
    worse: int = 0
    better: int = 0
    silenced: int = 0
    resumed: int = 0
    disputed: int = 0  # the data says worse than the report
    decisions: int = 0
    decisions_overdue: int = 0
    reporting: int = 0  # owe an update each week
    update_due: int = 0
    dated: int = 0  # have an approved and a forecast finish
    finish_late: int = 0
    with_milestones: int = 0  # projects that recorded any
    milestones_open: int | None = 0
    milestones_late: int = 0
    with_register: int = 0  # projects that registered a risk, open or not
    open_risks: int | None = 0
    high_risks: int = 0
    life: KeyMoney | None = None
    year: KeyMoney | None = None
    largest: tuple[Decimal, ...] = ()  # overspends of `money`, falling, as many as can be its cause
    before: FiguresBefore | None = None

    @property
    def colors(self) -> dict[str, int]:
        """The count of each color, worst first."""
        return {"red": self.red, "amber": self.amber, "none": self.none, "green": self.green}

    @property
    def money(self) -> KeyMoney | None:
        """Forecast against budget; None when no project has both, for its life or for the year."""
        return self.life or self.year

    @property
    def overspend(self) -> Overspend:
        money = self.money
        if money is None:
            return NO_AMOUNTS
        return Overspend(
            comparable=money.compared,
            over=money.over,
            over_sum=money.over_sum,
            largest=self.largest,
        )

    @property
    def without(self) -> int:
        """How many projects lack an amount that the money compares."""
        return self.projects - (self.money.compared if self.money else 0)

    @property
    def updates_in(self) -> int:
        return self.reporting - self.update_due


def figures_in(seen: Seen, *, as_of: date, is_compared: bool) -> KeyFigures:
    """Count one reader's lines of a document; nothing hidden adds in."""
    lines, running = seen.lines, seen.running
    asked = [line for line in running if line.help_needed]
    life, year = _amounts_of_life(running), _amounts_of_year(running)
    slips = [slip for line in running if (slip := line.finish_slip_days) is not None]
    return KeyFigures(
        projects=len(running),
        hidden=seen.hidden,
        ended=sum(line.is_ended for line in lines),
        **_colors(line.overall for line in running),
        worse=sum(line.is_worse for line in lines),
        better=sum(line.is_better for line in lines),
        silenced=sum(line.is_silenced for line in lines),
        resumed=sum(line.is_resumed for line in lines),
        disputed=sum(line.is_disputed for line in running),
        decisions=len(asked),
        decisions_overdue=sum(x.help_due is not None and x.help_due < as_of for x in asked),
        reporting=sum(line.owes_report for line in running),
        update_due=sum(line.owes_update for line in running),
        dated=len(slips),
        finish_late=sum(slip > 0 for slip in slips),
        with_milestones=sum(not line.lacks_milestones for line in running),
        milestones_open=_known_sum([line.milestones_open for line in running]),
        milestones_late=sum(line.milestones_late for line in running),
        with_register=sum(not line.lacks_register for line in running),
        open_risks=_known_sum([line.open_risks for line in running]),
        high_risks=sum(line.high_risks for line in running),
        life=_money(life),
        year=_money(year, fiscal_year=_fiscal_year(running)),
        largest=tuple(_over(life or year)[:FEW]),
        before=_before(lines) if is_compared else None,
    )


def _before(lines: Sequence[ProjectLine]) -> FiguresBefore:
    were = [line for line in lines if line.was_active]
    return FiguresBefore(
        projects=len(were),
        **_colors(line.overall_before or Color.NONE.value for line in were),
        milestones_late=sum(line.milestones_late_before for line in were),
        high_risks=sum(line.high_risks_before for line in were),
    )


def _colors(colors: Iterable[str]) -> dict[str, int]:
    counts = dict.fromkeys((color.value for color in Color), 0)
    for color in colors:
        counts[color] += 1
    return counts


def _known_sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


Amounts = list[tuple[Decimal, Decimal]]  # approved and forecast


def _amounts_of_life(lines: Sequence[ProjectLine]) -> Amounts:
    return _both((line.approved_budget, line.forecast_cost) for line in lines)


def _amounts_of_year(lines: Sequence[ProjectLine]) -> Amounts:
    return _both((line.year_budget, line.year_forecast) for line in lines)


def _both(amounts: Iterable[tuple[Decimal | None, Decimal | None]]) -> Amounts:
    return [(one, two) for one, two in amounts if one is not None and two is not None]


def _fiscal_year(lines: Sequence[ProjectLine]) -> int:
    return max((line.fiscal_year for line in lines if line.fiscal_year), default=0)


def _over(amounts: Amounts) -> list[Decimal]:
    return sorted((two - one for one, two in amounts if two > one), reverse=True)


def _money(amounts: Amounts, *, fiscal_year: int | None = None) -> KeyMoney | None:
    if not amounts:
        return None
    over = _over(amounts)
    return KeyMoney(
        fiscal_year=fiscal_year,
        compared=len(amounts),
        approved=sum((one for one, _ in amounts), Decimal()),
        forecast=sum((two for _, two in amounts), Decimal()),
        over=len(over),
        over_sum=sum(over, Decimal()),
    )
