"""Which days and hours make a week that works: said in sentences, for the page and for the service."""

from datetime import time
from typing import NamedTuple

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class WeekPlan(NamedTuple):
    """The six settings of the week; weekdays count from Monday, 0. Named as the fields are."""

    due_weekday: int
    due_time: time
    remind_time: time
    freeze_weekday: int
    compile_weekday: int
    compile_time: time


def problems_of(plan: WeekPlan) -> dict[str, str]:
    """Return what does not fit together, a sentence for each field to change; empty when all does."""
    found = {}
    if plan.remind_time >= plan.due_time:
        found["remind_time"] = (
            f"People are reminded before their updates are due: choose an hour before"
            f" {plan.due_time:%H:%M}."
        )
    if plan.freeze_weekday < plan.due_weekday:
        found["freeze_weekday"] = (
            f"The week is frozen once its updates are in, and these are due on"
            f" {WEEKDAYS[plan.due_weekday]}: choose that day or a later one."
        )
    if plan.compile_weekday == plan.freeze_weekday:
        found["compile_weekday"] = (
            f"Summaries are compiled from what was frozen at the end of"
            f" {WEEKDAYS[plan.freeze_weekday]}: choose another day."
        )
    return found
