"""People, units and programs that a file names and Rounds does not know."""

import pytest

from pmo.accounts.models import Unit, User
from pmo.accounts.policy import Clearance
from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from projects.models import Program, Project
from reports.imports.models import ImportState
from reports.imports.services import newcomers, runs, undoing, work
from risks.models import Risk
from tests.factories import ProgramFactory, ProjectFactory, UnitFactory, UserFactory, person
from tests.reports.imports.services.scene import checked, started

pytestmark = pytest.mark.django_db
HEAD = "Code,Name,Unit,Manager\n"
TEXT = (
    HEAD
    + "P-1,Wing,Radiology,Anna Reid\nP-2,Robot,radiology,anna  reid\nP-3,Clinic,Surgery,Tom B\n"
)
STAGE = {"stage": "planning"}
ALL = {
    **STAGE,
    "people": {"anna reid": "add", "tom b": "add"},
    "units": {"radiology": "add", "surgery": "add"},
}


def ready(text, by, **options):
    run = started(text, by, answers=STAGE, **options)
    return work.finish_check(run, work.check(run))


def written(text, by, answers, **options):
    run = ready(text, by, **options)
    runs.request_apply(run=run, by=by, answers=answers)
    run.refresh_from_db()
    return runs.apply(run=run, by=by)


def test_unknown_names_are_listed_once_with_their_uses_and_stop_nothing(lead):
    found = checked(TEXT, lead, answers=STAGE)

    assert found.problems == []
    assert [(one.sort, one.name, dict(one.uses)) for one in found.unknown] == [
        ("unit", "Radiology", {"Unit": 2}),
        ("person", "Anna Reid", {"Manager": 2}),
        ("unit", "Surgery", {"Unit": 1}),
        ("person", "Tom B", {"Manager": 1}),
    ]
    assert found.tally.counts == {"created": 3}
    assert (Unit.objects.count(), User.objects.count()) == (0, 1)


def test_nothing_is_written_before_every_name_is_answered_for(lead):
    run = ready(TEXT, lead)
    assert run.state == ImportState.READY

    with pytest.raises(RefusalError, match="Say first what becomes of 4 names"):
        runs.request_apply(run=run, by=lead)
    with pytest.raises(RefusalError, match="Say first what becomes of 1 name "):
        runs.request_apply(run=run, by=lead, answers={**ALL, "people": {"anna reid": "add"}})
    assert runs.apply(run=run, by=lead).report["handed_back"] == 3
    assert (Unit.objects.count(), User.objects.count(), Project.objects.count()) == (0, 1, 0)


def test_names_are_added_once_with_the_rows_and_on_record(lead):
    run = written(TEXT, lead, ALL)

    anna = User.objects.get(name="Anna Reid")
    assert (anna.email, anna.has_usable_password(), anna.is_active) == (None, False, True)
    assert [held.role for held in anna.held] == [Role.STAFF]
    assert {m.user for p in Project.objects.filter(code__in=["P-1", "P-2"]) for m in p.members.all()} == {anna}  # fmt: skip
    assert sorted(Unit.objects.values_list("name", "kind", "parent")) == [
        ("Radiology", "department", None),
        ("Surgery", "department", None),
    ]
    assert run.report["added"] == {
        "person": ["Anna Reid", "Tom B"], "unit": ["Radiology", "Surgery"], "program": [],
    }  # fmt: skip
    made = AuditEvent.objects.filter(action__in=["person.created", "unit.created"], by=lead)
    assert made.count() == 4


def test_second_file_asks_nothing_and_doubles_nothing(lead):
    written(TEXT, lead, ALL)

    again = ready(TEXT, lead)

    assert again.report["unknown"] == []
    assert again.report["counts"] == {"created": 0, "updated": 0, "unchanged": 3}
    runs.apply(run=again, by=lead)
    assert (Unit.objects.count(), User.objects.count()) == (2, 3)


def test_name_added_by_somebody_since_the_check_is_not_doubled(lead):
    run = ready(TEXT, lead)
    runs.request_apply(run=run, by=lead, answers=ALL)
    UserFactory(name="Anna Reid")
    UnitFactory(name="Radiology")

    run.refresh_from_db()
    runs.apply(run=run, by=lead)

    assert User.objects.filter(name="Anna Reid").count() == 1
    assert Unit.objects.filter(name="Radiology").count() == 1


