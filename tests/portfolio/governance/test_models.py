"""What the tables keep whatever writes to them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.common.models import AppendOnlyError
from portfolio.governance.models import Committee, CommitteeMember, Decision, Meeting, Minutes
from portfolio.governance.validators import sound_options, sound_quorum_seats
from tests.factories import MemberFactory, ProjectFactory, person

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def committee(**fields):
    return Committee.objects.create(**{"code": "EXEC", "name": "Executive steering"} | fields)


def decision(**fields):
    given = {
        "number": f"2026-{Decision.objects.count() + 1:03}",
        "question": "Buy the scanner?",
        "state": "asked",
        "asked_on": DAY,
        "needed_by": DAY,
    }
    if not {"decider_person", "decider_committee"} & set(fields):
        fields["decider_person"] = person(Role.EXECUTIVE)
    return Decision.objects.create(**given | fields)


def decided(**fields):
    return decision(state="decided", outcome="approve", decided_on=DAY, **fields)


def test_a_decided_decision_is_not_changed():
    row = Decision.objects.get(pk=decided().pk)
    row.question = "Buy two?"

    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=row.pk).update(question="Buy two?")


def test_the_database_lets_a_decided_decision_be_superseded_and_nothing_else_with_it():
    row = decided()

    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=row.pk).update(state="superseded", reason="Other words")
    Decision.objects.filter(pk=row.pk).update(state="superseded", version=2)

    row.refresh_from_db()
    assert (row.state, row.version) == ("superseded", 2)


def test_minutes_change_only_by_being_approved():
    meeting = Meeting.objects.create(committee=committee(), day=DAY)
    minutes = Minutes.objects.create(
        meeting=meeting, number=1, made_at="2026-03-02T12:00Z", content={"items": []}
    )
    rows = Minutes.objects.filter(pk=minutes.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content={})
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content={}, approved_on=DAY, approved_in=meeting)
    rows.update(approved_on=DAY, approved_in=meeting)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(approved_on=None, approved_in=None)


def test_exactly_one_decides_what_is_asked():
    both = {"decider_person": person(Role.EXECUTIVE), "decider_committee": committee()}

    for fields in (both, {"decider_person": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            decision(**fields)


@pytest.mark.parametrize(
    "options",
    [
        "no list",
        [{"money": "No name"}],
        [{"name": "A", "color": "red"}],
        [{"name": "A", "is_nothing": "yes"}],
        [{"name": "A" * 301}],
        [{"name": str(n)} for n in range(9)],
    ],
)
def test_options_that_are_none_are_refused(options):
    with pytest.raises(ValidationError):
        sound_options(options)


def test_what_identifies_a_patient_is_refused_in_an_option():
    with pytest.raises(ValidationError, match="patient"):
        sound_options([{"name": "Move MRN 12345678 to another ward"}])


@pytest.mark.parametrize(
    "seats", ["CFO", ["CFO"], [[]], [[1]], [["X" * 41]], [["X"] * 41], [["X"]] * 41]
)
def test_a_quorum_that_is_no_groups_of_seats_is_refused(seats):
    with pytest.raises(ValidationError):
        sound_quorum_seats(seats)


def readers():
    """Everybody who may stand to a decision in one way or another."""
    return {
        "office": person(Role.PMO_ANALYST),
        "executive": person(Role.EXECUTIVE),
        "staff": person(Role.STAFF),
        "member": person(Role.STAFF),
        "left": person(Role.STAFF),
        "decider": person(Role.STAFF),
        "owner": person(Role.STAFF),
        "raiser": person(Role.STAFF),
        "named": person(Role.STAFF),
    }


@pytest.mark.parametrize("is_hidden", [None, False, True])
@pytest.mark.parametrize("state", ["draft", "asked"])
@pytest.mark.parametrize("way", ["committee", "agenda", "person"])
def test_lists_and_checks_agree_and_show_what_was_put_before_somebody(is_hidden, state, way):
    people, body = readers(), committee()
    CommitteeMember.objects.create(committee=body, person=people["member"], since=DAY)
    CommitteeMember.objects.create(
        committee=body, person=people["left"], since=DAY, until=date(2026, 3, 3)
    )
    project = None if is_hidden is None else ProjectFactory(is_confidential=is_hidden)
    if project:
        MemberFactory(project=project, user=people["named"], role=Role.READER)
    decider = {"decider_committee": body} if way == "committee" else {}
    row = decision(
        project=project, state=state, raised_by=people["raiser"],
        **decider or {"decider_person": people["decider"]},
    )  # fmt: skip
    row.conditions.create(position=1, text="Signed", owner=people["owner"], due=DAY)
    if way == "agenda":
        meeting = Meeting.objects.create(committee=body, day=DAY)
        meeting.items.create(decision=row, position=1)

    seen = {
        name for name, one in people.items() if Decision.objects.visible_to(one).filter(pk=row.pk)
    }
    fresh = Decision.objects.get(pk=row.pk)
    allowed = {
        name for name, one in people.items() if can(one, Permission.DECISION_VIEW, fresh).allowed
    }

    expected = {"owner", "raiser"}
    if not is_hidden:
        expected |= {"office", "executive"}
    if project:
        expected.add("named")
    if way == "agenda" or (way == "committee" and state == "asked"):
        expected.add("member")
    if way != "committee" and state == "asked":
        expected.add("decider")
    assert (seen, allowed) == (expected, expected)
