"""Freeze now on the pages and over the API: offered where it helps, done once, and marked early."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from pmo.common.models import Job
from portfolio.models import PortfolioProject
from projects.models import Project
from reports.models import Freeze, Summary
from reports.services import early, snapshots
from reports.services.summaries import compile_summary, issue_summary, review_summary
from tests.factories import PortfolioFactory, ProjectFactory, person
from tests.reports.clock import Clock, set_rhythm
from tests.reports.documents import member

pytestmark = pytest.mark.django_db
URL, REPORTS, API = "/reports/freeze/", "/reports/", "/api/v1/freezes/"
WEDNESDAY = date(2026, 11, 25)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(WEDNESDAY, 14, 2)
    return clock


@pytest.fixture
def portfolio(clock):
    portfolio = PortfolioFactory(code="CAP", name="Capital")
    for name in ("Archive", "Portal", "Wing"):
        member(portfolio, ProjectFactory(name=name), added=WEDNESDAY)
    return portfolio


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


class TestPage:
    def test_it_says_what_would_be_frozen_and_freezes_nothing_yet(self, signed_in, lead, portfolio):
        page = signed_in(lead).get(URL).content.decode()

        assert "The figures of 3 projects are kept as they stand now, 25 Nov 2026." in page
        assert "The week is still frozen at the end of Sunday." in page
        assert not Freeze.objects.exists()

    def test_it_freezes_and_offers_the_summary(self, signed_in, lead, portfolio):
        response = signed_in(lead).post(URL, follow=True)

        page = response.content.decode()
        assert response.redirect_chain == [(REPORTS, 302)]
        assert "Frozen: 3 projects as of today, taken early." in page
        assert f"3 projects were frozen today at 14:02 by {lead}." in page
        assert reverse("reports:summary_new") in page
        assert "Compile the summary" in page
        assert URL not in page

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_second_click_is_told_when_and_by_whom(self, signed_in, lead, portfolio, method):
        client = signed_in(lead)
        client.post(URL)

        page = getattr(client, method)(URL, follow=True).content.decode()

        assert f"Already frozen today at 14:02 by {lead}." in page
        assert Freeze.objects.count() == 1

    def test_without_a_project_it_says_what_to_do(self, signed_in, lead, clock):
        page = signed_in(lead).post(URL, follow=True).content.decode()

        assert "No project is active yet, so there is nothing to freeze." in page

    @pytest.mark.parametrize("role", [Role.PMO_ANALYST, Role.EXECUTIVE, Role.ADMINISTRATOR])
    def test_only_the_lead_freezes(self, signed_in, portfolio, role):
        client = signed_in(person(role))

        assert client.get(URL).status_code == client.post(URL).status_code == 403
        assert not Freeze.objects.exists()

    def test_many_projects_are_a_job(self, signed_in, lead, portfolio, monkeypatch):
        monkeypatch.setattr(early, "IN_REQUEST", 2)

        response = signed_in(lead).post(URL)

        job = Job.objects.get(kind=early.FREEZE_EARLY)
        assert response.url == reverse("job", args=[job.pk])
        assert not Freeze.objects.exists()


class TestWhereItIsOffered:
    def test_on_the_empty_page_with_the_week_s_own_days(self, signed_in, lead, clock):
        set_rhythm(freeze_weekday=4, compile_weekday=5)

        page = signed_in(lead).get(REPORTS).content.decode()

        assert "One page each Saturday, with the numbers it comes from." in page
        assert (
            "compiled on Saturday at 06:00, from the figures frozen at the end of Friday." in page
        )
        assert "To have one sooner, freeze now." in page
        assert URL in page

    @pytest.mark.parametrize("name", ["summary_new", "variance_new"])
    def test_where_a_portfolio_has_nothing_frozen(self, signed_in, lead, portfolio, name):
        path = reverse(f"reports:{name}")
        for_lead = signed_in(lead).get(path).content.decode()
        for_analyst = signed_in(person(Role.PMO_ANALYST)).get(path).content.decode()

        sentence = "Nothing of this portfolio is frozen yet. The first week is frozen at the end of Sunday."
        assert sentence in for_lead and sentence in for_analyst
        assert URL in for_lead and URL not in for_analyst

    def test_not_to_who_may_not(self, signed_in, portfolio):
        assert URL not in signed_in(person(Role.PMO_ANALYST)).get(REPORTS).content.decode()

    def test_not_again_on_the_same_day_but_on_the_next(self, signed_in, lead, portfolio, clock):
        early.request_freeze(by=lead)
        client = signed_in(lead)
        today = client.get(REPORTS).content.decode()
        clock.set(WEDNESDAY + timedelta(days=1))
        tomorrow = signed_in(lead).get(REPORTS).content.decode()

        assert URL not in today and "Figures of Wednesday 25 Nov 2026, taken early" in today
        assert URL in tomorrow and "25 Nov 2026, taken early" not in tomorrow


class TestAfterwards:
    def test_the_form_offers_it_first_and_says_how_it_was_taken(
        self, signed_in, lead, portfolio, clock
    ):
        snapshots.freeze_week(SUNDAY)
        early.request_freeze(by=lead)
        client = signed_in(lead)

        form = client.get(reverse("reports:summary_new")).context["form"]
        variance = client.get(reverse("reports:variance_new")).context["form"]

        assert form.fields["day"].choices == [
            ("2026-11-25-early", "Wednesday 25 Nov 2026, taken early"),
            ("2026-11-22", "Sunday 22 Nov 2026"),
        ]
        assert variance.initial["compared_with"] == "2026-11-22"

    def test_from_the_button_to_the_issued_summary_on_one_day(self, signed_in, lead, portfolio):
        client = signed_in(lead)
        client.post(URL)
        asked = client.post(
            reverse("reports:summary_new"), {"portfolio": "CAP", "day": "2026-11-25-early"}
        )
        draft = compile_summary(portfolio=portfolio, day=WEDNESDAY, is_early=True, by=lead)
        review_summary(summary=draft, version=1, by=lead, comments={})
        issue_summary(summary=draft, version=None, by=lead)

        listed = client.get(REPORTS).content.decode()
        page = client.get(draft.get_absolute_url()).content.decode()

        assert asked.status_code == 302 and "/jobs/" in asked.url
        assert "Summaries of 25 Nov 2026 (taken early)" in listed
        assert "Data as of Wednesday 25 Nov 2026, taken early" in page
        assert (
            client.get(reverse("reports:summary_pdf", args=[draft.pk]))
            .headers["Content-Disposition"]
            .endswith('summary-cap-2026-11-25-early.pdf"')
        )

    def test_an_early_day_is_shown_as_of_and_marked(self, signed_in, lead, portfolio, clock):
        early.request_freeze(by=lead)
        Project.objects.filter(name="Wing").update(name="Wing, north")
        snapshots.refresh_all()
        clock.set(WEDNESDAY + timedelta(days=2))
        client = signed_in(lead)

        page = client.get("/portfolio/", {"as_of": "2026-11-25"}).content.decode()
        rows = api(lead).get("/api/v1/snapshots/", {"as_of": "2026-11-26"}).data["results"]

        assert "As of Wednesday 25 Nov 2026, taken early (frozen)" in page
        assert "25 Nov 2026, taken early</option>" in page
        assert "Wing, north" not in page and "Wing" in page
        assert sorted(row["name"] for row in rows) == ["Archive", "Portal", "Wing"]
        assert {row["is_early"] for row in rows} == {True}

    def test_of_a_day_frozen_twice_its_end_is_shown(self, signed_in, lead, portfolio, clock):
        clock.set(SUNDAY, 14)
        PortfolioProject.objects.update(added_on=SUNDAY)
        early.request_freeze(by=lead)
        Project.objects.filter(name="Wing").update(name="Wing, north")
        snapshots.refresh_all()
        clock.set(SUNDAY + timedelta(days=1))
        snapshots.freeze_week(SUNDAY)
        client = signed_in(lead)

        page = client.get("/portfolio/", {"as_of": "2026-11-22"}).content.decode()
        rows = api(lead).get("/api/v1/snapshots/", {"as_of": "2026-11-22"}).data["results"]

        assert "Wing, north" in page and "taken early" not in page
        assert sorted(row["name"] for row in rows) == ["Archive", "Portal", "Wing, north"]

    @pytest.mark.parametrize("amount", [1, 3])
    def test_the_reports_cost_the_same_queries(
        self, signed_in, lead, portfolio, amount, django_assert_num_queries
    ):
        early.request_freeze(by=lead)
        for _ in range(amount):
            other = PortfolioFactory()
            compile_summary(portfolio=other, day=WEDNESDAY, is_early=True, by=None)
        client = signed_in(lead)
        client.get(REPORTS)

        with django_assert_num_queries(7):
            client.get(REPORTS)
        assert Summary.objects.count() == amount


class TestApi:
    def test_it_freezes_and_lists(self, lead, portfolio):
        client = api(lead)

        made = client.post(API, {}, format="json")

        assert made.status_code == 201
        listed = client.get(API).data["results"]
        assert listed == [made.data]
        assert {name: made.data[name] for name in ("date", "kind", "rows", "by", "portfolio")} == {
            "date": "2026-11-25",
            "kind": "early",
            "rows": 3,
            "by": lead.pk,
            "portfolio": None,
        }

    def test_a_second_time_is_refused_with_the_page_s_sentence(self, lead, portfolio):
        client = api(lead)
        client.post(API, {}, format="json")

        answer = client.post(API, {}, format="json")

        assert answer.status_code == 409
        assert answer.data["detail"].startswith(f"Already frozen today at 14:02 by {lead}.")
        assert Freeze.objects.count() == 1

    def test_many_projects_answer_with_the_job(self, lead, portfolio, monkeypatch):
        monkeypatch.setattr(early, "IN_REQUEST", 2)

        answer = api(lead).post(API, {}, format="json")

        assert answer.status_code == 202
        assert answer.data["kind"] == early.FREEZE_EARLY

    @pytest.mark.parametrize(
        ("role", "read"),
        [(Role.PMO_ANALYST, 200), (Role.EXECUTIVE, 200), (Role.ADMINISTRATOR, 403)],
    )
    def test_others_read_and_freeze_nothing(self, portfolio, role, read):
        client = api(person(role))

        assert client.get(API).status_code == read
        assert client.post(API, {}, format="json").status_code == 403
        assert not Freeze.objects.exists()

    def test_a_field_it_does_not_know_is_refused(self, lead, portfolio):
        answer = api(lead).post(API, {"date": "2026-11-22"}, format="json")

        assert answer.status_code == 400
        assert not Freeze.objects.exists()

    @pytest.mark.parametrize("amount", [1, 3])
    def test_the_list_costs_the_same_queries(self, lead, clock, amount, django_assert_num_queries):
        for number in range(amount):
            Freeze.objects.create(date=SUNDAY - timedelta(weeks=number), frozen_at=clock.at, rows=1)
        client = api(lead)
        client.get(API)

        with django_assert_num_queries(3):
            assert len(client.get(API).data["results"]) == amount
