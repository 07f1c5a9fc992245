"""
Hold an update against the data before it is published.

The rule is `projects.domain.challenge`; the page, a phone and the API all publish through
`projects.services.status.publish_update`, which asks here. What is better than the data is asked after
the update moved the records, so that a date given with it counts; whether anything moved since the last
words is asked before. Everything is one transaction: a refusal leaves nothing behind.
"""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.fields import Prose
from projects.domain.challenge import (
    LONGEST_REASON,
    REASON,
    SENTENCES,
    TEXTS,
    challenges,
    says_nothing_new,
    unanswered,
)
from projects.domain.colors import Color
from projects.domain.office import ColorRule, is_for_office
from projects.models import Project, StatusUpdate
from projects.office import standing_of
from projects.selectors.challenges import Judged, judged_now, last_before
from projects.selectors.figures import figures_of
from projects.selectors.status import MOST_MILESTONES, moved_since
from projects.words import challenges as words

Faults = dict[str, str]


def sound_reasons(update: StatusUpdate) -> None:
    """Raise ValidationError for a reason that is too long, or holds what no text here may hold."""
    field, faults = Prose(max_length=LONGEST_REASON), {}
    for pk, said in update.milestone_dates.items():
        try:
            field.run_validators(said.get(REASON, ""))
        except ValidationError as error:
            faults[f"m{pk}_{REASON}"] = error
    if faults:
        raise ValidationError(faults)


def faults_of_repeating(
    update: StatusUpdate, project: Project, before: Mapping[str, str], *, today: date
) -> Faults:
    """Refuse the last update's words as they were when the records moved since."""
    if not before or not says_nothing_new(_said(update), before):
        return {}
    found = figures_of([project], as_of=today)[project.pk]
    last = last_before(project, update.week)
    moved = moved_since(project, last, found, today=today)
    return {"overall_note": words.nothing_new(moved)} if moved else {}


def challenge(
    update: StatusUpdate,
    project: Project,
    *,
    today: date,
    faults: Faults,
    writer: User | None,
) -> None:
    """Raise ValidationError with a sentence at each field that owes an answer, `faults` included."""
    now = judged_now(project, as_of=today, week=update.week)
    faults = faults | _left_to_office(update, project, now, writer)
    owed = challenges(_said(update), now.earlier, now.measures)
    found = faults | {one.field: words.sentence_wanted(one) for one in owed}
    found |= _unanswered(update, now, today)
    if found:
        raise ValidationError(
            {name: ValidationError(text, code="challenged") for name, text in found.items()}
        )


def _left_to_office(
    update: StatusUpdate, project: Project, now: Judged, writer: User | None
) -> Faults:
    """Name the colors that the office of this project sets, where it is not the office that publishes."""
    said = {name: Color(getattr(update, name) or Color.NONE) for name in SENTENCES}
    others = {
        name: color
        for name, color in said.items()
        if name in now.measures
        and is_for_office(ColorRule.OFFICE, said=color, measured=now.measures[name].color)
    }
    if not others or writer is None:
        return {}
    standing = standing_of(project.pk)
    faults = {
        name: words.left_to_office(name, now.measures[name], standing)
        for name, color in others.items()
        if is_for_office(standing.rules.color, said=color, measured=now.measures[name].color)
    }
    if faults and can(writer, Permission.STATUS_JUDGE, project).allowed:
        return {}
    return faults


def _unanswered(update: StatusUpdate, now: Judged, today: date) -> Faults:
    reasons = {int(pk): said.get(REASON, "") for pk, said in update.milestone_dates.items()}
    late = unanswered(now.open, reasons, today=today)
    return {f"m{one.pk}_forecast": words.answer_wanted(one) for one in late[:MOST_MILESTONES]}


def _said(update: StatusUpdate) -> dict[str, str]:
    return {name: getattr(update, name) for name in (*SENTENCES, *TEXTS)}
