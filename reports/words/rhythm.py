"""When the week is frozen and its summary compiled, in sentences; one home, for pages and charts."""

from projects.domain.rhythm import Rhythm


def first_freeze(rhythm: Rhythm) -> str:
    """Say when a week is frozen, where none is yet."""
    return f"The first week is frozen at the end of {rhythm.freeze_day}."


def nothing_frozen(rhythm: Rhythm) -> str:
    return f"Nothing of this portfolio is frozen yet. {first_freeze(rhythm)}"


def first_summary(rhythm: Rhythm) -> str:
    """Say when the first summary comes, where there is none yet."""
    return (
        f"The first one is compiled on {rhythm.compile_day} at {rhythm.compile_time:%H:%M}, from the"
        f" figures frozen at the end of {rhythm.freeze_day}."
    )


def every_week(rhythm: Rhythm) -> str:
    return f"One page each {rhythm.compile_day}, with the numbers it comes from."


def taken_early(*, is_early: bool) -> str:
    """Return what stands behind the day of a freeze that was taken before the week's."""
    return ", taken early" if is_early else ""
