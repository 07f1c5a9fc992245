"""The last steps of the list of first steps: the first freeze and the first summary."""

from datetime import date

from pmo.common.page import formats

FREEZE, SUMMARY = "First freeze", "First summary"
OPEN_DRAFT = "Open the draft"
WHAT_A_FREEZE_IS = (
    "A freeze keeps the figures of a week for good; the summary is made from them. Each week is frozen"
    " automatically, and you need not wait for the first one."
)
LEAD_FREEZES = f"{WHAT_A_FREEZE_IS} The PMO lead can freeze now."
NO_PROJECTS = f"{WHAT_A_FREEZE_IS} “Freeze now” appears here once there are projects."
WHAT_A_SUMMARY_IS = (
    "Rounds drafts one page from the frozen figures. The office reviews it and adds its words; the PMO"
    " lead issues it."
)
DRAFT_READY = f"The draft is ready. {WHAT_A_SUMMARY_IS}"
NEEDS_FREEZE = f"{WHAT_A_SUMMARY_IS} It needs a freeze first."
ISSUED = "The first summary is issued."


def first_frozen(day: date) -> str:
    return f"The first figures are frozen as of {formats.day(day)}."
