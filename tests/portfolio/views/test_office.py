"""Pages of the kind of office: the preview, the switch, and validating colors."""

from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio import services
from portfolio.models import ColorValidation
from projects.domain.office import OfficeKind
from projects.models import StatusUpdate
from tests.factories import PortfolioFactory, ProjectFactory, RiskFactory, UpdateFactory, person

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 16, 2, tzinfo=timezone.get_default_timezone())
CANARY = "Zebra-canary"


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(FRIDAY, tick=True):
        yield


@pytest.fixture
def office(signed_in, lead):
    return signed_in(lead)


def put(portfolio, project):
    services.add_project(portfolio=portfolio, project=project, by=None)
    return project


def kind_url(portfolio):
    return reverse("portfolio:portfolio_kind", args=[portfolio.pk])


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_preview_says_for_each_project_what_would_change(office):
    portfolio = PortfolioFactory(name="Capital")
    put(portfolio, ProjectFactory(name="Wing"))

    page = office.get(kind_url(portfolio), {"kind": "directive"}).content.decode()

    assert "With “directive”, 1 of 1 project would follow other rules." in page
    assert (
        "<strong>Gates:</strong> A committee approves; the office may hold or stop (now: Advisory checklist)"
        in page
    )
    portfolio.refresh_from_db()
    assert portfolio.kind == ""


def test_without_a_choice_nothing_is_shown_to_switch(office):
    page = office.get(kind_url(PortfolioFactory())).content.decode()

    assert "Nothing changes before you switch." in page
    assert "Switch the kind of office" not in page


def test_switch_and_a_lost_race(office, lead):
    portfolio = PortfolioFactory()

    done = office.post(kind_url(portfolio), {"kind": "controlling", "version": "1"})
    lost = office.post(kind_url(portfolio), {"kind": "directive", "version": "1"})

    portfolio.refresh_from_db()
    assert (done["Location"], portfolio.kind) == (portfolio.get_absolute_url(), "controlling")
    assert lost.status_code == 409
    assert office.post(kind_url(portfolio), {"kind": "x", "version": "2"}).status_code == 422


def test_only_the_lead_switches(signed_in):
    portfolio = PortfolioFactory()
    client = signed_in(person(Role.PMO_ANALYST))

    assert (
        client.post(kind_url(portfolio), {"kind": "directive", "version": "1"}).status_code == 403
    )
    assert "Kind of office" not in client.get(portfolio.get_absolute_url()).content.decode()


def test_preview_takes_as_many_queries_for_one_row_as_for_three(office):
    portfolio = PortfolioFactory()
    put(portfolio, ProjectFactory())
    address = f"{kind_url(portfolio)}?kind=directive"
    office.get(address)
    one = queries_of(office, address)
    put(portfolio, ProjectFactory())
    put(portfolio, ProjectFactory())

    assert queries_of(office, address) == one


def test_pages_say_whose_rules_hold(office, project):
    put(PortfolioFactory(name="Capital", kind="controlling"), project)

    panel = office.get(reverse("portfolio:project_panel", args=[project.pk])).content.decode()
    form = office.get(reverse("projects:status_form", args=[project.pk])).content.decode()

    assert "The controlling office of Capital sets the rules." in panel
    assert "The controlling office of Capital requires this update each week." in form
    assert "only the office sets a better one." in form


