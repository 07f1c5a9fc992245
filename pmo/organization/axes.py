"""
What a status is judged by: the axes, their names here, and which of them this organization uses.

Plain values without Django. The keys are the columns of updates and snapshots; they never change.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

# key -> its name until somebody gives another
AXES = {
    "schedule": "Schedule",
    "cost": "Cost",
    "scope": "Scope",
    "risk": "Risk",
    "resources": "Resources",
    "quality": "Quality and compliance",
}
ALWAYS = ("schedule", "cost")  # what the data measures from dates and amounts
LONGEST_NAME = 30


class AxisSetting(NamedTuple):
    """One axis: its key, its name here, and whether updates are asked for it."""

    key: str
    name: str
    in_use: bool


DEFAULTS = tuple(AxisSetting(key, name, in_use=True) for key, name in AXES.items())


def axes_of(stored: Sequence[Any]) -> tuple[AxisSetting, ...]:
    """Read what is kept, in the fixed order; empty means the defaults. Raises ValueError if it is none."""
    known: dict[str, AxisSetting] = {}
    for one in stored:
        try:
            key, name, in_use = one["key"], one["name"], one["in_use"]
        except (KeyError, TypeError) as error:
            raise ValueError("An axis has a “key”, a “name”, and “in_use”.") from error
        if key not in AXES or key in known:
            raise ValueError(f"The axes are {', '.join(AXES)}, each once.")
        if not isinstance(name, str) or not isinstance(in_use, bool):
            raise ValueError("An axis’s “name” is text, “in_use” is true or false.")  # noqa: TRY004 - what is kept is wrong, not a call
        known[key] = AxisSetting(key, " ".join(name.split()), in_use)
    return tuple(known.get(one.key, one) for one in DEFAULTS)


def stored_of(axes: Iterable[AxisSetting]) -> list[dict[str, Any]]:
    """Write axes for keeping; nothing where the defaults hold."""
    found = tuple(axes)
    return [] if found == DEFAULTS else [one._asdict() for one in found]


def faults_of(axes: Sequence[AxisSetting]) -> dict[str, str]:
    """Return what is wrong, by the key of the axis, in sentences."""
    faults: dict[str, str] = {}
    taken: dict[str, str] = {}
    for one in axes:
        word = one.name.casefold()
        if not one.name:
            faults[one.key] = "Give the area a name."
        elif len(one.name) > LONGEST_NAME:
            faults[one.key] = f"Keep the name to {LONGEST_NAME} characters."
        elif word in taken:
            faults[one.key] = f"“{one.name}” is another axis already. Give it another name."
        taken.setdefault(word, one.key)
        if one.key in ALWAYS and not one.in_use:
            faults[one.key] = f"{AXES[one.key]} is measured from the data and stays in use."
    return faults
