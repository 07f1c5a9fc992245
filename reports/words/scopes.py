"""What may be looked at, as lists to choose from show it; and what is said where it is not there."""

from typing import Any

from reports.domain.scope import HOSPITAL
from reports.selectors.scopes import OfferedScopes

NO_CODE = "There is no portfolio with this code."
NO_SCOPE = "There is no such portfolio, program or unit that you may look at."
INDENT = "\N{NO-BREAK SPACE}" * 3


def scope_choices(offered: OfferedScopes) -> list[Any]:
    """Return what may be looked at in groups, the units as an indented tree."""
    units = [(f"unit-{one.pk}", INDENT * one.depth + one.name) for one in offered.units]
    groups = [
        ("Portfolios", [(str(one.key), one.name) for one in offered.portfolios]),
        ("Programs", [(str(one.key), one.name) for one in offered.programs]),
        ("Units, with those below", units),
    ]
    return [
        (str(HOSPITAL.key), HOSPITAL.name),
        *((label, choices) for label, choices in groups if choices),
    ]
