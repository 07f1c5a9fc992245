"""Each row of a list of people: new, changed, unchanged, asked about or refused, and never a guess."""

import pytest

from pmo.accounts import services
from pmo.accounts.models import Membership, PeopleFile, User
from pmo.accounts.roles import Role
from pmo.accounts.services.writing import write_chunk
from pmo.common.background import jobs
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError
from tests.factories import UnitFactory, UserFactory, person
from tests.pmo.accounts.lists.scene import effects, row, staged, written

pytestmark = pytest.mark.django_db
HEAD = "name,email,position,unit,role,role unit\n"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def surgery():
    return UnitFactory(name="Surgery", parent=UnitFactory(name="North"))


def held(name):
    rows = Membership.objects.filter(user__name=name)
    return set(rows.values_list("role", "unit__name"))


def test_nothing_is_written_before_it_is_asked_for(administrator, surgery):
    before = User.objects.count()

    record = staged(f"{HEAD}Ada,Ada@Example.org,Nurse,North / Surgery,Executive,\n", administrator)

    assert (User.objects.count(), record.counts["new"]) == (before, 1)
    assert row(record, 2)["changes"] == [
        ["Email", "", "ada@example.org"],
        ["Position", "", "Nurse"],
        ["Unit", "", "North / Surgery"],
        ["Role", "", "Executive in the whole organization"],
    ]


def test_new_people_are_written_with_their_unit_and_roles(administrator, surgery):
    text = (
        f"{HEAD}Ada,ada@example.org,Nurse,Surgery,PMO analyst; auditor,; North\n"
        "Li,li@example.org,,Surgery,unit_head,\nJo,,,,,\n"
    )

    record = written(staged(text, administrator), administrator)

    ada = User.objects.get(name="Ada")
    assert (ada.email, ada.title, ada.unit) == ("ada@example.org", "Nurse", surgery)
    assert not ada.has_usable_password()
    assert held("Ada") == {("staff", None), ("pmo_analyst", None), ("auditor", "North")}
    assert held("Li") == {("staff", None), ("unit_head", "Surgery")}
    assert (User.objects.get(name="Jo").email, held("Jo")) == (None, {("staff", None)})
    assert (record.state, record.rows, record.counts["new"]) == ("written", [], 3)


def test_a_second_time_doubles_nothing(administrator, surgery):
    text = f"{HEAD}Ada,ada@example.org,Nurse,Surgery,Executive,\nJo,,Porter,Surgery,,\n"
    written(staged(text, administrator), administrator)
    before = User.objects.count(), Membership.objects.count(), AuditEvent.objects.count()

    again = staged(text, administrator)

    assert effects(again) == {2: "unchanged", 3: "unchanged"}
    with pytest.raises(RefusalError, match="nothing to write"):
        services.request_writing(record=again, by=administrator)
    assert (User.objects.count(), Membership.objects.count()) == before[:2]
    assert AuditEvent.objects.count() == before[2] + 1


def test_a_known_address_is_changed_and_an_empty_cell_changes_nothing(administrator, surgery):
    user = UserFactory(name="Ada", email="ada@example.org", title="Nurse", unit=surgery)

    record = staged(f"{HEAD}Ada Byron,ADA@example.org,,North,,\n", administrator)
    assert row(record, 2)["changes"] == [
        ["Name", "Ada", "Ada Byron"],
        ["Unit", "North / Surgery", "North"],
    ]
    written(record, administrator)

    user.refresh_from_db()
    assert (user.name, user.title, user.unit.name) == ("Ada Byron", "Nurse", "North")
    event = AuditEvent.objects.get(action="person.changed")
    assert event.target == f"accounts.user:{user.pk}"


def test_a_file_takes_no_role_away(administrator):
    person(Role.EXECUTIVE, name="Ada", email="ada@example.org")

    written(staged(f"{HEAD}Ada,ada@example.org,,,Auditor,\n", administrator), administrator)

    assert held("Ada") == {("executive", None), ("auditor", None)}


