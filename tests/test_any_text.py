"""Any text goes through every field into every page, document, mail, file, chart, search and answer."""

import io
import re

import openpyxl
import pytest
from django import forms
from django.core import mail
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.test import APIClient

from pmo.accounts.models import Unit
from pmo.accounts.resources import Strict
from pmo.api_urls import RESOURCES
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page.sentences import OneLine, one_break, one_line, printable
from pmo.common.records.fields import Line
from portfolio.governance.models import Meeting, Minutes
from portfolio.governance.selectors.minutes import content_of
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services.keeping import keep
from projects.models import Project
from reports.models import Snapshot, Summary, scope_of
from reports.pdf import summary_pdf
from reports.services.deliveries import DELIVER
from reports.services.snapshots import refresh
from reports.services.subscriptions import subscribe
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.words.reading import print_data, reading_of
from tests.any_text import TEXTS, filled, lay_into_all, text_fields
from tests.reports.documents import SUNDAY, freeze, row
from tests.test_access import GUARDED
from tests.test_api_rules import scene

FIELDS = list(text_fields())
IDS = [str(field) for _, field in FIELDS]


@pytest.fixture(params=TEXTS)
def text(request):
    return TEXTS[request.param]


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=IDS)
def test_every_field_takes_any_text_up_to_its_limit_and_says_when_it_is_longer(model, field, text):
    full = filled(text, field.max_length, unlike=".")
    control = field.formfield()

    assert "maxlength" not in str(control.get_bound_field(forms.Form(), "f"))
    is_line = isinstance(field, Line)
    kept = one_line(full) if is_line else printable(full)
    assert one_break(field.clean(full, None)) == kept
    assert control.clean(full) == (kept if is_line else full)
    for check in (lambda one: field.clean(one, None), control.clean):
        with pytest.raises(ValidationError) as refusal:
            check(kept.ljust(field.max_length + 1, "!"))
        assert all(str(field.max_length) in said for said in refusal.value.messages)


def kinds_of(first):
    """Yield every class of ours below one; the addresses of the product have loaded them all."""
    waiting = [first]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if not kind.__module__.startswith(("django", "rest_framework", "tests")):
            yield kind


def test_every_text_that_a_form_asks_for_besides_takes_any_text(text):
    looked_at = 0
    for kind in kinds_of(BaseForm):
        for name, field in getattr(kind, "base_fields", {}).items():
            if type(field) not in {forms.CharField, OneLine} or not field.max_length:
                continue
            full = filled(text, field.max_length, unlike=".")
            kept = one_line(full) if isinstance(field, OneLine) else full
            assert field.clean(full) == kept, (kind, name)
            with pytest.raises(ValidationError, match=str(field.max_length)):
                field.clean(kept.ljust(field.max_length + 1, "!"))
            looked_at += 1
    assert looked_at > 80


def test_every_text_of_the_api_takes_any_text(text):
    looked_at = 0
    for kind in kinds_of(Strict):
        for name, field in kind._declared_fields.items():
            if type(field) is not serializers.CharField or field.read_only or not field.max_length:
                continue
            full = filled(text, field.max_length, unlike=".")
            assert field.run_validation(full) == full, (kind, name)
            with pytest.raises(serializers.ValidationError, match=str(field.max_length)):
                field.run_validation(f"{full}!")
            looked_at += 1
    assert looked_at > 5


@pytest.fixture
def records(db, text):
    """One record of every kind, each of its texts filled to the limit."""
    found = scene()
    assert lay_into_all(text) > 40
    refresh([found["projects"].pk])
    return found


@pytest.fixture
def summary(records, text, lead):
    """An issued summary of such texts, with its frozen row, its mail on the way."""
    project, portfolio = Project.objects.get(), records["portfolios"]
    project.unit = Unit.objects.get(pk=project.unit_id)
    portfolio.refresh_from_db()
    freeze(SUNDAY)
    columns = {one.name: one for one in Snapshot._meta.concrete_fields}
    said = ("note", "help_needed", "help_from", "top_risk", "measured_rule", "unit_name")
    words = {name: filled(text, getattr(columns[name], "max_length", None) or 280) for name in said}
    row(project, SUNDAY, "red", top_risk_score=20, is_disputed=True, **words)
    subscribe(scope=scope_of(portfolio), user=lead, by=lead)
    draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    longest = {
        name: filled(text, Summary._meta.get_field(name).max_length)
        for name in ("headline", "office_note")
    }
    comments = {str(line["id"]): filled(text, 280) for line in draft.content["lines"]}
    read = review_summary(summary=draft, version=None, by=lead, comments=comments, **longest)
    return issue_summary(summary=read, version=None, by=lead)


