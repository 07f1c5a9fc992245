"""Texts for audiences: drafted by rules from a sealed summary, edited, kept, and leaking nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.models import Project
from reports.audiences.models import AudienceText, TextAudience, TextVersion
from reports.audiences.services import change_text, draft_text
from tests.factories import person
from tests.reports.documents import SECRET

pytestmark = pytest.mark.django_db


def drafted(issued, lead, audience="newsletter"):
    return draft_text(summary=issued, audience=TextAudience(audience), by=lead)


def url(name, *args):
    return reverse(f"audiences:{name}", args=args)


@pytest.mark.parametrize("audience", list(TextAudience))
def test_a_draft_says_whole_sentences_each_with_its_reason(issued, lead, audience):
    text = drafted(issued, lead, audience)

    assert [line for line in text.body.split("\n") if line] == [said for said, _ in text.drafted]
    reasons = list(dict.fromkeys(reason for _, reason in text.drafted))
    assert text.body.count("\n\n") == len(reasons) - 1
    assert all(said and reason.endswith(".") for said, reason in text.drafted)
    assert text.versions.get().body == text.body
    assert AuditEvent.objects.latest("sequence").action == "audience_text.drafted"


@pytest.mark.parametrize("audience", list(TextAudience))
def test_nothing_confidential_is_in_any_of_them(issued, lead, audience):
    assert Project.objects.filter(is_confidential=True, name__contains=SECRET).exists()

    text = drafted(issued, lead, audience)

    assert SECRET not in text.body
    assert not text.projects.filter(is_confidential=True).exists()


@pytest.mark.parametrize("audience", ["newsletter", "town_hall", "patients"])
def test_only_the_board_hears_of_money(issued, lead, audience):
    assert "$" not in drafted(issued, lead, audience).body
    assert "$" in drafted(issued, lead, "board").body


def test_a_draft_is_not_told_further_and_one_summary_is_told_once(draft, issued, lead):
    drafted(issued, lead)
    with pytest.raises(ValidationError, match="already"):
        drafted(issued, lead)
    issued.state = "draft"

    with pytest.raises(RefusalError, match="Only an issued summary"):
        drafted(issued, lead, "board")


def test_each_version_is_kept_and_nobodys_edit_is_lost(issued, lead):
    text = drafted(issued, lead)
    change_text(text=text, version=1, by=lead, title="News", body="We go on.")
    with pytest.raises(EditConflictError):
        change_text(text=text, version=1, by=lead, title="Late", body="Late.")
    change_text(text=text, version=2, by=lead, title="News", body="We go on.")

    assert list(TextVersion.objects.order_by("number").values_list("number", "title")) == [
        (1, text.title),
        (2, "News"),
    ]


def test_patient_data_is_refused(issued, lead):
    text = drafted(issued, lead, "patients")

    with pytest.raises(ValidationError, match="nothing of a patient"):
        change_text(text=text, version=1, by=lead, title="News", body="MRN: 12345678 comes.")


def test_a_text_on_a_project_that_became_confidential_is_gone_for_others(signed_in, issued, lead):
    text = drafted(issued, lead, "board")
    reader = signed_in(person(Role.EXECUTIVE))
    assert reader.get(url("text_detail", text.pk)).status_code == 200
    Project.objects.filter(pk=text.projects.first().pk).update(is_confidential=True)

    assert reader.get(url("text_detail", text.pk)).status_code == 404
    assert reader.get(url("text_file", text.pk)).status_code == 404
    assert list(reader.get(url("text_list")).context["page"]) == []
    assert signed_in(lead).get(url("text_detail", text.pk)).status_code == 200


def test_office_drafts_edits_and_downloads_on_its_pages(signed_in, issued, lead):
    client = signed_in(lead)

    client.post(url("text_new"), {"audience": "newsletter"})
    text = AudienceText.objects.get()
    client.post(url("text_edit", text.pk), {"title": "News", "body": "We go on.", "version": 1})

    page = client.get(url("text_detail", text.pk)).content.decode()
    assert "We go on." in page
    assert "Version 2" in page
    assert text.drafted[0][1] in page
    file = client.get(url("text_file", text.pk))
    assert file.content.decode() == "News\n\nWe go on.\n"
    assert "attachment" in file["Content-Disposition"]


def test_without_an_issued_summary_it_says_so(signed_in, lead):
    page = signed_in(lead).get(url("text_new")).content.decode()

    assert "None is issued yet." in page


def test_readers_read_and_write_nothing(signed_in, issued, lead):
    text = drafted(issued, lead)
    reader = signed_in(person(Role.EXECUTIVE))

    assert reader.get(url("text_list")).status_code == 200
    assert url("text_edit", text.pk) not in reader.get(url("text_detail", text.pk)).content.decode()
    assert reader.get(url("text_new")).status_code == 403
    assert reader.get(url("text_edit", text.pk)).status_code == 403


def test_as_many_queries_for_one_row_as_for_three(signed_in, issued, lead):
    reader = signed_in(person(Role.EXECUTIVE))

    def ask():
        with CaptureQueriesContext(connection) as queries:
            reader.get(url("text_list"))
        return len(queries)

    drafted(issued, lead)
    ask()
    one = ask()
    drafted(issued, lead, "board")
    drafted(issued, lead, "patients")
    assert ask() == one
