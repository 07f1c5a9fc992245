"""The sentences of starting a project from a template."""

from datetime import date

from pmo.common.page.formats import count, day, money_exact
from portfolio.starts.selectors.items import StartCounts
from projects.project_templates.domain.network import CourseLaid, Measured
from projects.project_templates.domain.sections import Document

START_TITLE = "Start a project"
START = "Start the project"
NO_DATES = "Choose the go-live day to see the dates."


def started(name: object, counts: StartCounts) -> str:
    return f"{name} is started. {waits(counts)}"


def waits(counts: StartCounts) -> str:
    """Say what of a template waits for somebody."""
    roles = count(counts.open_roles, "role")
    examples = count(counts.examples, "example")
    if counts.open_roles and counts.examples:
        return f"{roles} to fill, {examples} to confirm."
    if counts.open_roles:
        return f"{roles} to fill. Every example is confirmed."
    if counts.examples:
        return f"Every role is filled. {examples} to confirm."
    return "Every role is filled and every example is confirmed."


def preview(course: CourseLaid, length: Measured) -> str:
    """Say when the work begins and ends."""
    held = " The work before it ends on the last working day before." if course.is_held else ""
    return (
        f"Begins {day(course.start)}, goes live {day(course.go_live)}, ends {day(course.finish)}:"
        f" {count(length.length, 'working day')}, {length.go_live:,} of them to the go-live.{held}"
    )


def example_hint(total: object, currency: str) -> str:
    sum_of_it = money_exact(total, currency)  # type: ignore[arg-type]  # a Decimal, always
    return f"Empty: the example of {sum_of_it} is shown with each line and not booked."


def mandatory_note(document: Document) -> str:
    return f"{document['name']} is mandatory work: say which rule asks for it."


def earliest(reached: date) -> str:
    return f"At the earliest {day(reached)}, started today."
