"""The week's rhythm as the organization has set it."""

from pmo.organization.current import organization
from projects.domain.rhythm import Rhythm


def rhythm_now() -> Rhythm:
    """Return the rhythm in force."""
    said = organization()
    return Rhythm(
        due_weekday=said.due_weekday,
        due_time=said.due_time,
        remind_time=said.remind_time,
        freeze_weekday=said.freeze_weekday,
        compile_weekday=said.compile_weekday,
        compile_time=said.compile_time,
    )
