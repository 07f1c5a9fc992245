"""What the pages of an import ask: stage, portfolio, names that Rounds does not know; and the samples."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from pmo.accounts.models import Unit, User
from pmo.accounts.roles import Role
from portfolio.models import Portfolio
from projects.models import Project
from reports.imports.domain import RECORD_KINDS
from reports.imports.models import ImportProfile, ImportRun, ImportState
from tests.factories import PortfolioFactory, ProgramFactory, UnitFactory, UserFactory, person
from tests.reports.imports.views.test_imports import LIST, chosen, columns_of, upload

pytestmark = pytest.mark.django_db
NAMES = (
    "Code,Name,Unit,Project manager\nN-1,Wing,Radiology,Anna Reid\nN-2,Robot,Surgery,Anna Reid\n"
)


@pytest.fixture
def office(lead, signed_in):
    UnitFactory(name="Surgery")
    return signed_in(lead)


@pytest.fixture
def check(office, django_capture_on_commit_callbacks):
    """Return a function that uploads a text, sends its columns and returns the run and the answer."""

    def check(text=NAMES, **changes):
        upload(office, text)
        run = ImportRun.objects.order_by("pk").last()
        with django_capture_on_commit_callbacks(execute=True):
            response = office.post(columns_of(run), chosen(office.get(columns_of(run)), **changes))
        run.refresh_from_db()
        return run, response

    return check


@pytest.fixture
def write(office, django_capture_on_commit_callbacks):
    def write(run, **answers):
        with django_capture_on_commit_callbacks(execute=True):
            response = office.post(reverse("reports:import_apply", args=[run.pk]), answers)
        run.refresh_from_db()
        return response

    return write


def errors_of(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_stage_is_a_choice_that_nobody_makes_for_the_importer(office, check):
    run, response = check(stage="")

    assert response.status_code == 422
    assert errors_of(response) == {
        "stage": [
            "Choose the stage in which new projects arrive, or the column that holds it.",
        ]
    }
    assert run.state == ImportState.MAPPING
    page = office.get(columns_of(run))
    assert page.context["form"]["stage"].value() == ""


def test_column_with_stages_needs_no_stage_for_all(check):
    run, response = check("Code,Name,Unit,Stage\nN-1,Wing,Surgery,Planning\n", stage="")

    assert response.status_code == 302
    assert (run.state, run.report["problems"]) == (ImportState.READY, [])


def test_status_that_holds_stages_is_the_stage(office, check):
    run, _ = check("Code,Name,Unit,Status\nN-1,Wing,Surgery,Planning\nN-2,B,Surgery,On hold\n")

    assert run.document["fields"]["stage"] == {"from": ["Status"]}
    assert "color" not in run.document["fields"]
    assert run.report["counts"]["created"] == 2


@pytest.mark.parametrize(("said", "field"), [("color", "color"), ("stage", "stage")])
def test_status_that_holds_both_is_asked_about(office, check, said, field):
    text = "Code,Name,Unit,Status\nN-1,Wing,Surgery,Green\nN-2,Robot,Surgery,On hold\n"
    run, response = check(text)
    assert (response.status_code, errors_of(response)) == (
        422,
        {"status_is": ["Say what this column is."]},
    )

    run, response = check(text, status_is=said)

    assert response.status_code == 302
    assert run.document["fields"][field] == {"from": ["Status"]}


def test_words_for_stages_are_translated_once_said(
    check, office, django_capture_on_commit_callbacks
):
    run, _ = check("Code,Name,Unit,Stage\nN-1,Wing,Surgery,Phase two\n")
    assert run.report["problems"][0]["wrong"] == "Stage is a word that is not known here."

    page = office.get(columns_of(run))
    (field,) = page.context["form"].stage_word_fields
    assert (field.label, field.value(), field.help_text) == ("“Phase two”", "", "1 row")
    with django_capture_on_commit_callbacks(execute=True):
        office.post(columns_of(run), chosen(page, stage_word_0="delivery"))

    run.refresh_from_db()
    assert run.document["fields"]["stage"]["values"] == {"Phase two": "delivery"}


def test_words_come_with_their_rows_and_what_they_most_likely_mean(office):
    rows = ("N-1,Wing,Surgery,Construction,Operations", "N-2,Roof,Surgery,Construction,Run")
    upload(office, "\n".join(("Code,Name,Unit,Stage,Lane", *rows)))

    form = office.get(columns_of(ImportRun.objects.get())).context["form"]

    guess = "The choice is a guess: look at it."
    asked = [*form.stage_word_fields, *form.other_word_fields]
    assert [(one.label, one.value(), one.help_text) for one in asked] == [
        ("“Construction”", "delivery", f"2 rows. {guess}"),
        ("Lane: “Operations”", "operational", f"1 row. {guess}"),
        ("Lane: “Run”", "", "1 row"),
    ]


def test_new_portfolio_is_made_with_the_rows_and_not_before(check, write):
    UnitFactory(name="Radiology"), UserFactory(name="Anna Reid")
    run, _ = check(new_portfolio="All projects")
    assert Portfolio.objects.count() == 0

    write(run)

    portfolio = Portfolio.objects.get()
    assert (run.state, run.portfolio, portfolio.name) == (
        ImportState.APPLIED,
        portfolio,
        "All projects",
    )
    assert portfolio.entries.count() == 2


def test_portfolio_is_chosen_or_named_not_both_and_not_twice(check):
    known = PortfolioFactory(name="Capital")

    _, response = check(portfolio=known.pk, new_portfolio="Other")
    assert errors_of(response) == {
        "new_portfolio": ["Choose a portfolio or name a new one, not both."]
    }
    _, response = check(new_portfolio="capital")
    assert errors_of(response) == {
        "new_portfolio": ["This portfolio is there already. Choose it above."]
    }


def test_names_are_listed_and_added_with_the_rows(office, check, write):
    run, _ = check()
    page = office.get(run.get_absolute_url())
    asked = {
        group.id: [(f.label, f.help_text) for f in group.rows]
        for group in page.context["form"].groups
    }
    assert asked == {
        "people": [("“Anna Reid”", "Manager in 2 rows.")],
        "units": [("“Radiology”", "Unit in 1 row.")],
    }
    assert "Say first what becomes of 1 person and 1 unit not in Rounds." in page.content.decode()

    response = write(run, people="add", units="add")

    assert response["Location"] == run.get_absolute_url()
    done = office.get(run.get_absolute_url())
    assert done.context["added"] == [
        ("Units added", "Radiology"),
        ("People added, who cannot sign in yet", "Anna Reid"),
    ]
    assert User.objects.get(name="Anna Reid").email is None


def test_nothing_is_written_without_an_answer_and_the_form_comes_back_filled(check, write):
    run, _ = check()

    response = write(run, people="add")

    assert response.status_code == 422
    assert errors_of(response) == {"units": ["Choose what to do with the units."]}
    assert response.context["form"]["people"].value() == "add"
    assert (run.state, Project.objects.count(), User.objects.count()) == (ImportState.READY, 0, 1)


def test_one_name_is_answered_otherwise_than_the_rest(check, write):
    imaging = UnitFactory(name="Imaging")
    ada = UserFactory(name="Ada Byron")
    run, _ = check()
    numbers = {one["name"]: n for n, one in enumerate(run.report["unknown"])}

    write(
        run,
        people="add",
        units="add",
        **{f"name_{numbers['Radiology']}": imaging.pk, f"name_{numbers['Anna Reid']}": ada.pk},
    )

    assert Project.objects.get(code="N-1").unit == imaging
    assert Project.objects.get(code="N-1").members.get().user == ada
    assert not User.objects.filter(name="Anna Reid").exists()


def test_name_of_two_people_has_no_answer_until_one_is_chosen(check, write):
    UnitFactory(name="Radiology")
    first, second = UserFactory(name="Anna Reid"), UserFactory(name="Anna Reid")
    run, _ = check()

    response = write(run)
    assert errors_of(response) == {"name_0": ["Choose what “Anna Reid” is."]}
    write(run, name_0=second.pk)

    assert {m.user for p in Project.objects.all() for m in p.members.all()} == {second}
    assert first.pk != second.pk


def test_likeness_is_offered_and_never_taken(office, check, write):
    UnitFactory(name="Radiology")
    near = UserFactory(name="Anna Reed", title="Radiographer", email=None)
    run, _ = check()

    form = office.get(run.get_absolute_url()).context["form"]
    assert ("Did you mean", [(str(near.pk), "Anna Reed (Radiographer)")]) in form.fields["name_0"].choices  # fmt: skip
    assert form["name_0"].value() == ""
    write(run, people="add")

    assert User.objects.filter(name="Anna Reid").count() == 1


def test_programs_are_asked_about_like_people_and_units(office, check, write):
    ProgramFactory(code="GROW", name="Growth")
    run, _ = check("Code,Name,Unit,Program\nN-1,Wing,Surgery,Campus\nN-2,Robot,Surgery,Growing\n")

    page = office.get(run.get_absolute_url())
    text = page.content.decode()
    assert "Programs not in Rounds" in text
    assert "Say first what becomes of 2 programs not in Rounds." in text
    assert "Growth (GROW)" in text
    assert errors_of(write(run)) == {"programs": ["Choose what to do with the programs."]}
    write(run, programs="add", name_1="leave")

    assert list(Project.objects.order_by("code").values_list("program__code", flat=True)) == [
        "CAMPUS",
        None,
    ]
    assert "Programs added" in office.get(run.get_absolute_url()).content.decode()


def test_analyst_may_not_add_units_and_chooses_for_each(
    signed_in, django_capture_on_commit_callbacks
):
    UnitFactory(name="Surgery")
    analyst = person(Role.PMO_ANALYST)
    client = signed_in(analyst)
    upload(client, NAMES)
    run = ImportRun.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(columns_of(run), chosen(client.get(columns_of(run))))

    form = client.get(run.get_absolute_url()).context["form"]

    assert "units" not in form.fields
    assert "add" not in [value for value, _ in form.fields["name_0"].choices]
    response = client.post(reverse("reports:import_apply", args=[run.pk]), {"people": "add", "name_0": "add"})  # fmt: skip
    assert response.status_code == 422
    assert Unit.objects.count() == 1


def test_saved_mapping_keeps_the_stage_and_no_answer_about_names(check, write):
    run, _ = check(save_as="Ours")
    write(run, people="add", units="add")

    assert ImportProfile.objects.get().document["answers"] == {"stage": "planning"}


def test_import_page_links_a_sample_of_each_kind(office):
    assert office.get(LIST).context["samples"] == [
        (kind.label, f"/imports/sample/{name}/") for name, kind in RECORD_KINDS.items()
    ]
    assert office.get("/imports/sample/portfolio/").status_code == 404


def sample(client, kind):
    response = client.get(reverse("reports:import_sample", args=[kind]))
    name = RECORD_KINDS[kind].label.lower().replace(" ", "-")
    assert response["Content-Disposition"] == f'attachment; filename="rounds-sample-{name}.xlsx"'
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("kind", sorted(RECORD_KINDS))
def test_sample_explains_every_field(office, kind):
    book = load_workbook(io.BytesIO(sample(office, kind)))

    assert book.sheetnames == [RECORD_KINDS[kind].label, "How to fill this in"]
    lines = list(book["How to fill this in"].iter_rows(values_only=True))
    labels = [line[0] for line in lines[1 : 1 + len(RECORD_KINDS[kind].fields)]]
    assert labels == [field.label for field in RECORD_KINDS[kind].fields]
    assert all(all(line) for line in lines[: len(labels) + 1])


TOLD_TWICE = {"budget_line": "Both count", "cost": "bring the same money again"}


def test_samples_import_without_a_question_one_after_the_other(
    office, django_capture_on_commit_callbacks
):
    written = {}
    for kind in RECORD_KINDS:
        file = SimpleUploadedFile("sample.xlsx", sample(office, kind))
        office.post(LIST, {"file": file, "record": kind, "profile": ""})
        run = ImportRun.objects.order_by("pk").last()
        page = office.get(columns_of(run))
        assert page.context["form"].word_fields == []
        with django_capture_on_commit_callbacks(execute=True):
            office.post(columns_of(run), chosen(page, stage=""))
        run.refresh_from_db()
        report = run.report
        assert (kind, report["problems"], report["questions"], report["unknown"]) == (
            kind,
            [],
            [],
            [],
        )
        # the sample of projects says already what was approved and spent, each in one amount
        assert [TOLD_TWICE[kind] in one for one in report["warnings"]] == [True] * (
            kind in TOLD_TWICE
        )
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("reports:import_apply", args=[run.pk]))
        run.refresh_from_db()
        written[kind] = run.report["counts"]["created"], run.report["handed_back"]

    new = {
        "project": 12,
        "milestone": 16,
        "risk": 12,
        "issue": 12,
        "raid": 8,
        "stakeholder": 8,
        "status": 12,
        "budget_line": 12,
        "commitment": 8,
        "cost": 12,
        "month_forecast": 12,
    }
    assert written == {kind: (amount, 0) for kind, amount in new.items()}
