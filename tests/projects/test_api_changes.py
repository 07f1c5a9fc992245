from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from projects.models import Baseline, ChangeRequest, Tolerance
from tests.factories import ProjectFactory
from tests.factories.changes import approved, asked, assessed, baselined, member

pytestmark = pytest.mark.django_db
API = "/api/v1"


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def act(user, change, step, /, **body):
    return api(user).post(f"{API}/change-requests/{change.pk}/{step}/", body, format="json")


@pytest.fixture
def project(db):
    return baselined()


@pytest.fixture
def manager(project):
    return member(project, Role.MANAGER)


class TestBaselines:
    def test_the_office_sets_the_first(self, lead, manager):
        project = ProjectFactory()
        body = {"project": project.pk, "name": "Plan", "reason": "Board", "finish": "2027-02-01"}

        made = api(lead).post(f"{API}/baselines/", body, format="json")
        again = api(lead).post(f"{API}/baselines/", body, format="json")

        assert (made.status_code, made.data["number"], made.data["finish"]) == (
            201,
            1,
            "2027-02-01",
        )
        assert again.status_code == 409
        assert "Only an approved change request makes the next" in again.data["detail"]

    def test_a_manager_does_not(self, project, manager):
        body = {"project": project.pk, "name": "Plan", "reason": "Board"}

        assert api(manager).post(f"{API}/baselines/", body, format="json").status_code == 403

    def test_hold_work_and_months(self, project, manager):
        url = f"{API}/baselines/{Baseline.objects.get().pk}"

        items = api(manager).get(f"{url}/items/").data
        months = api(manager).get(f"{url}/months/").data

        assert [(row["finish"], row["amount"]) for row in items] == [("2026-06-01", "1000000.00")]
        assert months == [{"month": "2026-06-01", "kind": "capital", "amount": "1000000.00"}]

    def test_are_never_changed(self, project, lead):
        url = f"{API}/baselines/{Baseline.objects.get().pk}/"

        assert api(lead).patch(url, {"name": "Other"}, format="json").status_code == 405
        assert api(lead).delete(url).status_code == 405


class TestOneChange:
    def test_goes_all_its_way(self, project, manager):
        sponsor = member(project, Role.SPONSOR)
        body = {"project": project.pk, "title": "Add a ward", "justification": "Demand"}
        raised = api(manager).post(f"{API}/change-requests/", body, format="json")
        change = ChangeRequest.objects.get(pk=raised.data["id"])
        effects = {
            "scope_effect": "One ward",
            "schedule_effect_days": 10,
            "cost_effect": "30000.00",
            "benefit_effect": "None",
            "funding": "new",
        }

        assert act(manager, change, "assess", version=1, **effects).data["state"] == "assessed"
        ruling = api(manager).get(f"{API}/change-requests/{change.pk}/ruling/").data
        assert ruling["level"] == "sponsor"
        assert ruling["refusal"].startswith("This is for the sponsor to decide.")
        done = act(sponsor, change, "decide", version=2, is_approved=True)
        assert (done.data["state"], done.data["decided_as"]) == ("approved", "sponsor")
        made = act(manager, change, "implement", version=3, name="With ward")

        assert (made.status_code, made.data["number"], made.data["name"]) == (201, 2, "With ward")
        assert made.data["budget_at_completion"] == "1030000.00"

    @pytest.mark.parametrize(("cost", "days"), [(20_001, 0), (0, 6), (20_000, 30)])
    def test_a_manager_cannot_approve_beyond_tolerance(self, project, manager, cost, days):
        change = assessed(project, cost=cost, days=days)

        answer = act(manager, change, "decide", version=1, is_approved=True)

        assert answer.status_code == 409
        assert answer.data["detail"].startswith("This is for the ")
        assert ChangeRequest.objects.get().state == "assessed"

    @pytest.mark.parametrize("role", [Role.CLINICAL_LEAD, Role.TEAM_MEMBER, Role.READER])
    def test_others_decide_nothing(self, project, role):
        answer = act(
            member(project, role), assessed(project), "decide", version=1, is_approved=True
        )

        assert answer.status_code == 403

    def test_the_last_version_is_asked_for(self, project, manager):
        change = assessed(project)

        stale = act(manager, change, "decide", version=5, is_approved=True)

        assert (stale.status_code, stale.data["version"]) == (409, 1)
        assert act(manager, change, "decide", is_approved=True).status_code == 400

    def test_is_withdrawn(self, project, manager):
        answer = act(manager, asked(project), "withdraw", version=1, reason="Not needed")

        assert answer.data["state"] == "withdrawn"

    def test_a_ruling_needs_an_assessment(self, project, manager):
        change = asked(project)

        assert api(manager).get(f"{API}/change-requests/{change.pk}/ruling/").status_code == 404

    def test_of_a_hidden_project_does_not_exist(self, manager):
        change = approved(baselined(is_confidential=True))

        assert act(manager, change, "implement", version=1).status_code == 404


class TestTolerances:
    def test_are_set_by_the_lead(self, lead, manager):
        body = {"level": "manager", "cost_percent": "3.00", "days": 7, "version": 0}

        assert api(manager).post(f"{API}/tolerances/", body, format="json").status_code == 403
        assert api(lead).post(f"{API}/tolerances/", body, format="json").status_code == 200
        assert api(lead).post(f"{API}/tolerances/", body, format="json").status_code == 409

        row = Tolerance.objects.get()
        assert (row.level, row.cost_percent, row.days) == ("manager", Decimal(3), 7)
        assert api(manager).get(f"{API}/tolerances/in-force/").data == [
            {"level": "manager", "cost_percent": "3.00", "days": 7},
            {"level": "sponsor", "cost_percent": "5.00", "days": 20},
        ]


def test_a_reserve_is_not_drawn_without_a_change(project, lead):
    body = {"project": project.pk, "reserve": "contingency", "amount": "-1.00", "reason": "Overrun"}

    answer = api(lead).post(f"{API}/reserve-movements/", body, format="json")

    assert answer.status_code == 400
    assert "raise a change request" in str(answer.data["amount"])
