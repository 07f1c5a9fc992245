"""What every row of one import shares, and what writing a row comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import doubts, phi
from pmo.organization.current import organization
from portfolio.models import Portfolio
from projects.domain.calendar import fiscal_year
from reports.imports.domain import ImportRow
from reports.imports.services.lookups import Lookups
from reports.imports.services.refusals import RowRefusedError

PUBLISHED_AT = time(17, 0)


class Change(NamedTuple):
    """One cell that changes something: the field, and what stands and will stand, as pages write it."""

    field: str
    label: str
    old: str
    new: str
    is_far: bool = False  # an amount ten times what stands, or a tenth of it

    @property
    def shown(self) -> tuple[str, str, str, str]:
        """What is kept with a row: field, label, old, new."""
        return self.field, self.label, self.old, self.new


class Told(StrEnum):
    """What is right to write and worth a word, counted over the rows."""

    LATE = "late"  # a cost of a day that was reported already
    NO_LINE = "no_line"  # its account is no budget line's
    NO_ORDER = "no_order"  # the purchase order that it names is not here
    BESIDE_TOTAL = "beside_total"  # a budget line beside the one that an imported total made


class Written(NamedTuple):
    """One row's effect: "created", "updated" or "unchanged", what changed, and the project's id."""

    outcome: str
    changes: tuple[Change, ...]
    project_id: int
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who imports, into which portfolio, what is known; `once` fields are left alone when filled."""

    by: User
    file_name: str
    lookups: Lookups
    today: date
    portfolio: Portfolio | None = None
    entering: str = ""  # the name of the portfolio that is made when the rows are written
    once: frozenset[str] = frozenset()
    stage: str = ""  # of new projects whose row names none
    names_stages: bool = False  # the file has a column for it
    fields: frozenset[str] = frozenset()  # what the rows may speak of
    control_total: Decimal | None = None  # what a ledger says that all rows add up to
    # raises RowRefusedError for a row that would do something else than what somebody looked at
    expects: Callable[[ImportRow, Written], None] | None = None

    def day_of(self, row: ImportRow) -> date:
        """Return the date the row speaks of: its own, or today."""
        found = row.values.get("as_of")
        return found if isinstance(found, date) else self.today

    def moment_of(self, row: ImportRow) -> datetime:
        """Return when what the row says was published: at the end of its day, today's rows now."""
        day = self.day_of(row)
        if day == self.today:
            return timezone.now()
        return datetime.combine(day, PUBLISHED_AT, tzinfo=timezone.get_current_timezone())

    def fiscal_year_of(self, row: ImportRow) -> int:
        return fiscal_year(self.day_of(row), start_month=organization().fiscal_year_start_month)


def screen(row: ImportRow) -> None:
    """Raise RowRefusedError for a cell that identifies a patient."""
    clear: set[str] = set()  # a text is nearly always the value as well
    for field, value in [*row.values.items(), *row.reasons.items(), *row.texts.items()]:
        if not isinstance(value, str) or value in clear:
            continue
        found = phi.findings(value)
        if not found:
            clear.add(value)
        elif found[0].is_sure:
            raise RowRefusedError(
                field,
                f"This looks like {found[0].rule}.",
                "Nothing of a patient: take it out of the file.",
            )
        if found and not doubts.settles(found[0]):
            raise RowRefusedError(
                field,
                f"This may be {found[0].rule}.",
                "Take it out of the file, or say why it is no patient's.",
            )
