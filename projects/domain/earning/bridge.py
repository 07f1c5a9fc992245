"""
From the first baseline to today's forecast, or to the actual end: what made the difference?

A waterfall: the start, one bar for each cause, what nobody has explained yet, and the end. Approved
changes are the differences between successive baselines; other causes are what somebody recorded
against the rest. It adds up exactly by construction: the unexplained bar is what the others leave.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from projects.domain.earning.figure import ZERO
from projects.domain.kinds import Cause

UNEXPLAINED = "unexplained"
ORDER = tuple(Cause)
LABELS = {cause.value: cause.label for cause in ORDER} | {UNEXPLAINED: "Not explained yet"}
TENTH = Decimal("0.1")


class BridgeStep(NamedTuple):
    """A part of the difference with its cause; positive is dearer or later."""

    cause: Cause
    amount: Decimal
    words: str = ""


class BridgePart(NamedTuple):
    """What one cause adds to the difference; `code` is a cause or UNEXPLAINED."""

    code: str
    amount: Decimal


class Way(NamedTuple):
    """A bridge without its drawing: the parts alone, of which a portfolio has thousands."""

    start: Decimal
    end: Decimal
    parts: Sequence[BridgePart]

    @property
    def difference(self) -> Decimal:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterfallBar:
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
    bars: tuple[WaterfallBar, ...]
    projects: int = 1
    left_out: int = 0

    @property
    def difference(self) -> Decimal:
        return self.end - self.start

    @property
    def parts(self) -> Sequence[BridgePart]:
        return [BridgePart(bar.code, bar.amount) for bar in self.bars]

    @property
    def unexplained(self) -> Decimal:
        return sum((bar.amount for bar in self.bars if bar.code == UNEXPLAINED), ZERO)


def way(start: Decimal, end: Decimal, steps: Sequence[BridgeStep] = ()) -> Way:
    """Add the steps up by cause; causes that cancel out, or were never named, have no part."""
    rest = end - start
    if not steps:
        return Way(start, end, (BridgePart(UNEXPLAINED, rest),) if rest else ())
    parts = _added(steps)
    for part in parts:
        rest -= part.amount
    if rest:
        parts.append(BridgePart(UNEXPLAINED, rest))
    return Way(start, end, parts)


def _added(steps: Iterable[BridgeStep]) -> list[BridgePart]:
    amounts: dict[Cause, Decimal] = defaultdict(lambda: ZERO)
    named = set()
    for step in steps:
        amounts[step.cause] += step.amount
        if step.words:
            named.add(step.cause)
    return [
        BridgePart(cause.value, amounts[cause])
        for cause in ORDER
        if cause in amounts and (amounts[cause] or cause in named)
    ]


def bridge(start: Decimal, end: Decimal, steps: Iterable[BridgeStep]) -> Bridge:
    """Lay the steps out by cause, with the words of each."""
    rows = list(steps)
    words: dict[str, list[str]] = defaultdict(list)
    for step in rows:
        if step.words:
            words[step.cause.value].append(step.words)
    bars, at = [], start
    for code, amount in way(start, end, rows).parts:
        bars.append(
            WaterfallBar(
                code=code, label=LABELS[code], amount=amount, before=at, words=tuple(words[code])
            )
        )
        at += amount
    return Bridge(start=start, end=end, bars=tuple(bars))


class BridgeTotal:
    """Adds bridges of projects up, bar by bar, without keeping them: a portfolio has thousands."""

    def __init__(self) -> None:
        self._start, self._projects, self._left_out = ZERO, 0, 0
        self._amounts: dict[str, Decimal] = {}

    def add(self, start: Decimal, parts: Iterable[tuple[str, Decimal]]) -> None:
        self._start += start
        self._projects += 1
        for code, amount in parts:
            self._amounts[code] = self._amounts.get(code, ZERO) + amount

    def leave_out(self) -> None:
        self._left_out += 1

    def bridge(self) -> Bridge | None:
        """Return the sum; None when none could be added."""
        if not self._projects:
            return None
        at, bars = self._start, []
        for code, label in LABELS.items():
            if code in self._amounts:
                amount = self._amounts[code]
                bars.append(WaterfallBar(code=code, label=label, amount=amount, before=at))
                at += amount
        return Bridge(
            start=self._start,
            end=at,
            bars=tuple(bars),
            projects=self._projects,
            left_out=self._left_out,
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
