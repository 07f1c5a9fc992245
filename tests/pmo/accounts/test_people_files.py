"""The page on which a list of people or units is looked at, written and handed back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from pmo.accounts import tasks
from pmo.accounts.models import Membership, PeopleFile, User
from pmo.accounts.roles import Role
from pmo.common.background import jobs, schedule
from pmo.common.models import AuditEvent, JobState
from tests.factories import UserFactory, person
from tests.pmo.accounts.lists.scene import staged, written

pytestmark = pytest.mark.django_db
LISTS = "/people/files/"
PEOPLE = "name,email,role\nAda,ada@example.org,Executive\nLi,li@,\n"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def desk(signed_in, administrator):
    return signed_in(administrator)


def upload(desk, text, kind="people"):
    file = SimpleUploadedFile("list.csv", text.encode() if isinstance(text, str) else text)
    return desk.post(LISTS, {"kind": kind, "file": file})


def page_of(desk, record):
    return desk.get(record.get_absolute_url()).content.decode()


def test_a_file_is_looked_at_written_once_and_its_refused_rows_handed_back(desk):
    answer = upload(desk, PEOPLE)
    record = PeopleFile.objects.get()
    assert answer["Location"] == record.get_absolute_url()
    shown = page_of(desk, record)
    assert "Nothing is written yet: 1 new person, 0 changed, 0 unchanged, 1 refused." in shown
    assert "Write 1 row </button>" in " ".join(shown.split())
    assert not User.objects.filter(name="Ada").exists()

    write = reverse("accounts:people_file_write", args=[record.pk])
    desk.post(write)
    jobs.run(PeopleFile.objects.get().job_id)
    desk.post(write)

    assert User.objects.filter(name="Ada").count() == 1
    assert "Written: 1 new person" in page_of(desk, record)
    refused = desk.get(reverse("accounts:people_file_refused", args=[record.pk]))
    lines = b"".join(refused).decode("utf-8-sig").splitlines()
    assert lines == [
        "name,email,position,unit,role,role unit,line,reason",
        "Li,li@,,,,,3,li@ is no email address.",
    ]


def test_the_refused_rows_can_be_mended_and_uploaded(desk, administrator):
    record = written(staged(PEOPLE, administrator), administrator)
    refused = desk.get(reverse("accounts:people_file_refused", args=[record.pk]))
    mended = b"".join(refused).replace(b"li@,", b"li@example.org,")

    upload(desk, mended)

    assert PeopleFile.objects.latest("pk").counts["new"] == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        ("name\n", "The table has a header but no row below it."),
        ("shoe\n9\n", "The file has no column called name."),
        (b"%PDF-1.4", "This is a PDF file."),
    ],
)
def test_what_is_no_list_is_refused_at_its_field(desk, text, sentence):
    answer = upload(desk, text)

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["file"])
    assert PeopleFile.objects.count() == 0


@pytest.mark.parametrize(("kind", "name"), [("people", "people_sample"), ("units", "units_sample")])
def test_the_samples_can_be_read_into_an_empty_installation(desk, kind, name):
    sample = b"".join(desk.get(reverse(f"accounts:{name}")))

    upload(desk, sample, kind)

    record = PeopleFile.objects.latest("pk")
    assert record.counts["refused"] == record.counts["asked"] == 0


def test_a_question_is_answered_on_the_page(desk, administrator):
    known = UserFactory(name="Ada", email="ada@example.org")
    record = staged("name,position\nAda,Nurse\n", administrator)
    assert "Not decided: leave this row out" in page_of(desk, record)
    answer = reverse("accounts:people_file_answer", args=[record.pk])

    nothing = desk.post(answer, {"line-2": ""}, follow=True)
    desk.post(answer, {"line-2": str(known.pk)})

    assert "Nothing was chosen" in nothing.content.decode()
    record.refresh_from_db()
    assert (record.answers, record.counts["changed"]) == ({"2": str(known.pk)}, 1)


def test_rows_are_shown_by_what_becomes_of_them(desk, administrator):
    record = staged(PEOPLE, administrator)

    page = desk.get(record.get_absolute_url(), {"show": "refused"})

    assert [row["line"] for row in page.context["page"]] == [3]


def test_a_discarded_list_is_empty(desk, administrator):
    record = staged(PEOPLE, administrator)
    discard = reverse("accounts:people_file_discard", args=[record.pk])

    desk.post(discard)
    again = desk.post(discard, follow=True)

    record.refresh_from_db()
    assert (record.state, record.rows, record.report) == ("discarded", [], [])
    assert "This file is not open any more: discarded." in again.content.decode()


def test_lists_are_forgotten_after_their_time(administrator, settings):
    settings.FORGET_UPLOADS_AFTER_DAYS = 8
    waiting = staged(PEOPLE, administrator)
    done = written(staged(PEOPLE, administrator), administrator)
    night = (timezone.localtime() + timedelta(days=9)).replace(hour=4)

    tasks.forgotten_lists(night - timedelta(days=2))
    assert PeopleFile.objects.filter(rows=[]).count() == 0
    tasks.forgotten_lists(night.replace(hour=2))
    assert PeopleFile.objects.filter(rows=[]).count() == 0
    tasks.forgotten_lists(night)
    tasks.forgotten_lists(night)

    states = dict(PeopleFile.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "forgotten", done.pk: "written"}
    assert PeopleFile.objects.exclude(rows=[]).count() == 0
    assert AuditEvent.objects.filter(action="people_file.forgotten").count() == 2
    assert tasks.forgotten_lists in schedule._duties


def test_a_list_that_stopped_says_why_and_can_go_on(desk, administrator):
    record = staged(PEOPLE, administrator)
    desk.post(reverse("accounts:people_file_write", args=[record.pk]))
    job = PeopleFile.objects.get().job
    Membership.objects.filter(user=administrator).update(role=Role.STAFF)
    jobs.run(job.pk)
    Membership.objects.filter(user=administrator).update(role=Role.ADMINISTRATOR)

    page = page_of(desk, record)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error in page.replace("&#x27;", "'")
    assert reverse("job_retry", args=[job.pk]) in page


def test_the_list_of_lists_costs_the_same_for_any_number(
    desk, administrator, django_assert_num_queries
):
    desk.get(LISTS)  # what is kept for a minute is read
    for number in (1, 2):
        for _ in range(number):
            staged(PEOPLE, administrator)
        with django_assert_num_queries(5):
            desk.get(LISTS)


def test_the_page_of_a_list_costs_the_same_for_any_number_of_rows(
    desk, administrator, django_assert_num_queries
):
    desk.get(LISTS)  # what is kept for a minute is read
    for rows in (1, 30):
        text = "name\n" + "".join(f"P{n}\n" for n in range(rows))
        record = staged(text, administrator)
        with django_assert_num_queries(4):
            desk.get(record.get_absolute_url())


def test_others_are_kept_out(signed_in, administrator, lead):
    record = staged(PEOPLE, administrator)

    assert signed_in(lead).get(record.get_absolute_url()).status_code == 403
