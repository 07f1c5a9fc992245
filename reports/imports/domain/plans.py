"""Whether a table is the plan of one project, which has an import of its own with links and undo."""

from collections.abc import Iterable

from pmo.common.tabular.headers import spellings

NAMES = frozenset(("task name", "name", "activity", "activity name", "task", "title"))
# what only plans have, by what it is
SIGNS = (
    frozenset(("duration", "duration days", "planned duration", "original duration")),
    frozenset(("predecessors", "predecessor", "successors", "successor", "dependencies")),
    frozenset(("wbs", "wbs code", "outline level", "outline number", "task nesting", "indent")),
    frozenset(("task mode", "constraint type", "total slack", "total float", "free slack")),
)
ENOUGH = 2


def is_plan(headers: Iterable[str]) -> bool:
    """Say whether the headers are those of a schedule: tasks with their lengths, links or levels."""
    said = {words for header in headers for words in spellings(header)}
    return bool(said & NAMES) and sum(bool(said & sign) for sign in SIGNS) >= ENOUGH
