"""The last steps of the list: the first freeze and the first summary, with which it ends."""

from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import figures
from pmo.common.page.checklist import FirstStepLink, State, ends_when, step
from projects.models import Project
from reports.models import Freeze, Summary
from reports.selectors.documents import summaries_for


@ends_when
def is_first_summary_issued() -> bool:
    return Summary.objects.issued().exists()


@step("freeze", order=60, title="First freeze")
def freeze_step(user: User) -> State:
    """Done with the first frozen week, whoever or whatever froze it."""
    first = Freeze.objects.order_by("date").values_list("date", flat=True).first()
    if first is not None:
        return State(done=True, text=f"The first figures are kept as of {figures.day(first)}.")
    text = (
        "A freeze keeps the figures of a week for good; the summary is made of them. Each week is"
        " frozen by itself, and the first one need not wait for that."
    )
    if not can(user, Permission.FREEZE_NOW).allowed:
        return State(done=False, text=f"{text} The PMO lead can freeze now.")
    if not Project.objects.active().exists():
        return State(done=False, text=f"{text} “Freeze now” appears here once there are projects.")
    url = reverse("reports:freeze_now")
    action = FirstStepLink(label="Freeze now", url=url, icon="calendar-check")
    return State(done=False, text=text, actions=[action])


@step("summary", order=70, title="First summary")
def summary_step(user: User) -> State:
    """Done when the first summary is issued."""
    if is_first_summary_issued():
        return State(done=True, text="The first summary is issued.")
    text = (
        "Rounds drafts one page from the frozen figures. The office reads it and adds its words;"
        " the PMO lead issues it."
    )
    if not can(user, Permission.SUMMARY_REVIEW).allowed:
        return State(done=False, text=text)
    draft = summaries_for(user).order_by("pk").first()
    if draft is not None:
        open_it = FirstStepLink(
            label="Open the draft", url=draft.get_absolute_url(), icon="file-text"
        )
        return State(done=False, text=f"The draft is ready. {text}", actions=[open_it])
    if not Freeze.objects.exists():
        return State(done=False, text=f"{text} It needs a freeze.")
    url = reverse("reports:summary_new")
    action = FirstStepLink(label="Compile a summary", url=url, icon="file-text")
    return State(done=False, text=text, actions=[action])
