"""The pages of a schedule file: upload, report, writing, undoing, and the plan as a file."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from projects.domain.exchange import read_mspdi
from projects.models import PlanImport, Task
from projects.services import plan_imports
from tests.factories import MemberFactory, ProjectFactory, person
from tests.projects.domain.exchange.files import mspdi, task
from tests.projects.test_services_plan_imports import SMALL, imported

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def list_url(project):
    return reverse("projects:plan_import_list", args=[project.pk])


def url(run, what=""):
    return reverse(f"projects:plan_import{what}", args=[run.pk])


def upload(client, project, content=SMALL, name="plan.xml"):
    return client.post(list_url(project), {"file": SimpleUploadedFile(name, content)})


class TestList:
    def test_offers_the_upload_and_the_download(self, signed_in, manager, project):
        response = signed_in(manager).get(list_url(project))

        assert response.status_code == 200
        assert "No schedule file yet" in text(response)
        assert reverse("projects:plan_download", args=[project.pk]) in text(response)

    def test_shows_files_in_the_same_number_of_queries(
        self, signed_in, manager, project, django_assert_num_queries
    ):
        client = signed_in(manager)
        client.get(list_url(project))
        for rows, number in ((1, 1), (3, 2)):
            for n in range(number):
                run = plan_imports.start_import(
                    project=project, file_name=f"{rows}-{n}.xml", content=SMALL, by=manager
                )
                plan_imports.apply_import(run=run, by=manager)
            with django_assert_num_queries(7):
                response = client.get(list_url(project))
            assert len(response.context["page"].object_list) == rows

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"\xd0\xcf\x11\xe0", "This is a Microsoft Project (.mpp)"),
            (b"hello", "This is no schedule that Rounds reads."),
            (b"", "The file is empty."),
        ],
    )
    def test_refuses_what_is_no_schedule(self, signed_in, manager, project, content, sentence):
        response = upload(signed_in(manager), project, content)

        assert response.status_code == 422
        assert sentence in text(response)
        assert PlanImport.objects.count() == 0

    def test_refuses_a_form_without_a_file(self, signed_in, manager, project):
        response = signed_in(manager).post(list_url(project), {})

        assert response.status_code == 422
        assert "Choose a file." in text(response)

    def test_refuses_a_file_name_that_names_a_patient(self, signed_in, manager, project):
        response = upload(signed_in(manager), project, name="219-09-9999.xml")

        assert response.status_code == 422
        assert "Social Security" in text(response)

    def test_keeps_readers_out(self, signed_in, project):
        reader = person(Role.STAFF)
        MemberFactory(project=project, user=reader, role=Role.READER)

        assert signed_in(reader).get(list_url(project)).status_code == 403


@pytest.mark.django_db(transaction=True)
class TestWay:
    def test_from_upload_over_the_report_to_the_plan_and_back(self, signed_in, manager, project):
        client = signed_in(manager)

        response = upload(client, project)
        run = PlanImport.objects.get()
        assert response["Location"] == url(run)
        page = client.get(url(run))
        assert page.context["sub"] == (
            "4 rows can be written: 4 new, 0 changed, 0 unchanged, 0 removed. Nothing is written yet."
        )
        assert [section["label"] for section in page.context["sections"]] == ["Changed", "Kept"]
        assert "Write all 4 rows" in text(page)

        client.post(url(run, "_apply"))
        assert Task.objects.count() == 4
        page = client.get(url(run))
        assert page.context["sub"] == (
            "4 rows are written: 4 new, 0 changed, 0 unchanged, 0 removed."
        )

        assert "Undo the import of" in text(client.get(url(run, "_undo")))
        response = client.post(url(run, "_undo"), follow=True)
        assert Task.objects.count() == 0
        assert "Import undone." in text(response)

    def test_a_check_that_fails_says_why(self, signed_in, manager, project):
        client = signed_in(manager)
        upload(client, project, mspdi(task(1, "SSN 219-09-9999")))

        run = PlanImport.objects.get()
        page = client.get(url(run))

        assert "Row 1, name: a Social Security number." in page.context["trouble"]
        assert "219-09-9999" not in text(page)
        assert (run.state, bytes(run.content)) == ("discarded", b"")
        last = AuditEvent.objects.latest("sequence")
        assert (last.action, last.by) == ("plan_import.discarded", manager)
        assert not page.context["is_ready"]

    def test_progress_that_would_go_needs_a_yes(self, signed_in, manager, project):
        imported(project, manager)
        Task.objects.filter(name="Dig").update(actual_start=date(2026, 3, 2), percent_complete=9)
        client = signed_in(manager)
        upload(client, project, mspdi(task(3, "Pour", hours=16)))
        run = PlanImport.objects.get(state="checked")

        page = client.get(url(run))
        assert "Work with progress would go" in text(page)
        refused = client.post(url(run, "_apply"), follow=True)
        assert "Say that they may go" in text(refused)
        assert Task.objects.count() == 4
        client.post(url(run, "_apply"), {"removes_started": "on"})
        assert [row.name for row in Task.objects.all()] == ["Pour"]

    def test_a_plan_changed_meanwhile_is_checked_again(self, signed_in, manager, project):
        client = signed_in(manager)
        upload(client, project)
        run = PlanImport.objects.get()
        Task.objects.create(project=project, name="Meanwhile", position=1)

        client.post(url(run, "_apply"))

        assert "Check it again" in client.get(url(run)).context["trouble"]
        client.post(url(run, "_check"))
        page = client.get(url(run))
        assert page.context["trouble"] == ""
        assert page.context["counts"]["names"]["removed"] == ["Meanwhile"]

    def test_discarding_goes_back_to_the_list(self, signed_in, manager, project):
        client = signed_in(manager)
        upload(client, project)
        run = PlanImport.objects.get()

        response = client.post(url(run, "_discard"))

        assert response["Location"] == list_url(project)
        assert client.post(url(run, "_discard"))["Location"] == url(run)
        run.refresh_from_db()
        assert (run.state, bytes(run.content)) == ("discarded", b"")


def test_an_undo_that_comes_too_late_is_refused_on_its_page(signed_in, manager, project):
    run = imported(project, manager)
    Task.objects.filter(name="Dig").update(name="Excavate")

    response = signed_in(manager).post(url(run, "_undo"))

    assert response.status_code == 409
    assert "The plan was changed since" in text(response)


def test_the_files_baseline_is_shown(signed_in, manager, project):
    baseline = "<Baseline><Number>0</Number><Start>2026-03-02T08:00:00</Start><Finish>2026-03-06T17:00:00</Finish><Cost>90000</Cost></Baseline>"  # fmt: skip
    run = imported(project, manager, mspdi(task(1, "Dig", more=baseline)))

    page = signed_in(manager).get(url(run))

    assert page.context["baseline"] == [
        {
            "name": "Dig",
            "start": date(2026, 3, 2),
            "finish": date(2026, 3, 6),
            "cost": Decimal("900.00"),
        }
    ]


class TestDownload:
    def test_holds_the_plan(self, signed_in, manager, project):
        imported(project, manager)
        reader = person(Role.STAFF)
        MemberFactory(project=project, user=reader, role=Role.READER)

        response = signed_in(reader).get(reverse("projects:plan_download", args=[project.pk]))

        assert response["Content-Disposition"] == (
            f'attachment; filename="{project.code.lower()}-plan.xml"'
        )
        plan = read_mspdi(response.content)
        assert [(row.name, row.number) for row in plan.tasks] == list(
            Task.objects.order_by("position").values_list("name", "pk")
        )
        assert len(plan.links) == 2

    def test_imported_again_changes_nothing(self, signed_in, manager, project):
        imported(project, manager)
        project.refresh_from_db()
        exported = signed_in(manager).get(reverse("projects:plan_download", args=[project.pk]))

        run = imported(project, manager, exported.content)

        assert (run.counts["unchanged"], run.counts["tasks"]) == (4, 4)
        assert {loss["what"] for loss in run.losses if loss["fate"] == "lost"} == set()

    def test_is_hidden_from_strangers(self, signed_in, lead):
        hidden = ProjectFactory(is_confidential=True)
        address = reverse("projects:plan_download", args=[hidden.pk])

        assert signed_in(person(Role.EXECUTIVE)).get(address).status_code == 404
        assert signed_in(lead).get(address).status_code == 200


class TestCommand:
    def run(self, tmp_path, project, user, *options, content=SMALL):
        path = tmp_path / "plan.xml"
        path.write_bytes(content)
        call_command("import_plan", str(path), "--project", project.code, "--as", user.email, *options)  # fmt: skip

    def test_writes_and_reports(self, tmp_path, capsys, manager, project):
        self.run(tmp_path, project, manager)

        out = capsys.readouterr().out
        assert "Kept: Tasks (4). Names, levels, durations, progress and notes." in out
        assert "Wrote 4 rows: 4 added, 0 changed, 0 unchanged, 0 removed." in out
        assert Task.objects.count() == 4

    def test_a_dry_run_writes_nothing(self, tmp_path, capsys, manager, project):
        self.run(tmp_path, project, manager, "--dry-run")

        assert "Would write 4 rows" in capsys.readouterr().out
        assert Task.objects.count() == 0
        assert [run.state for run in PlanImport.objects.all()] == ["discarded"]

    def test_refuses_with_a_sentence(self, tmp_path, manager, project):
        with pytest.raises(CommandError, match="no schedule that Rounds reads"):
            self.run(tmp_path, project, manager, content=b"hello")
        with pytest.raises(CommandError, match="sees no project with the code"):
            self.run(tmp_path, project, person(Role.STAFF))
        with pytest.raises(CommandError, match="There is no file"):
            call_command("import_plan", "absent.xml", "--project", project.code, "--as", manager.email)  # fmt: skip
        reader = person(Role.AUDITOR)
        with pytest.raises(CommandError):
            self.run(tmp_path, project, reader)
        assert Task.objects.count() == 0
