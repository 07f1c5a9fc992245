"""The minutes in sentences, the same on the page and in the PDF."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo.common.page.formats import day
from portfolio.governance.domain.kinds import ItemResult, Presence, Purpose
from portfolio.governance.domain.voting import seats_in_words
from portfolio.governance.models import Minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesItem:
    """One item: a heading, what it ended with, and labels with what was said."""

    heading: str
    result: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSheet:
    """The minutes as they are read: who was there, the items, the actions."""

    title: str
    sub: str
    correction: str
    quorum: str
    attendance: list[tuple[str, str]]
    items: list[MinutesItem]
    actions: list[tuple[str, str, str]]


def sheet_of(minutes: Minutes, content: dict[str, Any]) -> MinutesSheet:
    """Say minutes as far as `content` holds them: what the reader may see."""
    held = date.fromisoformat(content["day"])
    place = f", {content['place']}" if content["place"] else ""
    seats = seats_in_words(content["quorum_seats"])
    among = f", among them {seats}" if seats else ""
    return MinutesSheet(
        title=f"{content['committee']}, {day(held)}",
        sub=f"Minutes, version {minutes.number}{place}. {_approval(minutes)}",
        correction=minutes.correction,
        quorum=f"Quorum: {content['quorum']} voting members{among}.",
        attendance=[_attendance(one) for one in content["attendance"]],
        items=[_item(place, one) for place, one in enumerate(content["items"], start=1)],
        actions=[
            (one["text"], one["owner"], day(date.fromisoformat(one["due"])))
            for one in content["actions"]
        ],
    )


def _approval(minutes: Minutes) -> str:
    if minutes.approved_on is None:
        return "Not approved yet."
    return f"Approved on {day(minutes.approved_on)}."


def _attendance(one: dict[str, Any]) -> tuple[str, str]:
    seat = f", {one['seat']}" if one["seat"] else ""
    position = "" if one["position"] == "Member" else f" ({one['position'].lower()})"
    vote = "" if one["votes"] else ", without a vote"
    return f"{one['name']}{seat}{position}", f"{Presence(one['presence']).label}{vote}"


def _item(place: int, one: dict[str, Any]) -> MinutesItem:
    ratifies = " (to be ratified)" if one["purpose"] == Purpose.RATIFY else ""
    result = one["outcome"] or ItemResult(one["result"]).label
    return MinutesItem(
        heading=f"{place}. {one['question']}{ratifies}",
        result=result,
        lines=[(label, text) for label, text in _lines(one) if text],
    )


def _lines(one: dict[str, Any]) -> list[tuple[str, str]]:
    moved = f"{one['mover']}, seconded by {one['seconder']}" if one["mover"] else ""
    return [
        ("Number", one["number"]),
        ("Presented by", one["presenter"]),
        (
            "Papers",
            "; ".join(f"{paper['title']}, version {paper['revision']}" for paper in one["papers"]),
        ),
        ("Interests", "; ".join(_interest(each) for each in one["interests"])),
        ("Motion", one["motion"]),
        ("Moved by", moved),
        ("Quorum", _quorum(one["counted"])),
        ("Votes", "; ".join(_vote(each) for each in one["votes"])),
        ("Reason", one["reason"]),
        ("Dissent", one["dissent"]),
        ("Missing", one["missing"]),
        ("Needed by", day(date.fromisoformat(one["needed_by"])) if one["needed_by"] else ""),
        ("Conditions", "; ".join(_condition(each) for each in one["conditions"])),
    ]


def _interest(one: dict[str, Any]) -> str:
    return f"{one['name']}, {'recused' if one['is_recused'] else 'declared'}: {one['text']}"


def _quorum(counted: dict[str, Any]) -> str:
    if not counted:
        return ""
    said = "Quorate" if counted["is_quorate"] else "Not quorate"
    votes = f"{counted['yes']} yes, {counted['no']} no, {counted['abstain']} abstain"
    return f"{said}, {counted['present']} counted; {votes}"


def _vote(one: dict[str, Any]) -> str:
    reason = f" ({one['reason']})" if one["reason"] else ""
    return f"{one['name']} {one['choice'].lower()}{reason}"


def _condition(one: dict[str, Any]) -> str:
    due = day(date.fromisoformat(one["due"]))
    return f"{one['text']} ({one['owner']}, by {due}; blocks {one['blocks'].lower()})"
