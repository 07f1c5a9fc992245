"""Whatever is uploaded, under whatever name, is taken or refused in a sentence, at every door."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from pmo.accounts.models import PeopleFile
from pmo.accounts.roles import Role
from pmo.common.records.uploads import kept_name
from pmo.common.records.writing import RefusalError
from projects.models import PlanImport
from reports.imports.models import ImportRun
from tests.factories import ProjectFactory, person
from tests.projects.domain.exchange.files import mspdi, task

pytestmark = pytest.mark.django_db
LINES = b"Code,Name,Unit\nA-1,Theater,Surgery\n"
PATIENT = "MRN_00482913.xml"
OF_A_NAME = "looks like a medical record number"


def zipped(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def folder():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.mkdir("xl")
    return target.getvalue()


def workbook(*rows, **options):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if options.get("hidden"):
        book.create_sheet("Seen")
        book.active.sheet_state = "veryHidden"
    if options.get("list"):
        book.active.add_data_validation(DataValidation(type="list", formula1='"a,b"'))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


CONTENTS = {
    "nothing": b"",
    "blanks": b" \n\t \r\n",
    "a mark and nothing": b"\xef\xbb\xbf",
    "a mark and a table": b"\xef\xbb\xbf" + LINES,
    "two bytes a letter": LINES.decode().encode("utf-16"),
    "half a letter": LINES.decode().encode("utf-16")[:-1],
    "no bytes of text": bytes(range(256)) * 20,
    "nulls": b"\0" * 5_000,
    "a table with nulls": b"Code,Name\nA\0-1,Thea\0ter\n",
    "half a surrogate": b"Code,Name\nA-1,\xed\xa0\x80\n",
    "one long line": b"a" * 300_000,
    "one long cell": b"Code,Name\nA-1," + b"x" * 200_000 + b"\n",
    "an open quote": b'Code,Name\nA-1,"Theater\n',
    "many columns": b",".join([b"c"] * 5_000) + b"\n" + b",".join([b"1"] * 5_000) + b"\n",
    "only a header": b"Code,Name\n",
    "a zip": zipped(**{"a.csv": LINES}),
    "an empty zip": zipped(),
    "a folder": folder(),
    "the head of a zip": b"PK\x03\x04",
    "half a workbook": workbook(["Code", "Name"], ["A-1", "Theater"])[:700],
    "a workbook with a broken part": zipped(
        **{"[Content_Types].xml": b"<a", "xl/workbook.xml": b"<b"}
    ),
    "a workbook with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "an empty workbook": workbook(),
    "a workbook": workbook(["Code", "Name", "Unit"], ["A-1", "Theater", "Surgery"]),
    "a workbook with a hidden sheet": workbook(["Code", "Name"], ["A-1", "T"], hidden=True),
    "a workbook with a list": workbook(["Task Name", "Duration"], ["Pour", 3], list=True),
    "a workbook of formulas": workbook(["Code", "Name"], ["=1/0", "=HYPERLINK(A1)"]),
    "a pdf": b"%PDF-1.7\n",
    "a picture": b"\x89PNG\r\n\x1a\n",
    "a schedule": mspdi(task(1)),
    "half a schedule": mspdi(task(1))[:-40],
    "another xml": b"<?xml version='1.0'?><html/>",
    "xml in no encoding": b"<?xml version='1.0' encoding='klingon'?><Project/>",
    "xml with entities": b"<!DOCTYPE a [<!ENTITY b 'c'>]><Project>&b;</Project>",
    "json": b'{"a": [1, 2]}',
}
NAMES = [
    "plan.xml",
    "list.csv",
    "no ending",
    ".csv",
    "ÄÖ 日本語 ✅ (1).XLSX",
    "a\u202eb.csv",
    "x" * 400 + ".csv",
    "../../etc/passwd",
    "C:\\plans\\plan.xml",
    "a;b\"c'.csv",
    "=cmd.csv",
    "Gantt chart 20261122.xml",
]


def doors(project):
    """Where files come in: the address, what else is sent, and what keeps the file."""
    return {
        "table": (
            reverse("reports:import_list"),
            {"record": "project", "profile": ""},
            ImportRun,
            Role.PMO_LEAD,
        ),
        "schedule": (
            reverse("projects:plan_import_list", args=[project.pk]),
            {},
            PlanImport,
            Role.PMO_LEAD,
        ),
        "people": (
            reverse("accounts:people_file_list"),
            {"kind": "people"},
            PeopleFile,
            Role.ADMINISTRATOR,
        ),
        "units": (
            reverse("accounts:people_file_list"),
            {"kind": "units"},
            PeopleFile,
            Role.ADMINISTRATOR,
        ),
    }


DOORS = ["table", "schedule", "people", "units"]


def sent(signed_in, door, name, content):
    """Send a file; return the answer, what is kept of files, and what the form says at the file."""
    url, data, kept, role = doors(ProjectFactory())[door]
    client = signed_in(person(role))
    file = SimpleUploadedFile("x", content)
    file.name = name  # as it came, without what the test's own client would cut off
    answer = client.post(url, data | {"file": file})
    form = answer.context["form"] if answer.status_code == 422 else None
    said = [str(one) for one in form.errors.get("file", [])] if form else []
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    return answer, kept.objects, said


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_any_content_is_taken_or_refused_in_a_sentence(signed_in, door, content):
    answer, kept, said = sent(signed_in, door, "a.csv", content)

    assert answer.status_code in {200, 302, 422}
    if answer.status_code == 422:
        assert len(said) == 1
        assert said[0].endswith(".")
        assert not kept.exists()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_taken(signed_in, door, name):
    content = mspdi(task(1)) if door == "schedule" else b"Name,Email\nAda Byron,ada@x.example\n"

    answer, kept, said = sent(signed_in, door, name, content)

    assert (answer.status_code, said) == (200, [])
    assert kept.count() == 1
    assert 0 < len(kept.get().file_name) <= 200


@pytest.mark.parametrize("door", DOORS)
def test_a_name_that_names_a_patient_is_refused_at_the_file(signed_in, door):
    answer, kept, said = sent(signed_in, door, PATIENT, LINES)
    if door == "schedule":
        answer, kept, said = sent(signed_in, door, PATIENT, mspdi(task(1)))

    assert answer.status_code == 422
    assert OF_A_NAME in said[0]
    assert "20261122" not in said[0]
    assert not kept.exists()


def test_the_api_says_it_at_the_file(client, lead):
    project = ProjectFactory()
    client.force_login(lead)

    answer = client.post(
        "/api/v1/plan-imports/upload/",
        {"project": project.pk, "file": SimpleUploadedFile(PATIENT, mspdi(task(1)))},
    )

    assert answer.status_code == 400
    assert OF_A_NAME in answer.json()["file"][0]
    assert not PlanImport.objects.exists()


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_the_api_takes_or_refuses_any_content(client, lead, content):
    project = ProjectFactory()
    client.force_login(lead)

    answer = client.post(
        "/api/v1/plan-imports/upload/",
        {"project": project.pk, "file": SimpleUploadedFile("plan.xml", content)},
    )

    assert answer.status_code in {202, 400, 409}


def test_the_commands_say_it_too(tmp_path, lead):
    table = tmp_path / "MRN_00482913.csv"
    table.write_bytes(LINES)

    with pytest.raises(CommandError, match=OF_A_NAME):
        call_command("import_table", str(table), "--as", lead.email, "--profile", "any")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, "unnamed"),
        ("", "unnamed"),
        ("\0\n", "unnamed"),
        ("a\nb\x07.csv", "a b .csv"),
        ("  plan   1.xml ", "plan 1.xml"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_kept_as_it_can_be_printed(said, kept):
    assert kept_name(said) == kept


def test_a_name_with_a_hidden_number_is_found():
    with pytest.raises(RefusalError, match=OF_A_NAME):
        kept_name("MRN\u200b 00482913.pdf")


@pytest.mark.parametrize(
    "name",
    ["MRN00482913.csv", "MRN – 00482913.csv", "MRN+00482913.csv", "mrn%2000482913.csv", "mrn~00482913.xlsx",
     "patient4471982.xml", "DOB19610312.xlsx", "JohnSmith_12-03-1961.csv", "José_Núñez_1961-03-12.csv"],
)  # fmt: skip
def test_a_name_without_spaces_is_read_in_words(name):
    with pytest.raises(RefusalError, match="looks like"):
        kept_name(name)


@pytest.mark.parametrize(
    "name",
    ["ProjectPlan_2027-03-12.csv", "Risks+Issues 2027.xlsx", "MRN_cutover.mpp", "Q3%20Report.pdf", "Café_budget–v2.ods"],
)  # fmt: skip
def test_names_of_projects_files_are_kept(name):
    assert kept_name(name) == name


def test_a_mapping_that_names_a_patient_is_a_sentence_too(signed_in, lead):
    client = signed_in(lead)
    answer, kept, _ = sent(signed_in, "table", "a.csv", LINES)
    client = signed_in(kept.get().created_by)
    form = answer.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}

    page = client.post(
        reverse("reports:import_columns", args=[kept.get().pk]),
        data | {"stage": "delivery", "save_as": "MRN 00482913"},
    )

    assert page.status_code == 422
    assert "a medical record number" in page.content.decode()
