"""Which portfolio and which day a page shows, and what its figures leave out."""

from datetime import date

from pmo.common.page import formats
from reports.selectors.visible_rows import HiddenCount
from reports.words.rhythm import taken_early

LAST_WEEK, WEEK_BEFORE = "last week", "the week before"
# what projects lack that are not in a figure
NO_AMOUNTS = "a budget or a forecast"
NO_EARNED_VALUE = "a baseline, progress or costs"
NO_UPDATE = "an update"


def frozen_day(day: date, *, is_early: bool) -> str:
    """Name a freeze as a list of those that can be shown has it."""
    return f"{formats.day(day)}{taken_early(is_early=is_early)}"


def frozen_moment(day: date, *, is_early: bool) -> str:
    return f"{day:%A} {formats.day(day)}{taken_early(is_early=is_early)}"


def as_of(title: str, moment: str, *, is_frozen: bool = False) -> str:
    """Say under a page's title what it shows and as of when."""
    return f"{title}. As of {moment} (frozen)." if is_frozen else f"{title}. As of {moment}."


def as_of_before(title: str, moment: str, asked: date | None) -> str:
    """Say that the day asked for was not frozen, and which freeze stands in for it."""
    return f"{title}. As of {moment} (the last freeze before {formats.day(asked)})."


def nothing_kept(title: str, asked: date) -> str:
    return f"{title}. Nothing was frozen for {formats.day(asked)} yet."


def this_week(title: str, week: date, moment: str) -> str:
    return f"{title}. {formats.week(week)}. Data as of {moment}."


def nothing_active(kind: str) -> str:
    """Say of a portfolio, a program or a unit that nothing in it runs."""
    return f"No active project is in this {kind}"


def show(day: date) -> str:
    return f"Show {formats.day(day)}"


def too_early_title(asked: date | None) -> str:
    return f"Nothing was frozen on or before {formats.day(asked)}."


def too_early_text(first: date | None, first_freeze: str) -> str:
    """Say which day is the first that can be shown, or when there will be one."""
    if first is None:
        return f"Nothing is frozen yet. {first_freeze}"
    return f"The first frozen day is {formats.day(first)}."


def archive_text(moment: str) -> str:
    return f"No project here reports any more, so its last imported day is shown: {moment}."


def footnote(scale: HiddenCount, *, without: int, lacking: str, moment: str) -> str:
    """Say what a figure is made of: "Of 45 projects: 3 hidden from you, 2 without dates"."""
    left_out = [f"{scale.hidden:,} hidden from you"] if scale.hidden else []
    left_out += [f"{without:,} without {lacking}"] if without else []
    of = f"Of {formats.count(scale.total, 'project')}"
    if not left_out:
        return f"{of}. As of {moment}."
    return f"{of}: {', '.join(left_out)}. As of {moment}."


def sees_none(scale: HiddenCount) -> str:
    """Say that there are projects which this reader may not see; "" where there are none at all."""
    if not scale.hidden:
        return ""
    verb = "is" if scale.hidden == 1 else "are"
    return (
        f"There {verb} {formats.count(scale.hidden, 'project')} here that you are not named on."
        " Ask the project management office for access."
    )
