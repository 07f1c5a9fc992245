"""The end of an import: what was written, what was handed back, and the way to take it back."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import Job
from projects.models import Project
from projects.services.projects import change_project
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.services import runs
from tests.factories import UnitFactory, person
from tests.reports.imports.services.scene import started
from tests.reports.imports.views.test_import_review import BAD, asked_of, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(lead, signed_in):
    UnitFactory(name="Surgery")
    return signed_in(lead)


@pytest.fixture
def written(office, lead):
    """An import of which two rows were handed back."""
    return runs.apply(run=started(BAD, lead), by=lead)


def undo_of(run):
    return reverse("reports:import_undo", args=[run.pk])


def test_end_says_what_was_written_and_lists_what_was_handed_back(office, written):
    page = office.get(written.get_absolute_url())

    assert page.context["title"] == "1 row is written"
    assert page.context["rows_title"] == "2 rows are handed back"
    assert [line.name for line in page.context["lines"]] == ["Scanner", "Robot"]
    assert "You can undo this import." in texts(page)
    assert "Fix it in your spreadsheet and send it again" in texts(page)


@pytest.mark.parametrize(
    ("show", "names"),
    [("added", ["New wing"]), ("altered", []), ("odd", ["Scanner", "Robot"])],
)
def test_list_of_the_end_is_narrowed_by_the_figures_above_it(office, written, show, names):
    page = office.get(written.get_absolute_url(), {"show": show})

    assert [line.name for line in page.context["lines"]] == names


@pytest.mark.parametrize("amount", [1, 3])
def test_end_asks_the_same_however_many_rows(office, lead, amount):
    rows = "".join(f"N-{n},Wing {n},Nowhere,Red,,\n" for n in range(amount))
    text = f"Code,Name,Unit,RAG,Start,Budget\nN-9,Robot,Surgery,Green,,\n{rows}"
    run = runs.apply(run=started(text, lead), by=lead)

    assert asked_of(office, run.get_absolute_url()) == 22


def test_undo_says_first_what_goes_and_what_stays_and_asks_for_a_word(
    office, written, django_capture_on_commit_callbacks
):
    page = office.get(undo_of(written))
    assert page.context["title"] == "Undo 1 row?"
    assert [what for what, _ in page.context["goes"]] == ["1 new project"]

    refused = office.post(undo_of(written), {"word": "yes"})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"word": ["Type the word undo."]}
    assert Project.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        office.post(undo_of(written), {"word": " Undo "})
    written.refresh_from_db()
    assert (written.state, Project.objects.count()) == (ImportState.UNDONE, 0)
    end = office.get(written.get_absolute_url())
    assert end.context["title"] == "1 row taken back"
    assert "Nothing of it is left" in texts(end)


def test_project_edited_since_is_named_before_the_undo_and_kept_after_it(
    office, written, lead, django_capture_on_commit_callbacks
):
    project = Project.objects.get()
    other = person(Role.PMO_LEAD, name="Aisha Rahman")
    change_project(project=project, by=other, version=project.version, name="Newest wing")

    page = office.get(undo_of(written))
    assert [(one.project.name, one.by.name) for one in page.context["edited"]] == [
        ("Newest wing", "Aisha Rahman")
    ]
    assert page.context["edited_title"] == "1 project was edited since"

    with django_capture_on_commit_callbacks(execute=True):
        office.post(undo_of(written), {"word": "undo"})
    end = office.get(written.get_absolute_url())
    assert end.context["rows_title"] == "Of 1 row something stays"
    assert "was changed since by Aisha Rahman" in texts(end)


def test_undo_page_leads_back_where_nothing_can_be_undone(office, lead):
    run = started(BAD, lead)

    assert office.get(undo_of(run))["Location"] == run.get_absolute_url()


def test_import_that_was_stopped_goes_on_from_its_page(office, written):
    StagedRow.objects.filter(state=RowState.WRITTEN).update(state=RowState.READY)
    ImportRun.objects.update(state=ImportState.STOPPED)

    page = office.get(written.get_absolute_url())

    assert page.context["title"] == "Stopped after 0 rows"
    assert "1 row waits." in texts(page)
    assert "Write the rest" in texts(page)


def test_writing_shows_how_far_it_is_and_stops_when_asked(office, written):
    ImportRun.objects.update(
        state=ImportState.APPLYING,
        applied_at=None,
        job=Job.objects.create(
            kind="imports.apply", key="x", done=1300, total=2500, state="running"
        ),
    )
    page = office.get(written.get_absolute_url())
    assert "1,300 of 2,500" in texts(page)
    assert "What is written by then stays and can be undone." in texts(page)

    office.post(reverse("reports:import_stop", args=[written.pk]))
    assert ImportRun.objects.get().is_to_stop is True
    assert "Stopping." in texts(office.get(written.get_absolute_url()))


def test_a_check_that_is_stopped_leads_back_to_its_columns(office, lead):
    run = started(BAD, lead)
    job = Job.objects.create(kind="imports.check", key="x", done=100, total=900, state="running")
    ImportRun.objects.update(state=ImportState.CHECKING, job=job)
    page = office.get(run.get_absolute_url())
    assert "Stop the check" in texts(page)
    assert "Nothing is written yet." in texts(page)

    page = office.post(reverse("reports:import_stop", args=[run.pk]), follow=True)

    run.refresh_from_db()
    assert (run.state, run.is_to_stop) == (ImportState.MAPPING, False)
    assert reverse("reports:import_columns", args=[run.pk]) in page.content.decode()


def test_only_what_is_being_checked_or_written_is_stopped(office, written):
    page = office.post(reverse("reports:import_stop", args=[written.pk]), follow=True)

    assert [str(m) for m in page.context["messages"]] == [
        "This import is neither checked nor written at the moment."
    ]
