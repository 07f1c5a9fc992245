"""
How well a go-live is taken up, from the systems and not from surveys (GOVERN 11f, DOMAIN D6).

Read on day 7, 30 and 90 after the go-live (calendar days). A share is None where a part of it is not
known or what it is of is zero: never 0, never 100.
"""

from dataclasses import dataclass
from datetime import date, timedelta

READ_ON = (7, 30, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionCounts:
    """Counts of one day; None where nobody read them."""

    licensed: int | None = None
    active: int | None = None
    assigned: int | None = None
    passed: int | None = None
    tickets: int | None = None
    workarounds: int | None = None
    units_planned: int | None = None
    units_live: int | None = None

    @property
    def active_share(self) -> float | None:
        """Active users divided by licensed ones."""
        return _share(self.active, self.licensed)

    @property
    def pass_share(self) -> float | None:
        """Those who passed divided by those who were assigned training."""
        return _share(self.passed, self.assigned)

    @property
    def tickets_per_100(self) -> float | None:
        """Tickets for each 100 active users."""
        share = _share(self.tickets, self.active)
        return None if share is None else share * 100

    @property
    def unit_share(self) -> float | None:
        """Units that work with it divided by those that should."""
        return _share(self.units_live, self.units_planned)


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def due_days(went_live: date) -> list[tuple[int, date]]:
    """Return each day of reading with its date, as far as the calendar goes."""
    left = (date.max - went_live).days
    return [(day, went_live + timedelta(days=day)) for day in READ_ON if day <= left]
