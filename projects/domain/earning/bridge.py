"""
From the first baseline to today's forecast, or to the actual end: what made the difference?

A waterfall: the start, one bar for each cause, what nobody has explained yet, and the end. Approved
changes are the differences between successive baselines; other causes are what somebody recorded
against the rest. It adds up exactly by construction: the unexplained bar is what the others leave.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from projects.domain.earning.figure import ZERO
from projects.domain.kinds import Cause

UNEXPLAINED = "unexplained"
ORDER = tuple(Cause)
TENTH = Decimal("0.1")


class Step(NamedTuple):
    """A part of the difference with its cause; positive is dearer or later."""

    cause: Cause
    amount: Decimal
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the waterfall, from `before` to `before + amount`; `words` name what it is made of."""

    code: str
    label: str
    amount: Decimal
    before: Decimal
    words: tuple[str, ...] = ()

    @property
    def after(self) -> Decimal:
        return self.before + self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Bars that lead from `start` to `end`; `projects` is how many are summed, `left_out` how many lack."""

    start: Decimal
    end: Decimal
    bars: tuple[Bar, ...]
    projects: int = 1
    left_out: int = 0

    @property
    def difference(self) -> Decimal:
        return self.end - self.start

    @property
    def unexplained(self) -> Decimal:
        return sum((bar.amount for bar in self.bars if bar.code == UNEXPLAINED), ZERO)


def bridge(start: Decimal, end: Decimal, steps: Iterable[Step]) -> Bridge:
    """Lay the steps out by cause; causes that cancel out, or were never named, have no bar."""
    amounts: dict[Cause, Decimal] = defaultdict(lambda: ZERO)
    words: dict[Cause, list[str]] = defaultdict(list)
    for step in steps:
        amounts[step.cause] += step.amount
        if step.words:
            words[step.cause].append(step.words)
    bars, at = [], start
    for cause in ORDER:
        if cause not in amounts or (amounts[cause] == 0 and not words[cause]):
            continue
        bars.append(
            Bar(
                code=cause.value,
                label=cause.label,
                amount=amounts[cause],
                before=at,
                words=tuple(words[cause]),
            )
        )
        at += amounts[cause]
    if end != at:
        bars.append(Bar(code=UNEXPLAINED, label="Not explained yet", amount=end - at, before=at))
    return Bridge(start=start, end=end, bars=tuple(bars))


def summed(bridges: Iterable[Bridge | None]) -> Bridge | None:
    """Add bridges of projects up, bar by bar; None counts as left out. None when there are none."""
    rows = list(bridges)
    found = [row for row in rows if row is not None]
    if not found:
        return None
    amounts: dict[str, Decimal] = defaultdict(lambda: ZERO)
    labels: dict[str, str] = {}
    for row in found:
        for bar in row.bars:
            amounts[bar.code] += bar.amount
            labels[bar.code] = bar.label
    bars, at = [], sum((row.start for row in found), ZERO)
    start = at
    for code in [*(cause.value for cause in ORDER), UNEXPLAINED]:
        if code in amounts:
            bars.append(Bar(code=code, label=labels[code], amount=amounts[code], before=at))
            at += amounts[code]
    return Bridge(
        start=start, end=at, bars=tuple(bars), projects=len(found), left_out=len(rows) - len(found)
    )


def averaged(total: Bridge) -> Bridge:
    """
    Return the bridge of the average project, to a tenth.

    Each level is rounded and each bar is the step between two levels, so the bars still add up exactly.
    """
    levels = [total.start, *(bar.after for bar in total.bars)]
    rounded = [(level / total.projects).quantize(TENTH, ROUND_HALF_UP) for level in levels]
    bars = tuple(
        replace(bar, before=before, amount=after - before)
        for bar, (before, after) in zip(total.bars, pairwise(rounded), strict=True)
    )
    return replace(total, start=rounded[0], end=rounded[-1], bars=bars)
