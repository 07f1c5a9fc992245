"""A project of each shipped template: its length, its go-live, and all that it brings."""

from copy import deepcopy
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portfolio.starts.models import StartItem
from portfolio.starts.services.drafting import draft_of
from portfolio.starts.services.starting import StartWish, start_project
from projects.domain.plan.calendars import MONDAY_TO_FRIDAY, networkdays
from projects.models import Project, Task, TaskLink
from projects.project_templates.domain.checking import read_pack
from projects.project_templates.domain.sections import LONGEST_GATE, LONGEST_NAME, SECTIONS, Holds
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.services.library import import_pack
from projects.selectors.plan_audit import audit_of
from tests.any_text import filled
from tests.factories import UnitFactory
from tests.projects.test_services_status_races import race

pytestmark = pytest.mark.django_db
# code -> working days to the end and to the go-live, as the checker of the files prints them
FIGURES = {
    "ehr_rollout": (403, 303),
    "telehealth": (172, 104),
    "vaccine_rollout": (104, 39),
    "facility_occupied": (412, 299),
    "compliance_overhaul": (183, 83),
    "value_based_care": (600, 145),
}
# checks of a plan that say it is broken; the others are about how it was chosen to be laid out
SOUND = {
    "Missing links",
    "Leads",
    "Dates that links cannot move",
    "Negative float",
    "Dates that cannot be",
    "Critical path test",
}


def go_live_for(code):
    """A day that any plan can reach: a New Year's Day that is a working day, years from now."""
    year = timezone.localdate().year + 3
    while date(year, 1, 1).weekday() > 4:
        year += 1
    return date(year, 1, 1)


def started(code, by, **wish):
    template = ProjectTemplate.objects.get(code=code)
    fields = {name: wish.pop(name) for name in ("manager", "sponsor") if name in wish}
    return start_project(
        template=template,
        name="A new service",
        unit=UnitFactory(),
        by=by,
        wish=StartWish(
            **{"go_live": go_live_for(code), "ground": "Order 7 of the state", "ground_date": date(2026, 1, 1)}
            | wish
        ),
        **fields,
    )  # fmt: skip


@pytest.mark.parametrize("code", FIGURES)
def test_a_project_of_each_template_has_the_length_and_go_live_that_the_checker_prints(code, lead):
    length, go_live = FIGURES[code]
    wanted = go_live_for(code)

    project = started(code, lead)

    tasks = Task.objects.filter(project=project, is_summary=False)
    first, last = min(t.start for t in tasks), max(t.finish for t in tasks)
    assert networkdays(MONDAY_TO_FRIDAY, first, last) == length
    assert tasks.get(external_id="GL").finish == wanted
    assert networkdays(MONDAY_TO_FRIDAY, first, wanted) == go_live
    assert (project.start_date, project.forecast_finish_date) == (first, last)


def test_the_second_half_of_the_renovation_opens_on_its_day(lead):
    project = started("facility_occupied", lead)

    tasks = Task.objects.filter(project=project)
    first = min(task.start for task in tasks)
    assert networkdays(MONDAY_TO_FRIDAY, first, tasks.get(external_id="GL2").finish) == 391


@pytest.mark.parametrize("code", FIGURES)
def test_the_plan_of_each_template_is_sound(code, lead):
    project = started(code, lead)

    found = {
        one.check.name: one.check.passes for one in audit_of(project, as_of=timezone.localdate())
    }

    assert {name: found[name] for name in SOUND} == dict.fromkeys(SOUND, True)


@pytest.mark.parametrize("code", FIGURES)
def test_everything_of_the_template_is_there(code, lead):
    document = ProjectTemplate.objects.get(code=code).current.document

    project = started(code, lead)

    links = sum(len(task["after"]) for task in document["tasks"])
    milestones = [task for task in document["tasks"] if task.get("milestone")]
    assert TaskLink.objects.filter(project=project).count() == links
    assert project.milestones.count() == len(milestones)
    assert project.risks.count() == len(document["risks"])
    assert project.stakeholders.count() == len(document["stakeholders"])
    assert project.budget_lines.count() == len(document["budget"]["lines"])
    gates = [task["gate"] for task in milestones if task.get("gate")]
    assert list(project.gates.order_by("position").values_list("code", flat=True)) == gates
    kept = StartItem.objects.filter(project=project)
    assert kept.filter(section="roles").count() == len(document["roles"])
    assert kept.filter(section="measures").count() == len(document["measures"])
    assert kept.filter(section="anchored").count() == len(document["anchored"])


def stretched(document, text):
    """Fill every text of a template to its limit, each with an end of its own."""
    number = 0
    for section in SECTIONS:
        for row in section.rows_of(document):
            for spec in section.fields:
                if spec.holds in {Holds.LINE, Holds.TEXT} and row.get(spec.name):
                    number += 1
                    longest = LONGEST_GATE if row.get("gate") else spec.longest
                    row[spec.name] = filled(text, longest, unlike=f"{number:05}")
            if row.get("gate"):
                row["gate"] = f"GATE{number:04}"
    return document | {"code": "stretched", "name": filled(text, LONGEST_NAME)}


def test_a_template_whose_texts_are_as_long_as_may_be_starts_a_project(lead):
    shipped = ProjectTemplate.objects.get(code="telehealth").current.document
    document = stretched(deepcopy(shipped), "日本 ✅é #")

    import_pack(text=written(document), by=lead)
    project = started("stretched", lead)

    assert read_pack(written(draft_of(project))).faults == []


@pytest.mark.django_db(transaction=True)
def test_those_who_start_from_one_template_at_once_get_codes_of_their_own(lead):
    assert race(3, lambda _: started("vaccine_rollout", lead)) == ["won"] * 3
    assert set(Project.objects.values_list("code", flat=True)) == {
        "VACC-001",
        "VACC-002",
        "VACC-003",
    }


@pytest.mark.parametrize("size", [0, -5, 10**9 + 1, "many", 2.5])
def test_a_size_outside_its_bounds_is_refused_by_the_service_too(lead, size):
    with pytest.raises(ValidationError, match="Give whole numbers from 1 to 1,000,000,000"):
        started("compliance_overhaul", lead, sizes={"staff": size})