def test_names_are_matched_or_left_empty_as_answered(lead):
    ada, ward = UserFactory(name="Ada Byron"), UnitFactory(name="Imaging")
    people = {"anna reid": str(ada.pk), "tom b": "leave"}
    units = {"radiology": str(ward.pk), "surgery": "add"}

    written(TEXT, lead, {**STAGE, "people": people, "units": units, "below": ward.pk})

    found = {
        project.code: (project.unit.name, [one.user.name for one in project.members.all()])
        for project in Project.objects.all()
    }
    assert found == {
        "P-1": ("Imaging", ["Ada Byron"]),
        "P-2": ("Imaging", ["Ada Byron"]),
        "P-3": ("Surgery", []),
    }
    surgery = Unit.objects.get(name="Surgery")
    assert (surgery.parent, surgery.path) == (ward, f"{ward.path}{surgery.pk}/")
    assert not User.objects.filter(name__in=["Anna Reid", "Tom B"]).exists()


def test_name_of_two_people_is_asked_about_and_likeness_is_only_said(lead):
    first, second = UserFactory(name="Tom B"), UserFactory(name="Tom B")
    near = UserFactory(name="Anna Reed")

    found = {one.name: one for one in checked(TEXT, lead, answers=STAGE).unknown}

    assert found["Tom B"].same == (first.pk, second.pk)
    assert (found["Anna Reid"].same, found["Anna Reid"].near) == ((), (near.pk,))
    answers = {**ALL, "people": {"anna reid": "add", "tom b": str(second.pk)}}
    written(TEXT, lead, answers)
    assert Project.objects.get(code="P-3").members.get().user == second
    assert User.objects.filter(name="Anna Reid").count() == 1


def test_unit_name_that_two_units_have_is_asked_about(lead):
    west = UnitFactory(name="West")
    UnitFactory(name="Radiology")
    second = UnitFactory(name="Radiology", parent=west)
    text = HEAD + "P-1,Wing,Radiology,\n"

    (one,) = checked(text, lead, answers=STAGE).unknown
    assert len(one.same) == 2
    written(text, lead, {**STAGE, "units": {"radiology": str(second.pk)}})

    assert Project.objects.get().unit == second


def test_address_of_nobody_is_never_added(lead):
    UnitFactory(name="Surgery")
    text = HEAD + "P-1,Wing,Surgery,anna@example.org\n"
    run = ready(text, lead)
    assert [one["name"] for one in run.report["unknown"]] == ["anna@example.org"]

    run.document["answers"] = {**STAGE, "people": {"anna@example.org": "add"}}
    back = runs.apply(run=_saved(run), by=lead)

    assert wrong_in(back) == ["Nobody in Rounds has this address."]
    assert User.objects.count() == 1


def wrong_in(run):
    return [problem["wrong"] for problem in run.report["problems"]]


def _saved(run):
    run.save(update_fields=["document"])
    return run


def test_analyst_names_people_and_adds_no_units():
    analyst = person(Role.PMO_ANALYST)
    UnitFactory(name="Surgery")

    run = ready(TEXT, analyst)
    run.document["answers"] = ALL
    assert wrong_in(runs.apply(run=_saved(run), by=analyst)) == [
        "You may not add a unit here.",
        "You may not add a unit here.",
    ]

    written(HEAD + "P-1,Wing,Surgery,Anna Reid\n", analyst, {"people": {"anna reid": "add"}})
    assert User.objects.get(name="Anna Reid").email is None


def test_lead_of_one_unit_adds_units_below_it_only():
    site = UnitFactory(name="West")
    lead = person(Role.PMO_LEAD, unit=site)
    text = HEAD + "P-1,Wing,Radiology,\n"
    run = ready(text, lead)
    assert run.report["problems"] == []

    run.document["answers"] = {**STAGE, "units": {"radiology": "add"}}
    assert wrong_in(runs.apply(run=_saved(run), by=lead)) == ["You may not add a unit here."]
    run = ready(text, lead)
    run.document["answers"] = {**STAGE, "units": {"radiology": "add"}, "below": site.pk}
    runs.apply(run=_saved(run), by=lead)

    assert Unit.objects.get(name="Radiology").parent == site


