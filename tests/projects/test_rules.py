"""The organization's bands, axes and categories take effect wherever a project is judged or described."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.organization.axes import DEFAULTS
from pmo.organization.category_services import change_category
from pmo.organization.models import Category
from pmo.organization.status_services import change_status_rules
from projects.domain.colors import Color
from projects.domain.health import DEFAULT_RULES, Axis
from projects.models import Project
from projects.rules import axes_in_use, axis_names, health_rules
from projects.selectors.figures import figures_of
from projects.selectors.overview import declared_of
from projects.services.projects import change_project, create_project
from projects.words.findings import project_facts
from risks.services import create_risk
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    ProjectFactory,
    UnitFactory,
    UpdateFactory,
    person,
)
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def without(*keys):
    return [one._replace(in_use=one.key not in keys) for one in DEFAULTS]


def retire(code):
    change_category(
        category=Category.objects.get(code=code), version=None, by=None, is_active=False
    )


def dear(project):
    """Spend and forecast 8 % more than approved."""
    BudgetLineFactory(project=project, amount=Decimal(100))
    CostEntryFactory(project=project, amount=Decimal(10))
    project.forecast_entries.create(amount=Decimal(108), made_on=date(2026, 1, 1))
    return project


def test_the_defaults_are_the_rules_of_release_0_1():
    assert health_rules() == DEFAULT_RULES
    assert list(axis_names()) == list(axes_in_use()) == list(Axis)


class TestBands:
    def test_a_project_is_judged_by_the_bands_in_force(self):
        project = dear(ProjectFactory())
        before = figures_of([project], as_of=TODAY)[project.pk].measures[Axis.COST]
        change_status_rules(by=None, version=0, bands={"cost_green": Decimal(8)})

        after = figures_of([project], as_of=TODAY)[project.pk].measures[Axis.COST]

        assert (before.color, before.rule) == (
            Color.AMBER,
            "Forecast cost 8% above the approved budget: amber above 5%.",
        )
        assert (after.color, after.rule) == (
            Color.GREEN,
            "Forecast cost 8% above the approved budget: green up to 8%.",
        )

    def test_a_report_grows_stale_by_the_days_in_force(self):
        project = ProjectFactory()
        at = timezone.now() - timedelta(days=20)
        UpdateFactory(project=project, week=date(2026, 1, 5), overall="green", published_at=at)
        today = timezone.localdate()
        assert declared_of([project.pk], as_of=today)[project.pk].is_stale

        change_status_rules(by=None, version=0, bands={"stale_days": 20})

        assert declared_of([project.pk], as_of=today)[project.pk].color is Color.GREEN

    def test_an_axis_that_is_not_in_use_decides_nothing(self):
        project = ProjectFactory()
        create_risk(project=project, by=None, title="Flood", likelihood=5, impact=5)
        assert figures_of([project], as_of=TODAY)[project.pk].overall.color is Color.RED

        change_status_rules(by=None, version=0, axes=without("risk"))

        found = figures_of([project], as_of=TODAY)[project.pk]
        assert found.overall.color is Color.GREEN
        assert found.measures[Axis.RISK].color is Color.RED


class TestCategories:
    def test_a_new_project_takes_one_that_is_offered(self):
        retire("ehr")
        unit = UnitFactory()

        with pytest.raises(ValidationError) as refused:
            create_project(by=None, code="A", name="A", unit=unit, category="ehr")
        with pytest.raises(ValidationError):
            create_project(by=None, code="A", name="A", unit=unit, category="nonsense")

        assert set(refused.value.error_dict) == {"category"}
        assert create_project(by=None, code="A", name="A", unit=unit).category == "other"

    def test_a_project_keeps_a_retired_one_and_takes_no_other(self):
        project = ProjectFactory(category="ehr")
        retire("ehr")
        retire("cyber")

        change_project(project=project, version=1, by=None, category="ehr", name="Renamed")
        with pytest.raises(ValidationError):
            change_project(project=project, version=2, by=None, category="cyber")

        assert Project.objects.get().name == "Renamed"

    def test_the_form_offers_what_is_in_use_and_what_the_project_has(self, signed_in, lead):
        project = ProjectFactory(category="ehr")
        retire("ehr")
        retire("cyber")
        client = signed_in(lead)

        edit = client.get(reverse("projects:project_edit", args=[project.pk])).context["form"]
        new = client.get(reverse("projects:project_new")).context["form"]

        words = dict(edit.fields["category"].choices)
        assert words["ehr"] == "Health records and clinical IT (retired)"
        assert "cyber" not in words
        assert set(words) - set(dict(new.fields["category"].choices)) == {"ehr"}
        assert new["category"].value() == "other"

    def test_the_api_says_at_the_field_what_would_be_right(self):
        project = ProjectFactory(category="ehr")
        retire("ehr")
        client = api(person(Role.PMO_LEAD))
        url = f"/api/v1/projects/{project.pk}/"

        same = client.patch(url, {"category": "ehr", "version": 1}, format="json")
        other = client.patch(url, {"category": "nonsense", "version": 1}, format="json")

        assert same.status_code == 200
        assert (other.status_code, set(other.data)) == (400, {"category"})
        assert "Choose a category that is in use: Telehealth" in str(other.data["category"][0])

    def test_names_are_the_table_s_and_an_unknown_code_is_shown(self):
        change_category(
            category=Category.objects.get(code="ehr"), version=1, by=None, name="Digital"
        )

        assert ("Category", "Digital") in project_facts(ProjectFactory(category="ehr"))
        assert ("Category", "gone") in project_facts(ProjectFactory(category="gone"))

    def test_lists_can_be_narrowed_to_a_retired_one(self, signed_in, lead):
        project = ProjectFactory(category="ehr", name="Records")
        ProjectFactory(name="Wing")
        retire("ehr")

        page = signed_in(lead).get(reverse("projects:project_list"), {"category": "ehr"})

        assert [row.project for row in page.context["rows"]] == [project]
