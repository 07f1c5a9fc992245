"""Who hears what in the demo hospital: its register, one go-live ahead, and one that is taken up."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from pmo.accounts.models import User
from projects.communication.models import CommunicationItem
from projects.communication.services.adoption import record_adoption
from projects.communication.services.items import lay_plan, send_item
from projects.domain.kinds import MilestoneKind
from projects.domain.stages import Stage
from projects.models import EngagementRecord, Milestone, Project, Stakeholder, StakeholderGroup
from projects.services.stakeholders import change_stakeholder, create_group
from reports.audiences.models import TextAudience
from reports.audiences.selectors import last_issued
from reports.audiences.services import draft_text
from reports.demo.organization import OFFICE, DemoOrganization
from reports.demo.stories import read

AHEAD = (10, 200)  # days until the go-live that is told of


def tell_communication(made: DemoOrganization, *, today: date) -> None:
    """Write it with the services, so that it holds what they ask for."""
    told, office = read("communication"), made.people[OFFICE]
    _begin_histories()
    groups = {
        name: create_group(
            by=office, name=name, category=category, lead=made.people.get(lead), note=note
        )
        for name, category, lead, note in told["register"]
    }
    _name_in_register(told["known_as"], groups, office)
    if ahead := _go_live_ahead(today):
        _plan(told, ahead, groups, made, today)
    if live := _go_live_done(today):
        _adopt(told["adoption"], live, office, today)


def tell_audiences(made: DemoOrganization) -> None:
    """Draft what a newsletter and the board are told of the last issued summary."""
    if summary := last_issued():
        for audience in (TextAudience.NEWSLETTER, TextAudience.BOARD):
            draft_text(summary=summary, audience=audience, by=made.people[OFFICE])


def _begin_histories() -> None:
    """Let each stakeholder's history begin with its project, as it was written in bulk."""
    rows = Stakeholder.objects.filter(history=None).select_related("project").order_by("pk")
    EngagementRecord.objects.bulk_create(
        EngagementRecord(
            project=one.project,
            stakeholder=one,
            engagement=one.engagement,
            engagement_wanted=one.engagement_wanted,
            noted_on=one.project.start_date,
        )
        for one in rows
        if one.project.start_date
    )


def _name_in_register(
    known_as: dict[str, str], groups: dict[str, StakeholderGroup], office: User
) -> None:
    for one in Stakeholder.objects.filter(name__in=known_as).order_by("pk"):
        change_stakeholder(
            stakeholder=one, version=None, by=office, group=groups[known_as[str(one.name)]]
        )


def _running() -> Any:
    return Milestone.objects.filter(
        kind=MilestoneKind.GO_LIVE,
        project__stage=Stage.DELIVERY,
        project__is_confidential=False,
    )


def _go_live_ahead(today: date) -> Milestone | None:
    """Return the go-live of the largest plan that is far enough ahead to be spoken of."""
    first, last = (today + timedelta(days=days) for days in AHEAD)
    ahead = _running().filter(actual_date=None, due_date__range=(first, last))
    known = ahead.filter(project__stakeholders__name="Medical executive committee")
    found: Milestone | None = (
        (known or ahead).select_related("project").order_by("due_date", "pk").first()
    )
    return found


def _go_live_done(today: date) -> Milestone | None:
    """Return the latest go-live that is at least a month old, so that two days can be read."""
    done = Milestone.objects.filter(
        kind=MilestoneKind.GO_LIVE,
        project__is_confidential=False,
        actual_date__lte=today - timedelta(days=32),
    )
    return done.select_related("project").order_by(F("actual_date").desc(), "-pk").first()


def _plan(
    told: dict[str, Any],
    live: Milestone,
    groups: dict[str, StakeholderGroup],
    made: DemoOrganization,
    today: date,
) -> None:
    """Plan messages of a go-live: some went out, one is due, one is late, the physicians resist."""
    project, office = live.project, made.people[OFFICE]
    manager = project.members.filter(role="manager").first()
    sender = manager.user if manager else office
    _resist(told["resistant"], project, sender, office, today)
    items = []
    for row in told["messages"]:
        group = groups.get(row.get("to", ""))
        is_dated = "in" in row
        items.append(
            {
                "code": row["code"],
                "group": group,
                "category": "" if group else row["category"],
                "message": row["message"],
                "text": row.get("text", ""),
                "channel": row["channel"],
                "sender": group.lead if group and row.get("lead") else sender,
                "cadence": row.get("cadence", "once"),
                "due_on": today + timedelta(days=row["in"]) if is_dated else None,
                "milestone": None if is_dated else live,
                "offset_days": row.get("offset", 0),
                "until_offset_days": row.get("until"),
            }
        )
    planned = {item.code: item for item in lay_plan(project=project, items=items, by=office)}
    for row in told["messages"]:
        for ago, reach in row.get("sent", ()):
            item = CommunicationItem.objects.get(pk=planned[row["code"]].pk)
            sent_on = today - timedelta(days=ago)
            if sent_on <= timezone.localdate():  # the demo may be of a day to come
                send_item(item=item, sent_on=sent_on, by=office, reach=reach)


def _resist(row: dict[str, Any], project: Project, lead: User, office: User, today: date) -> None:
    one, _ = Stakeholder.objects.get_or_create(
        project=project, name=row["name"], defaults={"position": row["position"]}
    )
    change_stakeholder(
        stakeholder=one,
        version=None,
        by=office,
        power=3,
        interest=3,
        engagement="resistant",
        engagement_wanted="supportive",
        approach=row["approach"],
        action_due=today + timedelta(days=row["in"]),
        lead=lead,
    )


def _adopt(rows: dict[int, dict[str, Any]], live: Milestone, office: User, today: date) -> None:
    for day, counts in rows.items():
        measured = live.actual_date + timedelta(days=day)
        if measured <= min(today, timezone.localdate()):
            record_adoption(
                project=live.project,
                by=office,
                milestone=live,
                day=day,
                measured_on=measured,
                **counts,
            )
