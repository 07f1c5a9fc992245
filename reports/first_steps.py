"""The last steps of the list: the first freeze and the first summary, with which it ends."""

from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.checklist import FirstStepLink, State, ends_when, step
from projects.models import Project
from reports.models import Freeze, Summary
from reports.selectors.documents import summaries_for
from reports.words import first_steps as words
from reports.words.documents import COMPILE
from reports.words.freezing import FREEZE_NOW


@ends_when
def is_first_summary_issued() -> bool:
    return Summary.objects.issued().exists()


@step("freeze", order=60, title=words.FREEZE)
def freeze_step(user: User) -> State:
    """Done with the first frozen week, whoever or whatever froze it."""
    first = Freeze.objects.order_by("date").values_list("date", flat=True).first()
    if first is not None:
        return State(done=True, text=words.first_frozen(first))
    if not can(user, Permission.FREEZE_NOW).allowed:
        return State(done=False, text=words.LEAD_FREEZES)
    if not Project.objects.active().exists():
        return State(done=False, text=words.NO_PROJECTS)
    url = reverse("reports:freeze_now")
    action = FirstStepLink(label=FREEZE_NOW, url=url, icon="calendar-check")
    return State(done=False, text=words.WHAT_A_FREEZE_IS, actions=[action])


@step("summary", order=70, title=words.SUMMARY)
def summary_step(user: User) -> State:
    """Done when the first summary is issued."""
    if is_first_summary_issued():
        return State(done=True, text=words.ISSUED)
    if not can(user, Permission.SUMMARY_REVIEW).allowed:
        return State(done=False, text=words.WHAT_A_SUMMARY_IS)
    draft = summaries_for(user).order_by("pk").first()
    if draft is not None:
        open_it = FirstStepLink(
            label=words.OPEN_DRAFT, url=draft.get_absolute_url(), icon="file-text"
        )
        return State(done=False, text=words.DRAFT_READY, actions=[open_it])
    if not Freeze.objects.exists():
        return State(done=False, text=words.NEEDS_FREEZE)
    url = reverse("reports:summary_new")
    action = FirstStepLink(label=COMPILE, url=url, icon="file-text")
    return State(done=False, text=words.WHAT_A_SUMMARY_IS, actions=[action])
