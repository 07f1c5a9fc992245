"""What a word of theirs most likely means: proposed where it is asked about, never taken unasked."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import plain
from reports.imports.domain.answers import similar_names
from reports.imports.domain.kinds.spellings import spelled
from reports.imports.domain.profile import normalized

TOKEN = re.compile(r"[^\W_]+")
OF_STAGES = spelled(
    proposal=("idea", "proposed", "requested", "request", "concept", "draft", "intake", "pipeline", "new", "business case"),
    planning=("plan", "planned", "design", "initiation", "initiating", "definition", "preparation", "not started",
              "pre-construction", "preconstruction", "procurement", "approved", "tender"),
    delivery=("in progress", "in-progress", "active", "ongoing", "underway", "under way", "construction", "execution",
              "executing", "implementation", "implementing", "build", "building", "started", "running", "in delivery",
              "in flight", "monitoring"),
    closing=("close-out", "closeout", "handover", "hand-over", "commissioning", "hypercare", "transition", "closure"),
    closed=("complete", "completed", "done", "finished", "live", "delivered", "closed out"),
    on_hold=("hold", "paused", "suspended", "deferred", "parked", "postponed", "delayed"),
    cancelled=("canceled", "withdrawn", "stopped", "terminated", "rejected", "abandoned"),
)  # fmt: skip


def likely(field: str, word: str, choices: Sequence[tuple[str, str]]) -> str:
    """
    Return the code among the choices that a word most likely means, "" where none stands out.

    One that others use for it, one whose name has the word in it as no other's has, or one that is spelled alike.
    """
    said = normalized(word)
    if field == "stage" and said in OF_STAGES:
        ours = OF_STAGES[said].replace("_", " ")
        return next((one for one, _ in choices if normalized(one).replace("_", " ") == ours), "")
    tokens = set(TOKEN.findall(said))
    with_all = [code for code, name in choices if tokens and tokens <= _tokens(code, str(name))]
    if len(with_all) == 1:
        return with_all[0]
    alike = similar_names(said, {normalized(str(name)): code for code, name in choices})
    return alike[0] if len(alike) == 1 else ""


def _tokens(code: str, name: str) -> set[str]:
    return set(TOKEN.findall(normalized(f"{code} {name}").replace("_", " ")))


def counted(table: SourceTable, header: str) -> Mapping[str, int]:
    """Return how many rows say each word of a column."""
    return Counter(plain(cell) for cell in table.column(table.headers.index(header)))
