import shutil
import subprocess

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import Job
from reports.models import Delivery, DeliveryState, Subscription, Summary, SummaryReading, scope_of
from reports.services.summaries import COMPILE, compile_summary, issue_summary, review_summary
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, person
from tests.reports.documents import (
    BEFORE,
    SECRET,
    SUNDAY,
    freeze,
    key,
    mailed,
    member,
    row,
)

pytestmark = pytest.mark.django_db


def detail(summary, name="summary_detail"):
    return reverse(f"reports:{name}", args=[summary.pk])


def content(response):
    return response.content.decode()


def test_the_page_prints_the_state_first_and_the_seal_last(signed_in, lead, issued):
    response = signed_in(lead).get(detail(issued))

    page = content(response)
    order = [
        f"{SECRET} worries us.",
        f"Ask about {SECRET}.",
        "Decisions needed",
        "Approve the draw",
        "Projects that need attention",
        "The permit was returned.",
        "We stand behind this.",
        "The money",
        "Top risks",
        "Steel is late",
        "Milestones overdue",
        "Permit",
        "3 days overdue",
        "Milestones due in 30 days",
        "Topped out",
        "On track",
        "Portal",
        f"Seal {issued.seal[:4]} {issued.seal[4:8]} verified",
    ]
    rest = page[page.index("<main") :]
    for words in order:
        assert words in rest, words
        rest = rest[rest.index(words) + len(words) :]
    assert issued.audit_mac in page


def test_a_reader_sees_nothing_of_what_is_hidden_from_him(signed_in, executive, issued):
    response = signed_in(executive).get(detail(issued))

    page = content(response)
    assert SECRET not in page
    assert "1 of 2 projects is red." in page
    assert "1 running project here is hidden from you" in page
    assert "+$20 (+6.7%)" in page
    assert "For the office" not in page


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed.")
def test_the_pdf_holds_nothing_of_what_is_hidden(signed_in, executive, lead, issued, tmp_path):
    def text_for(user):
        response = signed_in(user).get(detail(issued, "summary_pdf"))
        assert response["Content-Type"] == "application/pdf"
        (tmp_path / "summary.pdf").write_bytes(response.content)
        command = ["pdftotext", "-layout", "summary.pdf", "-"]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    theirs, leads = text_for(executive), text_for(lead)

    assert SECRET not in theirs and "Approve the draw" in theirs
    assert SECRET in leads and issued.seal[:20] in leads


def test_a_reader_of_no_project_is_told_so(signed_in, issued):
    response = signed_in(person(Role.STAFF)).get(detail(issued))

    page = content(response)
    assert "There is no running project here that you can see." in page
    assert "Key figures" not in page


def test_who_is_named_on_a_project_sees_that_one(signed_in, portfolio, issued):
    reader = person(Role.STAFF)
    MemberFactory(project=portfolio.projects[1], user=reader, role=Role.READER)

    page = content(signed_in(reader).get(detail(issued)))

    assert "Portal" in page and "Wing" not in page


def test_a_draft_is_the_office_s_alone(signed_in, executive, lead, draft):
    assert signed_in(executive).get(detail(draft)).status_code == 404
    assert signed_in(executive).get(detail(draft, "summary_pdf")).status_code == 404
    assert "This is a draft." in content(signed_in(lead).get(detail(draft)))


def test_a_broken_seal_is_said_on_top(signed_in, lead, issued):
    from tests.reports.services.test_summaries import rewrite  # noqa: PLC0415 - used here only

    rewrite("UPDATE reports_summary SET headline = 'All is well.' WHERE id = %s", issued.pk)

    page = content(signed_in(lead).get(detail(issued)))

    assert "The seal is broken." in page and "verified" not in page


def test_opening_is_noted_once_for_page_and_pdf(signed_in, executive, issued):
    client = signed_in(executive)
    client.get(detail(issued))
    client.get(detail(issued, "summary_pdf"))

    assert list(SummaryReading.objects.values_list("user", flat=True)) == [executive.pk]


@pytest.mark.parametrize("projects", [1, 3])
def test_the_page_costs_the_same_queries_for_any_number_of_projects(
    signed_in, executive, lead, projects, django_assert_num_queries
):
    portfolio = PortfolioFactory()
    freeze(SUNDAY)
    for _ in range(projects):
        project = ProjectFactory()
        member(portfolio, project)
        row(project, SUNDAY, "red", help_needed="Decide")
    draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    review_summary(summary=draft, version=1, by=lead, comments={})
    issued = issue_summary(summary=draft, version=None, by=lead)
    client = signed_in(executive)
    client.get(detail(issued))

    with django_assert_num_queries(9):
        client.get(detail(issued))


def review_data(summary, **fields):
    wing = summary.content["lines"][0]["id"]
    return {
        "version": summary.version,
        "headline": "One red.",
        "office_note": "",
        f"comment_{wing}": "Ours.",
    } | fields