def addresses(records, name, entry):
    """Return the addresses of a view for each record that it may be about."""
    kinds = {key: type(one).__name__ for key, one in entry.pattern.converters.items()}
    groups = dict.fromkeys(entry.pattern.regex.groupindex)
    ids = sorted({record.pk for record in records.values()})
    for pk in ids if "pk" in groups or "IntConverter" in kinds.values() else [None]:
        values = {
            key: pk
            if key == "pk" or kinds.get(key) == "IntConverter"
            else "2026-11-15"
            if "Date" in kinds.get(key, "")
            else "json"
            if key == "format"
            else "x"
            for key in groups
        }
        yield reverse(name, kwargs=values)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["world", "pasted", pytest.param("markup", marks=pytest.mark.either)], indirect=True
)
def test_every_page_file_and_answer_comes(records, summary, text, lead, client):
    client.force_login(lead)
    records = records | {"summaries": summary}
    seen = set()
    for name, entry in GUARDED:
        for address in addresses(records, name, entry):
            response = client.get(address)
            said = b"".join(response).decode(
                "utf-8", "replace"
            )  # files are written as they are read
            assert response.status_code < 500, address
            if response.status_code == 200:
                seen.add(name)
                assert "<script>y" not in said or "html" not in response["Content-Type"], address
    assert len(seen) > 100


@pytest.mark.django_db
@pytest.mark.slow
def test_no_list_falls_over_what_no_database_can_look_for(lead, client):
    client.force_login(lead)
    records = scene()

    for name, entry in GUARDED:
        address = next(addresses(records, name, entry))
        for said in ("q=a%00b&search=a%00b&person=a%00b", "action=%00&sort=%00&scope=%00&year=%00"):
            response = client.get(f"{address}?{said}")
            b"".join(response)
            assert response.status_code < 500, address


@pytest.mark.django_db
def test_the_api_hands_out_what_was_written(records, lead):
    api = APIClient()
    api.force_authenticate(lead)

    for name in RESOURCES:
        answer = api.get(f"/api/v1/{name}/")
        assert answer.status_code == 200, name
    project = Project.objects.get()
    assert api.get(f"/api/v1/projects/{project.pk}/").json()["summary"] == project.summary
    found = api.get("/api/v1/projects/", {"search": project.name.split("\n")[0][:20].strip()})
    assert found.status_code == 200


@pytest.mark.django_db
def test_a_project_is_found_by_any_of_its_words(records, text, lead, client):
    client.force_login(lead)
    project = Project.objects.get()
    word = max(re.split(r"[\s\x00-\x20\u2028\u2029]+", project.name), key=len)[:30]

    for address in (reverse("projects:project_list"), reverse("find")):
        page = client.get(address, {"q": word, "search": word})
        assert page.status_code == 200
    page = client.get(reverse("projects:project_list"), {"q": word}).content.decode()
    assert project.get_absolute_url() in page


@pytest.mark.django_db
def test_files_hold_the_words_and_run_none(records, summary, text, lead, client):
    client.force_login(lead)

    lines = client.get(reverse("reports:portfolio_csv"))
    table = b"".join(lines.streaming_content).decode("utf-8-sig")
    book = client.get(reverse("reports:portfolio_xlsx"))
    page = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).worksheets[0]

    assert not re.search(r'(^|,)"?=1\+1', table, re.M)
    cells = [cell for line in page.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    assert Project.objects.get().name.split()[0].lstrip("=") in table


@pytest.mark.django_db
@pytest.mark.either
def test_the_summary_is_printed_and_mailed(summary, text, lead):
    content = summary_pdf(print_data(reading_of(summary, lead)))

    jobs.run(Job.objects.get(kind=DELIVER).pk)

    assert content.startswith(b"%PDF-")
    (message,) = mail.outbox
    raw = message.message().as_bytes()
    assert b"application/pdf" in raw
    assert "\n" not in message.subject
    html = str(message.alternatives[0][0])
    assert "<script>y" not in html


@pytest.mark.django_db
@pytest.mark.either
def test_minutes_and_what_a_requester_sent_are_printed(records, text, lead, client):
    client.force_login(lead)
    meeting = Meeting.objects.filter(state="open").latest("pk")
    said = {"number": 2, "content": content_of(meeting), "made_at": timezone.now()}
    request = ProjectRequest.objects.filter(state="triage").latest("pk")

    minutes = Minutes.objects.create(meeting=meeting, **said)
    sent = keep(request, who=request.requester)

    for name, one in (("reports:minutes_pdf", minutes), ("reports:submission_pdf", sent)):
        page = client.get(reverse(name, args=[one.pk]))
        assert page["Content-Type"] == "application/pdf", name
        assert b"".join(page).startswith(b"%PDF-"), name
    for page in (client.get(minutes.get_absolute_url()), client.get(request.get_absolute_url())):
        assert "<script>y" not in page.content.decode()
