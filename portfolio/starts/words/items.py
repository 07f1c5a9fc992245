"""The sentences of what came with a template."""

from collections.abc import Callable

from pmo.common.page.formats import count, counted, day, listing, money_exact
from portfolio.starts.models import ItemState, ProjectStart, StartItem
from portfolio.starts.selectors.items import DatedItem, StartCounts
from projects.project_templates.domain.sections import ANCHORED, COMMUNICATION, RESERVE, START, Row
from projects.project_templates.selectors.library import worded
from projects.project_templates.words.library import size, size_label

CONFIRM = "Confirm"
CONFIRM_TITLE = "Confirm what came with the template"
CONFIRMED = "Confirmed."
CHANGE_TITLE = "Change an example"
SAVE = "Save and confirm"
CHANGED = "Changed and confirmed."
REMOVE = "Remove"
REMOVED = "Removed from the project."
FILL_TITLE = "Fill a role"
FILL = "Save"
FILLED = "Saved."
FROM_TEMPLATE = "From the template"
PLANNED = "The message is planned."
NOT_PLANNED = "Not planned yet"
IS_PLANNED = "Planned message"
NOTHING = "Everything that came with the template is confirmed."


def facts(start: ProjectStart) -> list[tuple[str, object]]:
    """Say what was asked for when the project was started."""
    said: list[tuple[str, object]] = [
        ("Go-live asked for", day(start.go_live)),
        ("Durations", f"{start.percent}% of the template’s"),
        ("Rules of", start.get_region_display()),
        *((size_label(key), size(said)) for key, said in start.sizes.items()),
    ]
    if start.ground:
        said.append(("Asked for by", f"{start.ground}, from {day(start.ground_date)}"))
    return said


def all_confirmed(number: int) -> str:
    return counted(number, "1 example confirmed.", "{n} examples confirmed.")


def panel_title(start: ProjectStart) -> str:
    version = start.from_version
    return f"Started from {version.template}, version {version.number}"


def confirm_lede(counts: StartCounts) -> str:
    """Say how many examples wait for the owner."""
    if not counts.examples:
        return NOTHING
    return counted(
        counts.examples,
        "1 figure is an example of the template until it is confirmed, changed or removed.",
        "{n} figures are examples of the template until they are confirmed, changed or removed.",
    )


def remove_asked(name: object) -> str:
    return f"Remove “{name}” from the project?"


def remove_note(item: StartItem) -> str:
    if item.record_kind:
        what = "budget line" if item.record_kind == "budget_line" else "planned message"
        return f"Its {what} goes too. The template keeps it."
    return "The project no longer keeps it. The template does."


def told(found: DatedItem, money: str) -> str:
    """Say what an item holds, in one line; "" where its name says it."""
    if found.section.name == "budget_lines":
        return _line(found.item, money)
    if found.section is ANCHORED:
        return _counted(found.item)
    tell = _TOLD.get(found.section.name)
    return tell(found.item.said) if tell else ""


def _measure(said: Row) -> str:
    unit = str(said["unit"]).strip()
    after = unit if unit == "%" else f" {unit}"
    return f"From {said['baseline']:,g} to {said['target']:,g}{after}".rstrip()


def _training(said: Row) -> str:
    must = ", must be passed" if said["pass_required"] else ""
    return f"{said['hours']:g} hours a head, {said['target_percent']:g}% of them{must}"


def _message(said: Row) -> str:
    return f"{worded(said['channel'])}: {said['message']}"


def _line(item: StartItem, money: str) -> str:
    share = f"{100 * item.said['share']:g}%"
    kind = "contingency" if item.said["kind"] == RESERVE else str(item.said["kind"])
    return f"{money_exact(item.amount, money)}, {share} of the budget, {kind}"


def _adoption(said: Row) -> str:
    checked = listing([f"{days:g}" for days in said["check_days_after_go_live"]])
    if said.get("target_percent") is not None:
        return f"At least {said['target_percent']:g}%, looked at {checked} days after go-live"
    most = said.get("target_max_percent")
    if most is not None:
        return f"At most {most:g}%, looked at {checked} days after go-live"
    return f"At most {said.get('target_max', 0):g}, looked at {checked} days after go-live"


def _counted(item: StartItem) -> str:
    said = item.said
    anchor = str(item.anchor or said["from"])
    if said["from"] == START:
        anchor = "the start"
    if said.get("pin"):
        return f"Pinned to a day of the year, counted from {anchor}"
    days = abs(said["calendar_days"])
    if not days:
        where = f"On the day of {anchor}"
    elif said["calendar_days"] > 0:
        where = f"{count(days, 'day')} after {anchor}"
    else:
        where = f"{count(days, 'day')} before {anchor}"
    again = said.get("repeat_days")
    if not again:
        return where
    return f"{where}, then every day" if again == 1 else f"{where}, then every {again} days"


_TOLD: dict[str, Callable[[Row], str]] = {
    "measures": _measure,
    "training": _training,
    "adoption": _adoption,
    "communication": _message,
}


def state_of(item: StartItem) -> str:
    """Say of an item whether it is still an example, of a message whether it is planned; "" for the rest."""
    if item.section == COMMUNICATION.name:
        return IS_PLANNED if item.record_kind else NOT_PLANNED
    return "" if item.state == ItemState.KEPT else str(item.get_state_display())
