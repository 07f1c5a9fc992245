"""Small drawings inside tables and cards, as numbers for templates; no markup and no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from pmo.common.local.days import moved

BAR_WIDTH = 132
BAR_FULL = Decimal("1.2")  # the track ends at 120 % of the approved amount
OVER_LIMIT = Decimal("1.02")  # a forecast above 102 % is drawn as over

STRIP_WIDTH = 700
STRIP_EDGE = 24
LETTER = 6.8  # mean width of a letter of a label, in drawing units
LABEL_GAP = 10  # between two labels of one row; what does not fit goes to the second row
LABEL_LENGTH = 18
LABEL_ROWS = (46, 62)

Amount = Decimal | int | float


class StripEvent(Protocol):
    """What a strip needs of a dated event; `days_late` is None when unknown."""

    @property
    def name(self) -> str: ...
    @property
    def date(self) -> date | None: ...
    @property
    def done(self) -> bool: ...
    @property
    def days_late(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StripMark:
    """A dated event on a strip: the forecast or actual date, and the slip against the baseline."""

    name: str
    date: date | None
    done: bool = False
    days_late: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMark:
    """A dated event with its place on the strip, in drawing units."""

    x: float
    label_y: int
    label: str
    anchor: str
    state: str
    mark: StripEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A drawn strip: its marks, the place of today (None when outside) and the end of the past."""

    marks: Sequence[PlacedMark]
    today_x: float | None
    past_x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Widths of a budget bar in drawing units; None parts are not drawn."""

    spent: float | None
    forecast: float | None
    approved_x: float
    is_over: bool


def budget_bar(
    spent: Amount | None, forecast: Amount | None, approved: Amount | None
) -> Bar | None:
    """Scale a budget bar; None when there is no approved amount to measure against."""
    if approved is None or approved <= 0:
        return None
    whole = Decimal(str(approved))

    def width(value: Amount | None) -> float | None:
        if value is None:
            return None
        share = max(Decimal(0), min(Decimal(str(value)) / whole, BAR_FULL))
        return round(float(share / BAR_FULL) * BAR_WIDTH, 1)

    return Bar(
        spent=width(spent),
        forecast=width(forecast),
        approved_x=round(float(1 / BAR_FULL) * BAR_WIDTH - 1, 1),
        is_over=forecast is not None and Decimal(str(forecast)) > whole * OVER_LIMIT,
    )


def state_of(mark: StripEvent, today: date) -> str:
    """Return done, late or open; late is past its date, or slipped against its baseline."""
    if mark.done:
        return "done"
    overdue = mark.date is not None and mark.date < today
    return "late" if overdue or (mark.days_late or 0) > 0 else "open"


def _extent(x: float, width: float) -> tuple[str, float, float]:
    """Return the anchor of a label and its left and right end; labels stay inside the drawing."""
    if x - width / 2 < 0:
        return "start", x, x + width
    if x + width / 2 > STRIP_WIDTH:
        return "end", x - width, x
    return "middle", x - width / 2, x + width / 2


def _short(text: str) -> str:
    return text if len(text) <= LABEL_LENGTH else f"{text[: LABEL_LENGTH - 1].rstrip()}…"


def milestone_strip(marks: Iterable[StripEvent], today: date) -> Strip | None:
    """Place dated events on a time line; None when no event has a date."""
    dated = sorted(((mark.date, mark) for mark in marks if mark.date), key=lambda pair: pair[0])
    if not dated:
        return None
    first, last = dated[0][0], dated[-1][0]
    if first == last:
        first, last = moved(first, -30), moved(last, 30)
    days = (last - first).days
    usable = STRIP_WIDTH - 2 * STRIP_EDGE

    def place(on: date) -> float:
        return round(STRIP_EDGE + usable * (on - first).days / days, 1)

    placed = []
    ends = [float("-inf")] * len(LABEL_ROWS)  # where the last label of each row ends
    for on, mark in dated:
        x = place(on)
        state = state_of(mark, today)
        label = _short(mark.name) + (", late" if state == "late" else "")
        anchor, left, right = _extent(x, len(label) * LETTER)
        row = next((i for i, end in enumerate(ends) if left >= end + LABEL_GAP), None)
        if row is not None:
            ends[row] = right
        placed.append(
            PlacedMark(
                x=x,
                label_y=0 if row is None else LABEL_ROWS[row],
                label="" if row is None else label,
                anchor=anchor,
                state=state,
                mark=mark,
            ),
        )
    inside = first <= today <= last
    past = STRIP_EDGE if today < first else place(min(today, last))
    return Strip(marks=placed, today_x=place(today) if inside else None, past_x=past)


def sparkline(
    values: Sequence[Amount], width: int = 88, height: int = 24
) -> list[tuple[float, float]]:
    """Return the points of a trend line, oldest first; one value is drawn as one point."""
    if not values:
        return []
    numbers = [float(value) for value in values]
    low, high = min(numbers) - 2, max(numbers) + 2
    step = (width - 4) / max(len(numbers) - 1, 1)
    return [
        (round(2 + i * step, 1), round(height - 2 - (n - low) / (high - low) * (height - 4), 1))
        for i, n in enumerate(numbers)
    ]