def test_name_longer_than_a_person_may_have_is_a_problem_of_its_row(lead):
    UnitFactory(name="Surgery")
    text = HEAD + f"P-1,Wing,Surgery,{'a' * 130}\n"

    assert [(p.line, p.column, p.field) for p in checked(text, lead, answers=STAGE).problems] == [
        (2, "D", "manager")
    ]


def test_owner_of_a_risk_is_added_too(lead):
    ProjectFactory(code="P-1")
    text = "Project,Title,L,I,Owner\nP-1,Late supplier,3,4,Anna Reid\n"

    written(text, lead, {"people": {"anna reid": "add"}}, record="risk")

    assert Risk.objects.get().owner == User.objects.get(name="Anna Reid")


def test_people_without_an_address_are_found_by_their_name(lead):
    UserFactory(name="Anna Reid", email=None)
    UnitFactory(name="Radiology"), UnitFactory(name="Surgery"), UserFactory(name="Tom B")

    assert checked(TEXT, lead, answers=STAGE).unknown == []


PROGRAMS = (
    "Code,Name,Unit,Program\nP-1,Wing,Surgery,Campus 2030\nP-2,Robot,Surgery,campus  2030\n"
    "P-3,Portal,Surgery,Digital front door and beyond\nP-4,Ward,Surgery,Growth\n"
)


@pytest.fixture
def growth():
    UnitFactory(name="Surgery")
    return ProgramFactory(code="CAMPUS-2030", name="Growth")


def test_programs_are_added_once_with_codes_that_say_their_names(lead, growth):
    run = ready(PROGRAMS, lead)
    assert [(one["sort"], one["name"], one["uses"]) for one in run.report["unknown"]] == [
        ("program", "Campus 2030", {"Program": 2}),
        ("program", "Digital front door and beyond", {"Program": 1}),
    ]

    names = ("campus 2030", "digital front door and beyond")
    run = written(PROGRAMS, lead, {"programs": dict.fromkeys(names, "add")})

    assert list(Project.objects.order_by("code").values_list("program__code", "program__name")) == [
        ("CAMPUS-2030-2", "Campus 2030"),
        ("CAMPUS-2030-2", "Campus 2030"),
        ("DIGITAL-FRONT-DOOR-A", "Digital front door and beyond"),
        ("CAMPUS-2030", "Growth"),
    ]
    assert run.report["added"]["program"] == ["Campus 2030", "Digital front door and beyond"]
    again = ready(PROGRAMS, lead)
    assert (again.report["unknown"], again.report["counts"]["unchanged"]) == ([], 4)
    undoing.undo(run=run, by=lead)
    assert list(Program.objects.all()) == [growth]


def test_programs_are_chosen_or_left_empty_as_answered(lead, growth):
    written(
        PROGRAMS,
        lead,
        {"programs": {"campus 2030": str(growth.pk), "digital front door and beyond": "leave"}},
    )

    found = Project.objects.order_by("code").values_list("program", flat=True)
    assert list(found) == [growth.pk, growth.pk, None, growth.pk]
    assert Program.objects.count() == 1


def test_who_may_not_add_programs_is_refused(lead, growth, monkeypatch):
    names = ("campus 2030", "digital front door and beyond")
    run = ready(PROGRAMS, lead)
    answers = {"programs": dict.fromkeys(names, "add")}
    runs.request_apply(run=run, by=lead, answers=answers)
    monkeypatch.setattr(newcomers, "can", lambda *_: Clearance(allowed=False, reason=""))

    run = runs.apply(run=run, by=lead)

    assert wrong_in(run) == ["You may not add programs."] * 3
    assert Program.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_names_that_come_again_after_others_are_added_once(lead, growth):
    """Ten rows are tried at first: what was taken back with them has no id to come back with."""
    rows = [f"P-{n},Project {n},Surgery,Anna Reid,Campus" for n in range(10)]
    rows += ["Q-1,Robot,Surgery,Tom Bee,Digital", "Q-2,Portal,Surgery,Anna Reid,Campus"]
    text = "Code,Name,Unit,Manager,Program\n" + "\n".join(rows) + "\n"

    run = ready(text, lead)

    assert (run.report["counts"]["created"], run.report["problems"]) == (12, [])