def test_a_namesake_is_asked_about_and_left_out_until_answered(administrator, surgery):
    known = UserFactory(name="Ada", email="ada@example.org")
    record = staged(f"{HEAD}ada,,Porter,,,\nNew,new@example.org,,,,\n", administrator)

    assert effects(record) == {2: "asked", 3: "new"}
    assert row(record, 2)["candidates"] == [[str(known.pk), "Ada, ada@example.org"]]
    record = written(record, administrator)

    assert User.objects.filter(name__iexact="ada").count() == 1
    assert [one["line"] for one in record.rows] == [2]


@pytest.mark.parametrize(("answer", "people"), [("new", 2), ("known", 1)])
def test_an_answer_decides_who_is_meant(administrator, answer, people):
    known = UserFactory(name="Ada", email="ada@example.org")
    record = staged(f"{HEAD}Ada,,Porter,,,\n", administrator)
    chosen = str(known.pk) if answer == "known" else answer

    record = services.answer_questions(record=record, answers={"2": chosen}, by=administrator)
    written(record, administrator)

    assert User.objects.filter(name="Ada").count() == people
    known.refresh_from_db()
    assert known.title == ("Porter" if answer == "known" else "")


def test_an_answer_names_nobody_else(administrator):
    UserFactory(name="Ada", email="ada@example.org")
    other = UserFactory(name="Other")
    record = staged(f"{HEAD}Ada,,Porter,,,\n", administrator)

    services.answer_questions(record=record, answers={"2": str(other.pk)}, by=administrator)

    assert effects(record) == {2: "asked"}


def test_somebody_without_an_address_may_get_one_by_an_answer(administrator):
    jo = UserFactory(name="Jo", email=None)
    record = staged(f"{HEAD}Jo,jo@example.org,,,,\n", administrator)
    assert effects(record) == {2: "asked"}

    record = services.answer_questions(record=record, answers={"2": str(jo.pk)}, by=administrator)
    written(record, administrator)

    jo.refresh_from_db()
    assert jo.email == "jo@example.org"


def test_namesakes_with_addresses_of_their_own_are_two(administrator):
    UserFactory(name="John Smith", email="john@example.org")

    record = staged(f"{HEAD}John Smith,smith@example.org,,,,\n", administrator)

    assert effects(record) == {2: "new"}
    assert row(record, 2)["note"] == "Another person has this name: John Smith, john@example.org."


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (",a@example.org,,,,", "There is no name."),
        ("Ada,a@,,,,", "a@ is no email address."),
        ("Ada,a@example.org,,Nowhere,,", "There is no unit Nowhere."),
        ("Ada,a@example.org,,Ward,,", "Several units are called Ward."),
        ("Ada,a@example.org,,,Boss,", "There is no role Boss. Roles are: Administrator,"),
        ("Ada,a@example.org,,,Project manager,", "There is no role Project manager."),
        ("Ada,a@example.org,,,Unit head,", "Say of which unit this person is the head."),
        ("Ada,a@example.org,,,Staff; Auditor; Executive,North; North", "not as many role units"),
        ("Ada,a@example.org,MRN 1234567,,,", "looks like a medical record number"),
        (f"{'x' * 121},a@example.org,,,,", "The name is longer than 120 characters."),
        ("Gone,gone@example.org,,,Auditor,", "This person is deactivated."),
    ],
)
def test_a_row_that_is_refused_says_why_and_stops_no_other(administrator, cells, sentence):
    north, south = UnitFactory(name="North"), UnitFactory(name="South")
    UnitFactory(name="Ward", parent=north)
    UnitFactory(name="Ward", parent=south)
    UserFactory(name="Gone", email="gone@example.org", is_active=False)

    record = staged(f"{HEAD}{cells}\nOkay,okay@example.org,,,,\n", administrator)
    record = written(record, administrator)

    assert effects(record) == {2: "refused", 3: "new"}
    assert sentence in row(record, 2)["reason"]
    assert User.objects.filter(name="Okay").count() == 1


