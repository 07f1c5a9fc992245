"""The sentences of making a template from a finished project."""

from collections.abc import Sequence

from pmo.common.page.formats import counted, listing

FINISHED_TITLE = "A template from a finished project"
MAKE = "Make a template"
TITLE = "Make a template from this project"
PUBLISH = "Publish the template"
LEDE = (
    "The plan with the days the work took, milestones, budget shares, roles, stakeholders, risks and messages of this"
    " project. Read it before you publish: everybody who sees projects can read a template."
)
CONFIDENTIAL = (
    "This project is confidential, and a template can be read by everybody who sees projects. Make the template from"
    " another project, or after the project is no longer confidential."
)
NOT_FINISHED = "A template is made from a closed project. This one is not closed yet."
CODE_TAKEN = "A template of this code is here already. Give this one another code."
# what the draft of a template says where the project says nothing
TO_PLAN = "To be planned"
BEGINS = "Project begins"
ENDS = "Project ends"
GO_LIVE = "Go-live"
WORK = "Work"
LONGEST = 200
NONE_FINISHED = "No project is closed yet"
NONE_TEXT = "A project is closed on its page, under Stage. Confidential projects are not offered."


def work_toward(milestone: str) -> str:
    return f"Work toward: {milestone}"[:LONGEST]


def lede(number: int) -> str:
    if not number:
        return NONE_TEXT
    return counted(
        number,
        "1 closed project: what it learned about its plan can be where the next one starts.",
        "{n} closed projects: what one learned about its plan can be where the next one starts.",
    )


def names(people: Sequence[str]) -> str:
    return (
        f"It names {listing(list(people))}. A template names roles and no people: write the role."
    )


def missing(number: int) -> str:
    return counted(
        number,
        "1 thing is to be added or put right before it can be published",
        "{n} things are to be added or put right before it can be published",
    )