def test_the_office_reviews_words_and_comments(signed_in, lead, draft):
    client = signed_in(lead)
    page = content(client.get(detail(draft, "summary_review")))
    response = client.post(detail(draft, "summary_review"), review_data(draft))

    assert "1 of 3 projects is red." in page and "Red. The permit was returned." in page
    assert "Save review" in page
    assert response.status_code == 302
    saved = Summary.objects.get()
    wing = str(draft.content["lines"][0]["id"])
    assert (saved.headline, saved.comments) == ("One red.", {wing: "Ours."})


def test_what_is_refused_in_a_review_stays_typed(signed_in, lead, draft):
    wing = draft.content["lines"][0]["id"]
    data = review_data(draft, **{f"comment_{wing}": "Patient MRN 12345678 fell."})

    response = signed_in(lead).post(detail(draft, "summary_review"), data)

    assert response.status_code == 422
    assert "Patient MRN 12345678 fell." in content(response)
    assert Summary.objects.get().comments == {}


def test_the_second_reviewer_sees_both_versions(signed_in, lead, draft):
    client = signed_in(lead)
    client.post(detail(draft, "summary_review"), review_data(draft))

    late = client.post(detail(draft, "summary_review"), review_data(draft, headline="Two red."))

    assert late.status_code == 409
    assert "One red." in content(late) and "Two red." in content(late)
    assert Summary.objects.get().headline == "One red."


def test_a_reviewer_who_does_not_see_all_writes_comments_only(signed_in, lead, draft):
    review_summary(summary=draft, version=1, by=lead, headline=f"{SECRET}.", comments={})
    analyst = person(Role.PMO_ANALYST)
    draft.refresh_from_db()
    client = signed_in(analyst)

    page = content(client.get(detail(draft, "summary_review")))
    client.post(detail(draft, "summary_review"), review_data(draft))

    assert SECRET not in page
    assert Summary.objects.get().headline == f"{SECRET}."
    assert len(Summary.objects.get().comments) == 1


def test_an_executive_reviews_and_issues_nothing(signed_in, executive, draft):
    client = signed_in(executive)

    assert client.get(detail(draft, "summary_review")).status_code == 403
    assert client.post(detail(draft, "summary_issue")).status_code == 403


def test_an_analyst_does_not_issue(signed_in, draft):
    response = signed_in(person(Role.PMO_ANALYST)).post(detail(draft, "summary_issue"))

    assert response.status_code == 403


def test_the_lead_issues_what_was_reviewed(signed_in, lead, draft):
    Subscription.objects.create(portfolio=draft.portfolio, user=lead)
    reviewed = review_summary(summary=draft, version=1, by=lead, comments={})
    client = signed_in(lead)

    issuing = client.get(detail(draft, "summary_issue"))
    page = content(issuing)
    response = client.post(detail(draft, "summary_issue"), {"version": reviewed.version})

    name = f"{draft.scope}, 15 Nov 2026"
    assert (issuing.context["name"], issuing.context["crumbs"][-1]["label"]) == (name, name)
    assert "1 person gets it by mail" in page
    assert response.status_code == 302
    assert Summary.objects.get().is_issued
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_the_first_one_ever_issued_ends_the_steps_in_the_office(signed_in, lead, draft):
    client = signed_in(lead)
    before = content(client.get(reverse("office")))
    reviewed = review_summary(summary=draft, version=1, by=lead, comments={})

    page = client.post(detail(draft, "summary_issue"), {"version": reviewed.version}, follow=True)

    assert "Your first summary is" in before
    assert "Your first summary is issued and sealed" in content(page)
    assert "Your first summary" not in content(client.get(reverse("office")))


@pytest.mark.parametrize("version", ["1", "", "x"])
def test_words_that_changed_meanwhile_are_not_issued(signed_in, lead, draft, version):
    review_summary(summary=draft, version=1, by=lead, headline="New.", comments={})

    response = signed_in(lead).post(
        detail(draft, "summary_issue"), {"version": version}, follow=True
    )

    at = f"{timezone.localtime(Summary.objects.get().changed_at):%H:%M}"
    said = content(response)
    assert f"{lead} changed the words today at {at}. Read them, then issue." in said
    assert not Summary.objects.get().is_issued


def test_an_issued_summary_cannot_be_reviewed(signed_in, lead, issued):
    response = signed_in(lead).get(detail(issued, "summary_review"), follow=True)

    assert "issued and sealed" in content(response)


def test_compiling_now_leads_to_the_job(signed_in, lead, portfolio):
    data = {"scope": key(portfolio), "day": SUNDAY.isoformat()}

    response = signed_in(lead).post(reverse("reports:summary_new"), data)

    job = Job.objects.get(kind=COMPILE)
    assert response["Location"] == reverse("job", args=[job.pk])
    assert job.key == f"{portfolio.pk}:{SUNDAY.isoformat()}"


