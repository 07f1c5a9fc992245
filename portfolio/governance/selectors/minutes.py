"""What the minutes of a meeting hold, as JSON: one row an item, so that each reader sees their own."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from pmo.accounts.models import User
from pmo.common.folding import by_name
from portfolio.governance.domain.kinds import Presence
from portfolio.governance.models import AgendaItem, Decision, Meeting, Minutes
from portfolio.governance.selectors.seating import members_on, presences_of


def content_of(meeting: Meeting) -> dict[str, Any]:
    """Put down attendance, items with interests, papers, motion, votes and conditions, and actions."""
    committee, there = meeting.committee, presences_of(meeting)
    items = meeting.items.select_related("decision", "presenter", "mover", "seconder")
    rows = items.prefetch_related(
        "interests__person",
        "papers",
        "votes__person",
        "decision__conditions__owner",
    )
    return {
        "committee": committee.name,
        "day": meeting.day.isoformat(),
        "place": meeting.place,
        "quorum": committee.quorum,
        "quorum_seats": committee.quorum_seats,
        "attendance": [
            {
                "name": str(one.person),
                "seat": one.seat,
                "position": one.get_position_display(),
                "votes": one.votes,
                "presence": there.get(one.person_id, Presence.ABSENT.value),
            }
            for one in members_on(committee, meeting.day)
        ],
        "items": [_item(one) for one in rows.order_by("position", "pk")],
        "actions": [
            {
                "decision": one.item.decision_id if one.item else None,
                "text": one.text,
                "owner": str(one.owner),
                "due": one.due.isoformat(),
            }
            for one in meeting.actions.select_related("owner", "item").order_by("due", "pk")
        ],
    }


def _item(item: AgendaItem) -> dict[str, Any]:
    decision = item.decision
    return {
        "decision": decision.pk,
        "number": decision.number,
        "question": decision.question,
        "purpose": item.purpose,
        "presenter": _name(item.presenter),
        "motion": item.motion or decision.recommendation,
        "mover": _name(item.mover),
        "seconder": _name(item.seconder),
        "interests": [
            {"name": str(one.person), "text": one.text, "is_recused": one.is_recused}
            for one in _by_name(item.interests.all())
        ],
        "papers": [
            {"title": one.title, "revision": one.revision, "url": one.url}
            for one in sorted(item.papers.all(), key=lambda one: one.pk)
        ],
        "votes": [
            {"name": str(one.person), "choice": one.get_choice_display(), "reason": one.reason}
            for one in _by_name(item.votes.all())
        ],
        "counted": item.counted,
        "result": item.result,
        "outcome": decision.get_outcome_display() if item.result in ("decided", "deferred") else "",
        "reason": item.reason,
        "dissent": decision.dissent if item.result == "decided" else "",
        "needed_by": decision.needed_by.isoformat()
        if item.result == "deferred" and decision.needed_by
        else "",
        "missing": decision.missing if item.result == "deferred" else "",
        "conditions": [
            {
                "text": one.text,
                "owner": str(one.owner),
                "due": one.due.isoformat(),
                "blocks": one.get_blocks_display(),
            }
            for one in sorted(decision.conditions.all(), key=lambda one: one.position)
            if item.result == "decided"
        ],
    }


def _name(person: User | None) -> str:
    return str(person) if person else ""


def _by_name(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda one: by_name(one.person.name, one.pk))


def readable(minutes: Minutes, reader: User | AnonymousUser) -> dict[str, Any]:
    """Return what the reader may see of the minutes: items and actions on hidden projects are not there."""
    content: dict[str, Any] = dict(minutes.content)
    asked = {one["decision"] for one in [*content["items"], *content["actions"]]} - {None}
    seen = set(
        Decision.objects.visible_to(reader).filter(pk__in=asked).values_list("pk", flat=True)
    )
    content["items"] = [one for one in content["items"] if one["decision"] in seen]
    content["actions"] = [
        one for one in content["actions"] if one["decision"] is None or one["decision"] in seen
    ]
    return content
