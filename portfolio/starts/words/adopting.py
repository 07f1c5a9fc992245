"""The sentences of taking over a later version of a template."""

from collections.abc import Mapping, Sequence
from typing import Any

from pmo.common.page.formats import count, counted, listing
from portfolio.starts.domain.adopting import AdoptLine, ByHand, FieldMove, LineKind
from portfolio.starts.models import ProjectStart
from projects.project_templates.domain.network import LinkSaid, link_of
from projects.project_templates.domain.sections import (
    PHASES,
    ROLES,
    START,
    TASKS,
    Document,
    FieldSpec,
    Holds,
)
from projects.project_templates.models import TemplateVersion
from projects.project_templates.selectors.library import shown

TITLE = "Later version of the template"
SEE = "See what changed"
TAKE = "Take over"
REPLACE = "Replace ours"
KEEP = "Keep ours"
LEAVE_OUT = "Leave it out"
TAKEN = "Taken over."
KEPT = "Kept as the project has it."
NO_TEMPLATE = "This project was not started from a template."
OVER = "This project is over: it keeps what it has."
SETTLED = "This line is settled already: it was taken over or kept. Nothing was changed."
MEANWHILE = "The template or the project changed since this page was opened. Look at the line again; nothing was changed."
NOT_ALLOWED = "Who may change this part of the project takes it over."
KINDS = {
    LineKind.ADDED: "New in the template",
    LineKind.CHANGED: "Changed in the template",
    LineKind.GONE: "No longer in the template",
}
BY_HAND = {
    ByHand.GATE: "A gate comes with its evidence: lay it on the page Gates.",
    ByHand.MILESTONE: "It is a milestone that is reported on: remove it on the page Milestones.",
    ByHand.BEGUN: "Work on it has begun, so it stays in the plan.",
    ByHand.PLACE: "Its place in the plan, its milestone or its calendar is changed on the page Plan.",
    ByHand.BOOKED: "Its amount is part of the approved budget: change it on the page Money.",
    ByHand.REGISTER: "Risks are closed and never removed: close it in the register if it no longer applies.",
    ByHand.STAKEHOLDER: "Stakeholders stay with their history: change them on the page Communication.",
}
EMPTY = "nothing"


def by_hand(reason: ByHand) -> str:
    return BY_HAND[reason]


def lede(start: ProjectStart, version: TemplateVersion, lines: Sequence[AdoptLine]) -> str:
    """Say what the later version would change, and that nothing changes by itself."""
    template = start.from_version.template
    if not lines:
        return f"The project has everything of {template}, version {version.number}, that it wants."
    own = sum(1 for line in lines if line.own)
    said = (
        f"{template}, version {version.number}, differs in {count(len(lines), 'line')} from what this project has."
        " Nothing changes before you take a line over."
    )
    if not own:
        return said
    return said + counted(
        own,
        " 1 of them touches what the project changed itself.",
        " {n} of them touch what the project changed itself.",
    )


def notice(number: int, waiting: int) -> str:
    """Say on the project's page that there is a later version."""
    lines = counted(waiting, "1 line differs", "{n} lines differ")
    return f"Version {number} of the template is there: {lines} from this project."


def own_words(line: AdoptLine) -> str:
    """Name what the project changed itself; "" for nothing."""
    if not line.own:
        return ""
    names = listing([move.spec.label.lower() for move in line.own])
    return f"The project changed this itself: {names}."


def own_refusal(line: AdoptLine) -> str:
    return f"{own_words(line)} Say that it is to be replaced, or keep it."


def left_out(line: AdoptLine) -> str:
    """Name the fields that are to be changed by hand where the rest is taken over; "" for none."""
    if not line.left_out or line.by_hand:
        return ""
    return f"To change by hand: {listing([spec.label.lower() for spec in line.left_out])}."


def task_first(key: str) -> str:
    return f"It comes after {key}, which is not in this plan. Take {key} over first."


def names_of(document: Document) -> dict[str, str]:
    """Return what is behind the short keys of a template: phases, roles and tasks by name."""
    rows = (*PHASES.rows_of(document), *ROLES.rows_of(document), *TASKS.rows_of(document))
    return {str(row.get("key") or row.get("id")): str(row["name"]) for row in rows}


def _value(spec: FieldSpec, said: Any, names: Mapping[str, str]) -> str:
    """Write a value with names in place of keys; a link says its lag."""
    if spec.holds is Holds.LINKS and isinstance(said, list):
        links = [(text, link_of(text)) for text in said]
        return "; ".join(_link(text, link, names) for text, link in links) or EMPTY
    if spec.holds in {Holds.PHASE, Holds.ROLE, Holds.TASK, Holds.POINT}:
        return "the start" if said == START else names.get(str(said), str(said or EMPTY))
    return shown(spec, said) or EMPTY


def _link(text: str, link: LinkSaid | None, names: Mapping[str, str]) -> str:
    if link is None:
        return text
    name = names.get(link.task, link.task)
    return name if str(link) == link.task else f"{name} ({link.kind.value}{link.lag:+d})"


def move_of(move: FieldMove, names: Mapping[str, str]) -> dict[str, str]:
    """Say one field: now, before, and here where the project changed it itself."""
    return {
        "label": move.spec.label,
        "now": _value(move.spec, move.now, names),
        "was": _value(move.spec, move.was, names),
        "here": _value(move.spec, move.here, names) if move.is_own else "",
    }


def told(line: AdoptLine, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Say what a whole row holds, for one that is new or gone; its name stands before it."""
    specs = [
        spec
        for spec in line.section.fields
        if spec.holds is not Holds.KEY and spec.name not in {"name", "score"}
    ]
    found = [(spec.label, _value(spec, line.row.get(spec.name), names)) for spec in specs]
    return [(label, said) for label, said in found if said != EMPTY]