def test_only_frozen_weeks_of_the_chosen_portfolio_are_offered(signed_in, lead, portfolio):
    freeze(BEFORE.replace(day=1), portfolio=PortfolioFactory(code="ZZZ", name="Zzz"))
    client = signed_in(lead)

    page = content(client.get(reverse("reports:summary_new"), {"scope": key(portfolio)}))
    refused = client.post(
        reverse("reports:summary_new"), {"scope": key(portfolio), "day": "2026-11-01"}
    )

    assert page.count('value="2026-11-') == 2
    assert refused.status_code == 422
    assert not Job.objects.exists()


def test_the_office_sees_each_mail_and_sends_one_again(signed_in, lead, executive, issued):
    delivery = mailed(
        issued,
        executive,
        state=DeliveryState.UNCERTAIN,
        error="It may have arrived.",
    )
    client = signed_in(lead)

    page = content(client.get(detail(issued)))
    client.post(reverse("reports:delivery_again", args=[delivery.pk]))

    delivery.refresh_from_db()
    assert "It may have arrived." in page and "Send again" in page
    assert delivery.state == DeliveryState.WAITING
    client.force_login(executive)
    assert client.post(reverse("reports:delivery_again", args=[delivery.pk])).status_code == 403


def test_the_list_shows_drafts_to_the_office_only(signed_in, lead, executive, issued, portfolio):
    compile_summary(scope=scope_of(portfolio), day=BEFORE, by=None)

    def shown(user):
        page = signed_in(user).get(reverse("reports:summary_list")).context["page"]
        return [one.date for one in page]

    assert shown(lead) == [SUNDAY, BEFORE]
    assert shown(executive) == [SUNDAY]


def test_an_issued_summary_is_not_offered_for_issue_again(signed_in, lead, issued):
    response = signed_in(lead).get(detail(issued, "summary_issue"), follow=True)

    assert "issued and sealed" in content(response)
    assert "Issue and send" not in content(response)


@pytest.mark.parametrize("amount", [1, 3])
def test_the_office_s_page_costs_the_same_queries_for_any_number_of_mails(
    signed_in, lead, issued, amount, django_assert_num_queries
):
    for _ in range(amount):
        mailed(
            issued,
            person(Role.EXECUTIVE),
        )
    client = signed_in(lead)
    client.get(detail(issued))

    with django_assert_num_queries(12):
        client.get(detail(issued))


def test_mails_that_need_somebody_come_first(signed_in, lead, issued):
    for name, state in (("Ann", "sent"), ("Bob", "failed"), ("Cem", "uncertain"), ("Dan", "sent")):
        reader = person(Role.EXECUTIVE, name=name)
        mailed(
            issued,
            reader,
            state=state,
        )

    shown = signed_in(lead).get(detail(issued)).context["sent"]

    assert [(one.user.name, may_send) for one, may_send in shown] == [
        ("Bob", True),
        ("Cem", True),
        ("Ann", False),
        ("Dan", False),
    ]


@pytest.mark.parametrize("amount", [1, 3])
def test_the_list_costs_the_same_queries_for_any_number(
    signed_in, lead, amount, django_assert_num_queries
):
    freeze(SUNDAY)
    for _ in range(amount):
        compile_summary(scope=scope_of(PortfolioFactory()), day=SUNDAY, by=None)
    client = signed_in(lead)
    client.get(reverse("reports:summary_list"))

    with django_assert_num_queries(5):
        client.get(reverse("reports:summary_list"))


def test_a_summary_of_an_imported_day_is_not_called_weekly(signed_in, lead):
    portfolio = PortfolioFactory(name="Major projects")
    day = SUNDAY.replace(month=9, day=30)
    freeze(day, portfolio)
    project = ProjectFactory()
    member(portfolio, project)
    row(project, day, "red")

    summary = compile_summary(scope=scope_of(portfolio), day=day, by=None)
    page = content(signed_in(lead).get(detail(summary)))

    assert "<h1>Summary: Major projects</h1>" in page
    assert "Data as of Wednesday 30 Sep 2026" in page and "Week 40" not in page


def test_tables_kept_for_one_reader_are_not_shown_to_another(client, lead, executive, issued):
    tables = []
    for reader in (lead, executive, lead):
        client.force_login(reader)
        tables.append(client.get(detail(issued)).context["projects_html"])

    assert [SECRET in shown for shown in tables] == [True, False, True]


def test_tables_of_a_draft_follow_its_words(signed_in, lead, draft):
    client, wing = signed_in(lead), str(draft.content["lines"][0]["id"])
    before = content(client.get(detail(draft)))
    review_summary(summary=draft, version=1, by=lead, comments={wing: "We stand by it."})

    assert "We stand by it." not in before
    assert "We stand by it." in content(client.get(detail(draft)))
