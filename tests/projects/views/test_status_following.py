"""My projects for managers, updates received for the office, and reminders."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.background import jobs, schedule
from pmo.common.background.mailing import UNCERTAIN
from pmo.common.models import AuditEvent, Job, JobState
from pmo.common.page import formats
from projects.models import Project, StatusUpdate
from projects.selectors.status import UpdateDue, due_now
from projects.selectors.updates_received import REMINDER, Arrival, came_late
from projects.services import reminders
from projects.services.status import publish_update, save_draft
from projects.tasks import weekly_reminders
from projects.words.status import due_words, moved_words
from projects.words.updates_received import my_action, silence_words
from tests.factories import MemberFactory, ProjectFactory, person

MINE = reverse("projects:my_projects")
RECEIVED = reverse("projects:updates_received")
REMIND_ALL = reverse("projects:status_remind_all")
GREEN = {"overall": "green", "overall_note": "On track."}


def managed(name, manager=None, **fields):
    project = ProjectFactory(name=name, **fields)
    MemberFactory(project=project, user=manager or person(Role.STAFF))
    return project


def late(project):
    """Give the project a finish that the data calls red."""
    finish = project.baseline_finish_date + timedelta(days=90)
    Project.objects.filter(pk=project.pk).update(forecast_finish_date=finish)


class TestMine:
    def test_what_is_due_comes_first(self, signed_in, manager):
        sent = managed("A sent", manager)
        publish_update(project=sent, by=manager, **GREEN)
        begun = managed("B begun", manager)
        save_draft(project=begun, by=manager, version=0, overall_note="Half")
        open_ = managed("C open", manager)
        proposal = managed("D proposal", manager, stage="proposal")
        read = ProjectFactory(name="E read")
        MemberFactory(project=read, user=manager, role=Role.READER)
        managed("F somebody else's")

        mine = signed_in(manager).get(MINE).context["mine"]

        assert [(row.project, row.is_due, row.came, my_action(row)) for row in mine.rows] == [
            (begun, True, Arrival.DRAFT, "Continue draft"),
            (open_, True, Arrival.MISSING, "Write update"),
            (sent, False, Arrival.RECEIVED, "See update"),
            (proposal, False, Arrival.MISSING, "Write update"),
            (read, False, Arrival.MISSING, "Write update"),
        ]
        assert [row.may_write for row in mine.rows] == [True, True, True, True, False]
        assert (mine.owed, mine.reporting) == (2, 3)

    def test_data_stands_beside_the_word_and_what_moved_since(self, signed_in, manager):
        start, finish = (timezone.localdate() + timedelta(days=days) for days in (-100, 100))
        dates = {"baseline_finish_date": finish, "forecast_finish_date": finish}
        project = managed("Wing", manager, start_date=start, **dates)
        at = timezone.now() - timedelta(days=7)
        publish_update(project=project, by=manager, at=at, **GREEN)
        late(project)
        day = formats.day(finish + timedelta(days=90))

        (row,) = signed_in(manager).get(MINE).context["mine"].rows

        assert (row.declared, row.measured.color, row.is_disputed) == ("green", "red", True)
        assert row.measured.rule.startswith("Finish forecast 90 days after baseline")
        assert [moved_words(one) for one in row.moved] == [
            f"Forecast finish is 90 days later: {day}."
        ]

    def test_somebody_named_nowhere_is_told_what_to_do(self, signed_in, manager):
        response = signed_in(manager).get(MINE)

        assert "You are not named on any project" in response.text
        assert RECEIVED not in response.text

    def test_the_office_is_led_to_all_updates(self, signed_in, lead):
        assert RECEIVED in signed_in(lead).get(MINE).text

    def test_three_projects_ask_as_often_as_one(
        self, signed_in, manager, django_assert_num_queries
    ):
        client = signed_in(manager)
        for number in range(3):
            project = managed(f"P{number}", manager)
            publish_update(project=project, by=manager, **GREEN)
            if number in (0, 2):
                client.get(MINE)
                with django_assert_num_queries(10):
                    client.get(MINE)


class TestReceived:
    def rows(self, response):
        return [(row.project.name, row.came.value) for row in response.context["rows"]]

    def test_who_owes_comes_first_and_the_counts_add_up(self, signed_in, lead):
        sent, begun, _, quiet = [managed(name) for name in ("Sent", "Begun", "Open", "Quiet")]
        managed("Proposal", stage="proposal")
        save_draft(project=begun, by=None, version=0)
        publish_update(project=sent, by=None, **GREEN)
        publish_update(project=quiet, by=None, at=timezone.now() - timedelta(days=21), **GREEN)

        response = signed_in(lead).get(RECEIVED)

        assert self.rows(response) == [
            ("Open", "missing"),
            ("Quiet", "missing"),
            ("Begun", "draft"),
            ("Sent", "received"),
        ]
        counts = response.context["counts"]
        assert (counts.total, counts.missing, counts.draft, counts.received) == (4, 2, 1, 1)
        assert (counts.silent, counts.hidden) == (3, 0)
        assert [silence_words(row) for row in response.context["rows"]] == [
            "",
            "3 weeks without an update",
            "",
            "",
        ]
        segments = response.context["segments"]
        assert [(s.label, s.count) for s in segments] == [
            ("All", 4),
            ("Not started", 2),
            ("Draft open", 1),
            ("Received", 1),
        ]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("state=received", ["Sent"]),
            ("state=nonsense", ["Open", "Sent"]),
            ("q=ope", ["Open"]),
            ("q=Sam+Lee", ["Sent"]),
            ("q=nothing", []),
            ("disputed=1", ["Sent"]),
            ("disputed=1&state=missing", []),
        ],
    )
    def test_filters(self, signed_in, lead, query, names, django_capture_on_commit_callbacks):
        managed("Open")
        sent = managed("Sent", person(Role.STAFF, name="Sam Lee"))
        late(sent)
        with django_capture_on_commit_callbacks(execute=True):
            publish_update(project=sent, by=None, **GREEN)

        response = signed_in(lead).get(f"{RECEIVED}?{query}")

        assert [name for name, _ in self.rows(response)] == names
        assert response.context["counts"].total == 2

    def test_fragment_is_the_table_alone(self, signed_in, lead):
        managed("Open")

        response = signed_in(lead).get(RECEIVED, headers={"HX-Request": "true"})

        assert response.text.strip().startswith('<div id="updates-table"')
        assert "<html" not in response.text

    def test_confidential_projects_are_counted_never_named(self, signed_in, db):
        managed("Secret merger", is_confidential=True)
        managed("Open")

        response = signed_in(person(Role.PMO_ANALYST)).get(RECEIVED)

        assert self.rows(response) == [("Open", "missing")]
        assert response.context["counts"].hidden == 1
        assert "Of 2 reporting projects: 1 hidden from you." in " ".join(response.text.split())
        assert "Secret" not in response.text

    def test_status_out_of_a_table_counts_and_is_called_imported(self, signed_in, lead, manager):
        project = managed("Wing", manager)
        publish_update(project=project, by=lead, published_rating="Imported from a.csv", **GREEN)

        response = signed_in(lead).get(RECEIVED)

        assert self.rows(response) == [("Wing", "received")]
        assert '<span class="sub">imported</span>' in response.text
        mine = signed_in(manager).get(MINE)
        assert "<dt>Imported status</dt>" in mine.text
        assert "Manager says" not in mine.text

    def test_nothing_reports(self, signed_in, lead):
        response = signed_in(lead).get(RECEIVED)

        assert "No project reports at present." in response.text
        assert "Remind all" not in response.text

    def test_three_rows_ask_as_often_as_one(self, signed_in, lead, django_assert_num_queries):
        client = signed_in(lead)
        for number in range(3):
            save_draft(project=managed(f"P{number}"), by=lead, version=0)
            if number in (0, 2):
                client.get(RECEIVED)
                with django_assert_num_queries(13):
                    client.get(RECEIVED)

    def test_managers_may_not_chase(self, signed_in, manager, project):
        client = signed_in(manager)
        remind = reverse("projects:status_remind", args=[project.pk])

        found = [client.get(RECEIVED), client.post(remind), client.post(REMIND_ALL)]

        assert [response.status_code for response in found] == [403, 403, 403]
        assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestReminders:
    """With real commits: the jobs run at once, as a worker would run them."""

    def remind(self, client, project, back=RECEIVED):
        url = reverse("projects:status_remind", args=[project.pk])
        return client.post(url, {"back": back}, follow=True)

    def test_one_mail_lists_all_that_a_manager_owes(self, signed_in, lead, manager):
        wing, portal = managed("Wing", manager), managed("Portal", manager)
        sent = managed("Sent", manager)
        publish_update(project=sent, by=manager, **GREEN)
        managed("Somebody else's")

        response = self.remind(signed_in(lead), wing)

        (letter,) = mail.outbox
        assert letter.to == [manager.email]
        assert letter.subject.startswith("2 status updates to write: Week ")
        for project in (wing, portal):
            assert reverse("projects:status_form", args=[project.pk]) in letter.body
        assert "Sent" not in letter.body
        assert letter.alternatives[0].mimetype == "text/html"
        assert "Reminded today" in response.text
        event = AuditEvent.objects.get(action="status.reminded")
        assert (event.by, event.target) == (lead, f"accounts.user:{manager.pk}")

    def test_nobody_gets_two_on_a_day(self, signed_in, lead, manager):
        wing, portal = managed("Wing", manager), managed("Portal", manager)
        client = signed_in(lead)

        for project in (wing, wing, portal):
            self.remind(client, project)
        client.post(REMIND_ALL)

        assert len(mail.outbox) == 1
        assert "a reminder was sent today already" in self.remind(client, wing).text

    def test_a_reminder_that_may_have_arrived_goes_again_only_when_a_person_says_so(
        self, signed_in, lead, manager, settings
    ):
        wing = managed("Wing", manager)
        client = signed_in(lead)
        works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.fakes.VanishingMail"
        self.remind(client, wing)
        settings.EMAIL_BACKEND = works
        job = Job.objects.get(kind=REMINDER)

        assert not jobs.run(job.pk)
        assert (job.state, job.error) == (JobState.FAILED, UNCERTAIN)
        assert mail.outbox == []
        self.remind(client, wing)
        assert len(mail.outbox) == 1

    def test_all_are_reminded_once_each(self, signed_in, lead):
        first, second = person(Role.STAFF), person(Role.STAFF)
        for manager in (first, second, second):
            managed(f"Of {manager} {Project.objects.count()}", manager)
        ProjectFactory(name="Without a manager")
        gone = person(Role.STAFF, is_active=False)
        managed("Of somebody gone", gone)

        response = signed_in(lead).post(REMIND_ALL, {"back": f"{RECEIVED}?state=missing"})

        assert response["Location"] == f"{RECEIVED}?state=missing"
        assert sorted(letter.to for letter in mail.outbox) == sorted(
            [[first.email], [second.email]]
        )
        assert Job.objects.get(kind="status.remind_all").result == {"reminders": 2}

    def test_office_of_one_unit_reminds_there_only(self, signed_in):
        inside, outside = managed("Inside"), managed("Outside")
        analyst = person(Role.PMO_ANALYST, unit=inside.unit)

        signed_in(analyst).post(REMIND_ALL)

        assert [letter.to for letter in mail.outbox] == [
            [inside.members.get().user.email],
        ]
        assert outside.members.get().user.email not in str(mail.outbox)

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (ProjectFactory, "Nobody is named as manager"),
            (lambda: managed("Closed", stage="closed"), "owes no update"),
        ],
    )
    def test_what_cannot_be_reminded_is_said(self, signed_in, lead, make, words):
        response = self.remind(signed_in(lead), make())

        assert words in response.text
        assert mail.outbox == []

    def test_back_leads_nowhere_else(self, signed_in, lead):
        response = self.remind(signed_in(lead), managed("Wing"), back="https://example.com/")

        assert response.redirect_chain[0] == (RECEIVED, 302)

    def test_update_that_came_meanwhile_needs_no_mail(self, lead, manager):
        project = managed("Wing", manager)
        job = Job.objects.create(
            kind="status.reminder", key="k", params={"user": manager.pk, "day": "2026-11-20"}
        )
        publish_update(project=project, by=manager, **GREEN)

        assert jobs.run(job.pk)

        job.refresh_from_db()
        assert job.result == {"sent": 0, "reason": "Nothing is missing any more."}
        assert mail.outbox == []

    def test_worker_killed_after_the_mail_sends_no_second_one(self, lead, manager):
        managed("Wing", manager)
        day = timezone.localdate().isoformat()
        params = {"user": manager.pk, "day": day}
        first = Job.objects.create(kind="status.reminder", key="k1", params=params)
        again = Job.objects.create(kind="status.reminder", key="k2", params=params)

        jobs.run(first.pk)
        jobs.run(again.pk)

        assert len(mail.outbox) == 1

    @pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
    def test_a_reminder_of_the_evening_before_swallows_none(self, lead, manager, settings, zone):
        settings.TIME_ZONE = zone
        managed("Wing", manager)
        thursday = datetime(2026, 11, 19, 19, 30, tzinfo=ZoneInfo(zone))

        for at in (thursday, thursday + timedelta(hours=17), thursday + timedelta(hours=18)):
            with time_machine.travel(at):
                key, day = f"{at}", timezone.localdate().isoformat()
                params = {"user": manager.pk, "day": day}
                jobs.run(Job.objects.create(kind="status.reminder", key=key, params=params).pk)

        assert Counter(Job.objects.values_list("result__sent", flat=True)) == {1: 2, 0: 1}
        assert len(mail.outbox) == 2

    def test_somebody_who_left_gets_none(self):
        job = Job.objects.create(
            kind="status.reminder", key="k", params={"user": 0, "day": "2026-11-20"}
        )

        jobs.run(job.pk)

        job.refresh_from_db()
        assert job.result["sent"] == 0


@pytest.mark.parametrize(
    ("now", "jobs_made"),
    [
        (datetime(2026, 11, 20, 11, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 19, 12, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), 1),  # the server slept on Friday
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), 1),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), 0),  # that week is frozen
    ],
)
def test_reminders_go_out_once_from_noon_of_the_due_day_until_the_freeze(db, now, jobs_made):
    for _ in range(2):
        weekly_reminders(now)

    assert Job.objects.filter(kind=reminders.REMIND_ALL).count() == jobs_made


def test_a_week_s_reminders_go_out_once_however_often_the_clock_asks(db):
    for minute in (0, 1, 30):
        weekly_reminders(datetime(2026, 11, 20, 12, minute, tzinfo=UTC))
    weekly_reminders(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))

    assert Job.objects.filter(kind=reminders.REMIND_ALL).count() == 2


def test_the_clock_knows_the_duty():
    assert weekly_reminders in schedule._duties


@pytest.mark.parametrize(
    ("hours", "rating", "is_late"),
    [(-1, "", False), (24, "", True), (24, "Imported from projects12.xlsx", False)],
)
def test_a_status_out_of_a_spreadsheet_did_not_come_late(hours, rating, is_late):
    due = due_now(timezone.now())
    at = due.at + timedelta(hours=hours)
    update = StatusUpdate(published_at=at, published_rating=rating)

    assert came_late(update, due) == (timezone.localtime(at) if is_late else None)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(days=-2, hours=-1), "Due Friday 17:00"),
        (timedelta(hours=-1), "Due today 17:00"),
        (timedelta(minutes=1), "1 hour late"),
        (timedelta(hours=3), "3 hours late"),
        (timedelta(days=2), "2 days late"),
    ],
)
def test_when_an_update_is_due_is_said_from_now(after, said):
    at = datetime(2026, 11, 27, 17, tzinfo=UTC)

    assert due_words(UpdateDue(week=date(2026, 11, 23), at=at, now=at + after)) == said
