"""A file is read before a form's transaction begins: nobody else may write while one is open on SQLite."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from pmo.accounts.models import PeopleFile
from pmo.accounts.roles import Role
from pmo.common.tabular import holding
from reports.imports.models import ImportRun
from reports.imports.services import runs, work
from tests.factories import UnitFactory, person
from tests.reports.imports.services.scene import started
from tests.reports.imports.workbooks import workbook

TEXT = "Code,Name,Unit,RAG\nP-1,Wing,Surgery,Green\nP-2,Ward,Surgery,Purple\n"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reads(monkeypatch):
    """For each reading of a file, whether a transaction was open."""
    found, read = [], holding.read

    def noted(content, hints):
        found.append(connection.in_atomic_block)
        return read(content, hints)

    monkeypatch.setattr(holding, "read", noted)
    return found


@pytest.fixture
def run(lead, monkeypatch):
    monkeypatch.setattr(runs, "request_check", lambda **_: None)  # a worker reads for itself
    UnitFactory(name="Surgery")
    run = started(TEXT, lead)
    return work.finish_check(run, work.check(run))


def test_uploaded_file_is_read_once_before(client, lead, reads):
    client.force_login(lead)
    sent = {"once": "k", "record": "project", "file": SimpleUploadedFile("p.csv", TEXT.encode())}

    answer = client.post(reverse("reports:import_list"), sent)

    assert (answer.status_code, reads) == (302, [False])
    assert bytes(ImportRun.objects.get().content) == TEXT.encode()


def test_file_that_is_no_table_is_refused_as_ever(client, lead, reads):
    client.force_login(lead)
    sent = {"once": "k", "record": "project", "file": SimpleUploadedFile("p.csv", b"%PDF-1.7")}

    answer = client.post(reverse("reports:import_list"), sent)

    assert answer.status_code == 422
    assert "This is a PDF file." in answer.content.decode()
    assert reads[0] is False


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        (("import_columns",), {"code": "0"}),
        (("import_reading",), {"header": "1"}),
        (("import_row", 2), {"Stage": ""}),
        (("import_row", 2), {"leave": "1"}),
        (("import_row", 2), {"take": "1"}),
        (("import_value",), {"header": "RAG", "old": "Purple", "new": "Red"}),
        (("import_leave",), {"problem": "x"}),
    ],
)
def test_file_of_a_run_is_read_before(client, run, reads, address, sent):
    client.force_login(run.created_by)

    client.post(reverse(f"reports:{address[0]}", args=[run.pk, *address[1:]]), sent | {"once": "k"})

    assert set(reads) == {False}


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        (("import_row", 2), {"color": "Red"}),
        (("import_row", 2), {"leave": "1"}),
        (("import_row", 2), {"take": "1"}),
        (("import_value",), {"header": "RAG", "old": "Purple", "new": "Red"}),
        (("import_leave",), {"problem": "x"}),
    ],
)
def test_rows_are_worked_out_once_before(client, run, monkeypatch, address, sent):
    found, made = [], work.records

    def noted(*given):
        found.append(connection.in_atomic_block)
        return made(*given)

    monkeypatch.setattr(work, "records", noted)
    client.force_login(run.created_by)

    answer = client.post(
        reverse(f"reports:{address[0]}", args=[run.pk, *address[1:]]), sent | {"once": "k"}
    )

    assert (answer.status_code, found) == (302, [False])


def test_file_of_somebody_else_is_not_read(client, run, reads):
    client.force_login(person(Role.PMO_ANALYST))

    answer = client.post(reverse("reports:import_value", args=[run.pk]), {"once": "k"})

    assert (answer.status_code, reads) == (404, [])


def test_each_chosen_sheet_is_read_once_before(client, lead, reads):
    UnitFactory(name="Surgery")
    book = workbook(
        Projects="Code,Name,Unit\nP-1,Wing,Surgery\n",
        Milestones="Project,Milestone,Due\nP-1,Opening,2026-05-01\n",
    )
    run = runs.start_import(file_name="all.xlsx", content=book, by=lead)
    client.force_login(lead)
    sent = {"take_0": "on", "record_0": "project", "take_1": "on", "record_1": "milestone"}
    reads.clear()

    answer = client.post(reverse("reports:import_sheets", args=[run.pk]), sent | {"once": "k"})

    assert (answer.status_code, reads) == (302, [False] * 3)
    assert ImportRun.objects.count() == 2


def test_list_of_people_is_read_once_before(client, reads):
    client.force_login(person(Role.ADMINISTRATOR))
    file = SimpleUploadedFile("people.csv", b"name,email\nAda Byron,ada@example.org\n")

    answer = client.post(
        reverse("accounts:people_file_list"), {"once": "k", "kind": "people", "file": file}
    )

    assert (answer.status_code, reads) == (302, [False])
    assert PeopleFile.objects.get().rows


def test_list_of_who_may_not_change_people_is_not_read(client, lead, reads):
    client.force_login(lead)
    file = SimpleUploadedFile("people.csv", b"name,email\nAda Byron,ada@example.org\n")

    answer = client.post(
        reverse("accounts:people_file_list"), {"once": "k", "kind": "people", "file": file}
    )

    assert (answer.status_code, reads) == (403, [])
