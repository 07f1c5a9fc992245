"""The minutes of a meeting as PDF: each reader's own copy."""

from datetime import timedelta

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from portfolio.governance.models import Minutes
from portfolio.governance.services import meetings
from reports.views import minutes as views
from tests.factories import ProjectFactory, person
from tests.portfolio.governance.scene import EVENING, SEATS, Board, promise, with_conditions

pytestmark = pytest.mark.django_db


def closed(**fields):
    board = Board()
    item = board.item(board.meeting(), board.asked(**fields))
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    board.decide(item, with_conditions(promise(board["COO"])))
    meetings.add_action(
        meeting=item.meeting, by=None, text="Call <b>them</b> #now", owner=board["CFO"],
        due=EVENING + timedelta(days=7), item=item,
    )  # fmt: skip
    meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)
    return board, Minutes.objects.get()


def test_minutes_are_printed_with_any_words(client):
    board, minutes = closed(question="Buy the “Größe” scanner \N{HOSPITAL}?")
    client.force_login(board["CNO"])

    answer = client.get(reverse("reports:minutes_pdf", args=[minutes.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert (
        answer["Content-Disposition"]
        == f'inline; filename="minutes-{board.committee.code.lower()}-2026-03-16-v1.pdf"'
    )
    assert answer.content.startswith(b"%PDF")


def test_a_copy_holds_what_its_reader_can_see(client, monkeypatch):
    board, minutes = closed(project=ProjectFactory(is_confidential=True))
    told = []
    monkeypatch.setattr(views, "minutes_pdf", lambda data: told.append(data) or b"%PDF")

    for reader in (board["CNO"], person(Role.EXECUTIVE)):
        client.force_login(reader)
        client.get(reverse("reports:minutes_pdf", args=[minutes.pk]))

    assert [(len(one["items"]), len(one["actions"])) for one in told] == [(1, 1), (0, 0)]


def test_who_sees_no_committee_gets_no_minutes(client):
    _, minutes = closed()
    client.force_login(person(Role.STAFF))

    assert client.get(reverse("reports:minutes_pdf", args=[minutes.pk])).status_code == 404