def test_nothing_of_a_patient_is_kept(administrator):
    record = staged(f"{HEAD}Ada,a@example.org,born 01/02/1950,,,\n", administrator)

    kept = PeopleFile.objects.get(pk=record.pk)
    assert "1950" not in str(kept.rows) + str(kept.report)


@pytest.mark.parametrize("second", ["Ada,ada@example.org,,,,", "Other,ADA@example.org,,,,"])
def test_two_rows_about_one_person_are_not_both_taken(administrator, second):
    record = staged(f"{HEAD}Ada,ada@example.org,,,,\n{second}\n", administrator)

    assert effects(record) == {2: "new", 3: "refused"}
    assert row(record, 3)["reason"].startswith("Line 2 is about the same person.")


def test_what_somebody_changed_meanwhile_is_refused_and_not_overwritten(administrator):
    user = UserFactory(name="Ada", email="ada@example.org", title="Nurse")
    record = staged(f"{HEAD}Ada,ada@example.org,Porter,,,\n", administrator)
    services.change_user(user=user, by=administrator, title="Director")

    record = written(record, administrator)

    user.refresh_from_db()
    assert user.title == "Director"
    assert row(record, 2)["reason"].startswith("This was changed since")


@pytest.mark.parametrize(
    "content",
    [
        "Name;E-mail;Rolle\nJosé;jose@example.org;x\n".encode("cp1252"),
        "Full name\tMail\nJosé\tjose@example.org\n".encode("utf-16"),
    ],
)
def test_any_encoding_and_delimiter_is_read(administrator, content):
    record = staged(content, administrator)

    assert [(one["name"], one["effect"]) for one in record.report] == [("José", "new")]


def test_columns_that_are_not_known_are_said(administrator):
    record = staged("name,shoe size,shoe size\nAda,9,10\n", administrator)

    assert record.unread == ["shoe size", "shoe size (2)"]
    with pytest.raises(RefusalError, match="no column called name"):
        staged("shoe size\n9\n", administrator)


def test_too_many_rows_are_refused(administrator):
    rows = "".join(f"P{number}\n" for number in range(5_001))

    with pytest.raises(RefusalError, match="more than 5,000 rows"):
        staged(f"name\n{rows}", administrator)


def test_a_hundred_more_people_cost_the_same_statements(
    administrator, django_assert_max_num_queries
):
    text = HEAD + "".join(f"P{n},p{n}@example.org,,,Auditor,\n" for n in range(90))
    record = staged(text, administrator)
    services.request_writing(record=record, by=administrator)

    with django_assert_max_num_queries(24):
        write_chunk(record=record, by=administrator)

    assert User.objects.filter(email__startswith="p").count() >= 90
    assert audit.faults() == []


def test_a_worker_that_stops_goes_on_where_it_was(administrator):
    text = HEAD + "".join(f"P{n},p{n}@list.example,,,,\n" for n in range(250))
    record = staged(text, administrator)
    services.request_writing(record=record, by=administrator)
    write_chunk(record=record, by=administrator)
    assert User.objects.filter(email__endswith="list.example").count() == 100
    record.refresh_from_db()

    jobs.run(record.job_id)

    record.refresh_from_db()
    assert (record.state, record.counts["new"]) == ("written", 250)
    assert User.objects.filter(email__endswith="list.example").count() == 250
    assert AuditEvent.objects.filter(action="person.created").count() == 250


def test_rows_that_do_not_fit_under_the_headers_are_refused_with_the_reason(administrator, surgery):
    record = staged(
        "name,email,position,unit\nAda,ada@example.org,Nurse,Surgery\n"
        "Jo,jo@example.org,Nurse, senior,Surgery\nLi,li@example.org,Clerk,Surgery\n",
        administrator,
    )

    assert effects(record) == {2: "new", 3: "refused", 4: "new"}
    assert row(record, 3)["reason"] == "The row has 5 cells; the header has 4."

    written(record, administrator)

    assert set(User.objects.filter(email__endswith="example.org").values_list("name", flat=True)) >= {"Ada", "Li"}  # fmt: skip
    assert not User.objects.filter(name="Jo").exists()
