"""The status colors, worst first, and how two of them compare."""

from collections.abc import Iterable

from projects.domain.labels import Labeled


class Color(Labeled):
    RED = "red"
    AMBER = "amber"
    NONE = "none", "No report"
    GREEN = "green"

    @property
    def letter(self) -> str:
        return self.value[0].upper()


# Order in lists: what needs attention first. No report comes before green: silence is not good news.
ORDER: dict[Color, int] = {Color.RED: 0, Color.AMBER: 1, Color.NONE: 2, Color.GREEN: 3}
CHOICES = [(color.value, color.label) for color in (Color.GREEN, Color.AMBER, Color.RED)]
_BAD: dict[Color, int] = {Color.GREEN: 0, Color.AMBER: 1, Color.RED: 2}


def worst(colors: Iterable[Color]) -> Color:
    """Return the worst color that says something; NONE when none does."""
    known = [color for color in colors if color is not Color.NONE]
    return max(known, key=_BAD.__getitem__) if known else Color.NONE


def is_better(one: Color, other: Color) -> bool:
    """True when both say something and `one` is the better news."""
    return one in _BAD and other in _BAD and _BAD[one] < _BAD[other]
