import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import Project
from reports.imports.models import ImportProfile, ImportRun
from reports.imports.services import mending, runs, work
from tests.factories import ProgramFactory, UnitFactory, person
from tests.reports.imports.services.scene import started
from tests.reports.imports.views.test_imports import chosen, columns_of, upload

pytestmark = pytest.mark.django_db
TEXT = "Code,Name,Unit,Manager,Lane\nN-1,New wing,OR,Annie,Fast lane\n"


@pytest.fixture
def saved(lead):
    """A checked import whose mapping is saved as "Ours"."""
    run = started(TEXT, lead)
    runs.map_columns(run=run, by=lead, document=run.document, save_as="Ours")
    run.refresh_from_db()
    return work.finish_check(run, work.check(run))


def values():
    fields = ImportProfile.objects.get().document["fields"]
    return {name: entry["values"] for name, entry in fields.items() if entry.get("values")}


def test_a_word_that_is_mended_everywhere_is_kept_with_the_mapping(lead, saved):
    mending.mend_value(run=saved, by=lead, header="Lane", old="Fast lane", new="strategic")

    assert values() == {"lane": {"Fast lane": "strategic"}}


def test_a_name_of_one_row_that_is_no_word_is_not_kept(lead, saved):
    mending.mend_value(run=saved, by=lead, header="Name", old="New wing", new="North wing")

    assert values() == {}


def test_whom_and_which_unit_names_mean_is_kept_with_the_mapping(lead, saved):
    unit, anna = UnitFactory(name="Surgery"), person(Role.STAFF, name="Anna Reid")
    mending.mend_value(run=saved, by=lead, header="Lane", old="Fast lane", new="strategic")
    saved.refresh_from_db()

    runs.request_apply(
        run=saved,
        by=lead,
        answers={"people": {"annie": str(anna.pk)}, "units": {"or": str(unit.pk)}},
    )

    assert values() == {
        "lane": {"Fast lane": "strategic"},
        "manager": {"Annie": anna.email},
        "unit": {"OR": "Surgery"},
    }
    again = runs.start_import(file_name="next.csv", content=TEXT.encode(), by=lead, profile="Ours")
    runs.map_columns(
        run=again, by=lead, document=again.document | {"answers": {"stage": "planning"}}
    )
    again.refresh_from_db()
    checked = work.finish_check(again, work.check(again))
    assert (checked.report["unknown"], checked.report["problems"]) == ([], [])


def test_a_mapping_that_reads_another_column_is_left_alone(lead, saved):
    document = ImportProfile.objects.get().document
    document["fields"]["lane"] = {"from": ["Class"]}
    ImportProfile.objects.update(document=document)

    mending.mend_value(run=saved, by=lead, header="Lane", old="Fast lane", new="strategic")

    assert values() == {}


def test_words_of_every_choice_are_asked_where_the_columns_are_chosen_and_kept(
    lead, signed_in, django_capture_on_commit_callbacks
):
    UnitFactory(name="Surgery")
    program = ProgramFactory(code="P-01", name="Campus 2030")
    office = signed_in(lead)
    upload(office, "Code,Name,Unit,Lane,Category,Program\nN-1,Wing,Surgery,Must do,Bricks,Campus\n")
    run = ImportRun.objects.get()
    page = office.get(columns_of(run))
    labels = [field.label for field in page.context["form"].other_word_fields]
    assert labels == ["Category: “Bricks”", "Lane: “Must do”"]

    answers = {"say_0": "facility", "say_1": "mandatory", "save_as": "Ours"}
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page, **answers))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(
            reverse("reports:import_apply", args=[run.pk]),
            {"programs": "leave", "name_0": program.pk},
        )

    project = Project.objects.get()
    assert (project.category, project.lane, project.program) == ("facility", "mandatory", program)
    assert values() == {
        "category": {"Bricks": "facility"},
        "lane": {"Must do": "mandatory"},
        "program": {"Campus": "P-01"},
    }