def test_the_form_shows_the_refusal_at_the_color_and_keeps_what_was_typed(
    signed_in, project, manager
):
    put(PortfolioFactory(name="Capital", kind="controlling"), project)
    RiskFactory(project=project, title="Pump fails", likelihood=3, impact=4)
    typed = {"overall": "green", "overall_note": "The permit came.", "version": "0"}

    answer = signed_in(manager).post(reverse("projects:status_form", args=[project.pk]), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lets only the office set a better color" in page
    assert "The permit came." in page
    assert not StatusUpdate.objects.exists()


def test_the_api_refuses_the_color_alike(project, manager, client):
    put(PortfolioFactory(name="Capital", kind="controlling"), project)
    RiskFactory(project=project, title="Pump fails", likelihood=3, impact=4)
    client.force_login(manager)
    said = {"project": project.pk, "version": 0, "overall": "green", "overall_note": "It came."}

    answer = client.post("/api/v1/status-updates/publish/", said, content_type="application/json")

    assert answer.status_code == 400
    assert list(answer.json()) == ["overall"]


class TestValidating:
    @pytest.fixture
    def update(self, project):
        put(PortfolioFactory(name="Capital", kind="directive"), project)
        return UpdateFactory(project=project, week=FRIDAY.date().replace(day=16))

    def test_list_panel_and_form(self, office, update):
        listed = office.get(reverse("portfolio:validation_list"))
        panel = office.get(reverse("portfolio:update_validation", args=[update.pk]))
        page = office.get(update.get_absolute_url()).content.decode()

        assert list(listed.context["page"]) == [update]
        assert "has not validated this color yet" in panel.content.decode()
        assert reverse("portfolio:update_validation", args=[update.pk]) in page

        url = reverse("portfolio:update_validate", args=[update.pk])
        empty = office.post(url, {"color": "red", "reason": ""})
        assert empty.status_code == 422
        assert "Say why another color stands." in empty.content.decode()
        office.post(url, {"color": "green", "reason": ""})

        assert ColorValidation.objects.get().color == "green"
        assert (
            "Green was validated"
            in office.get(reverse("portfolio:update_validation", args=[update.pk])).content.decode()
        )
        assert "is validated" in office.get(reverse("portfolio:validation_list")).content.decode()

    def test_a_manager_sees_that_it_waits_and_may_not_validate(self, signed_in, manager, update):
        client = signed_in(manager)

        panel = client.get(reverse("portfolio:update_validation", args=[update.pk]))

        assert "has not validated this color yet" in panel.content.decode()
        assert "Validate the color" not in panel.content.decode()
        assert client.get(reverse("portfolio:validation_list")).status_code == 403
        url = reverse("portfolio:update_validate", args=[update.pk])
        assert client.post(url, {"color": "green"}).status_code == 403

    def test_a_hidden_project_is_not_listed(self, signed_in):
        hidden = ProjectFactory(name=CANARY, is_confidential=True)
        put(PortfolioFactory(kind="directive"), hidden)
        UpdateFactory(project=hidden, week=FRIDAY.date().replace(day=16))
        client = signed_in(person(Role.PMO_ANALYST))

        page = client.get(reverse("portfolio:validation_list"))

        assert list(page.context["page"]) == []
        assert CANARY not in page.content.decode()

    def test_list_takes_as_many_queries_for_one_row_as_for_three(self, office, update):
        address = reverse("portfolio:validation_list")
        office.get(address)
        one = queries_of(office, address)
        for _ in range(2):
            project = put(PortfolioFactory(kind="directive"), ProjectFactory())
            UpdateFactory(project=project, week=update.week)

        assert queries_of(office, address) == one

    def test_over_the_api(self, office, update):
        url = "/api/v1/color-validations/"

        refused = office.post(
            url, {"status_update": update.pk, "color": "amber"}, content_type="application/json"
        )
        done = office.post(
            url,
            {"status_update": update.pk, "color": "amber", "reason": "Late."},
            content_type="application/json",
        )

        assert refused.status_code == 400
        assert (done.status_code, done.json()["color"]) == (201, "amber")


def test_kind_over_the_api(office, project):
    portfolio = PortfolioFactory()
    put(portfolio, project)
    base = f"/api/v1/portfolios/{portfolio.pk}"

    preview = office.get(f"{base}/kind-preview/", {"to": "supportive"}).json()
    done = office.post(
        f"{base}/kind/", {"kind": "supportive", "version": 1}, content_type="application/json"
    )

    assert preview == [
        {
            "project": project.pk,
            "before": None,
            "after": "supportive",
            "changes": [
                {"row": "status", "before": "required", "after": "optional"},
                {"row": "baseline", "before": "tolerance", "after": "recorded"},
            ],
        }
    ]
    assert (done.status_code, done.json()["kind"]) == (200, OfficeKind.SUPPORTIVE)
