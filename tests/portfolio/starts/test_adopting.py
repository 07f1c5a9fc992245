"""A later version of a template: it touches no project, and is taken over line by line."""

from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records import doubts
from pmo.common.records.writing import RefusalError
from portfolio.starts.models import ItemState, StartItem
from portfolio.starts.selectors.adoption import preview_of
from portfolio.starts.services.adopting import adopt_line, keep_own
from portfolio.starts.services.confirming import change_item, confirm_item, remove_item
from projects.models import BudgetLine, Milestone, Project, Stakeholder, Task, TaskLink
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.services.library import import_pack
from projects.services.plan import change_task
from risks.models import Risk
from risks.services import change_risk
from tests.factories import MemberFactory, person
from tests.portfolio.starts.test_starting import started

pytestmark = pytest.mark.django_db
NEW_TASK = {"id": "T31", "phase": "P6", "name": "Users asked after a month", "days": 4, "after": ["T27"], "role": "pm"}  # fmt: skip
NEW_RISK = {
    "id": "R8", "name": "Clinic has no quiet room", "consequence": 2, "likelihood": 3, "score": 6,
    "response": "reduce", "owner": "pm", "action": "Rooms looked at with the need",
}  # fmt: skip


@pytest.fixture
def project(lead):
    return started("telehealth", lead)


def row_of(document, *path, **fields):
    rows = document
    for step in path:
        rows = rows[step]
    (key, value) = fields.popitem()
    return next(row for row in rows if row[key] == value)


def published(change, lead):
    """Publish the next version of the template, as `change` leaves its document."""
    template = ProjectTemplate.objects.get(code="telehealth")
    document = dict(template.document)
    document.pop("length_working_days"), document.pop("go_live_day")
    change(document)
    return import_pack(text=written(document), by=lead).version


def many_changes(document):
    row_of(document, "tasks", id="T25").update(days=12, name="Fixes made and tested")
    document["tasks"].insert(-3, dict(NEW_TASK))
    row_of(document, "tasks", id="T30")["after"] = ["T28", "T29", "T31"]
    row_of(document, "risks", id="R6")["action"] = "Privacy script, posters and a rule"
    document["risks"].append(dict(NEW_RISK))
    row_of(document, "measures", name="No-show rate")["target"] = 8
    row_of(document, "stakeholders", group="Payers")["interest"] = "high"
    document["anchored"] = [one for one in document["anchored"] if one["calendar_days"] != 182]
    row_of(document, "budget", "lines", name="Project staff")["share"] = 0.22
    row_of(document, "budget", "lines", name="Contingency")["share"] = 0.05
    row_of(document, "communication", audience="Payers")["message"] = "What changes in claims"


def line(project, section, key):
    found = preview_of(project).line(section, key)
    assert found is not None, [(one.section.name, one.key) for one in preview_of(project).lines]
    return found


def take(project, section, key, by, **options):
    seal = line(project, section, key).seal
    return adopt_line(project=project, section=section, key=key, seal=seal, by=by, **options)


def records(project):
    """Everything of a project that a template could have touched, by its columns."""
    models = (Task, TaskLink, Milestone, BudgetLine, Risk, Stakeholder, StartItem)
    rows = [list(m.objects.filter(project=project).order_by("pk").values()) for m in models]
    messages = list(project.communication_items.order_by("pk").values())
    return [list(Project.objects.filter(pk=project.pk).values()), messages, *rows]


def test_9a_a_later_edit_of_the_template_never_touches_projects(project, lead):
    before = records(project)

    published(many_changes, lead)

    assert records(project) == before


def test_the_preview_names_what_differs_and_no_more(project, lead):
    assert preview_of(project).lines == []
    published(many_changes, lead)

    assert [(one.section.name, one.key, one.kind.value) for one in preview_of(project).lines] == [
        ("tasks", "T25", "changed"),
        ("tasks", "T30", "changed"),
        ("tasks", "T31", "added"),
        ("anchored", "Benefits follow-up · GL · 182", "gone"),
        ("budget_lines", "Project staff · operating", "changed"),
        ("budget_lines", "Contingency · reserve", "changed"),
        ("stakeholders", "Payers", "changed"),
        ("risks", "R6", "changed"),
        ("risks", "R8", "added"),
        ("measures", "No-show rate", "changed"),
        ("communication", "Payers · letter · GL · -60", "changed"),
    ]
    moves = line(project, "tasks", "T25").moves
    assert [(move.spec.name, move.was, move.now, move.here) for move in moves] == [
        ("name", "Fixes made", "Fixes made and tested", "Fixes made"),
        ("days", 8, 12, 8),
    ]


def test_every_line_is_taken_over_with_one_event_each(project, lead):
    published(many_changes, lead)
    # the new task before the one that comes after it
    lines = sorted(preview_of(project).lines, key=lambda one: one.key != "T31")

    for number, one in enumerate(lines, start=1):
        adopt_line(project=project, section=one.section.name, key=one.key, seal=line(project, one.section.name, one.key).seal, by=lead)  # fmt: skip
        assert AuditEvent.objects.filter(action="start_item.taken_over").count() == number

    assert preview_of(project).lines == []
    task = Task.objects.get(project=project, external_id="T25")
    assert (task.name, task.duration) == ("Fixes made and tested", 12)
    new = Task.objects.get(project=project, external_id="T31")
    assert (new.duration, new.parent.name, new.notes) == (4, "Spread and hand over", "Role: Project manager")  # fmt: skip
    assert set(TaskLink.objects.filter(successor__external_id="T30").values_list("predecessor__external_id", flat=True)) == {"T28", "T29", "T31"}  # fmt: skip
    assert project.risks.get(external_id="R6").response == "Privacy script, posters and a rule"
    assert project.risks.get(external_id="R8").impact == 2
    assert project.stakeholders.get(name="Payers").interest == 3
    staff = BudgetLine.objects.get(project=project, category="Project staff")
    assert (staff.amount, staff.stated_reason) == (None, "Example of the template, not confirmed: $198,000")  # fmt: skip
    assert project.communication_items.get(stakeholder__name="Payers").message == "What changes in claims"  # fmt: skip
    gone = StartItem.objects.get(project=project, key="Benefits follow-up · GL · 182")
    assert gone.state == ItemState.REMOVED


def test_a_target_that_is_taken_over_is_an_example_again(project, lead):
    item = StartItem.objects.get(project=project, section="measures", name="No-show rate")
    confirm_item(item=item, version=None, by=lead)
    published(many_changes, lead)

    taken = take(project, "measures", "No-show rate", lead)

    assert (taken.said["target"], taken.state) == (8, ItemState.EXAMPLE)


def test_what_the_project_changed_is_named_and_not_overwritten_without_a_word(project, lead):
    task = Task.objects.get(project=project, external_id="T25")
    change_task(task=task, version=None, by=lead, duration=20)
    change_risk(risk=project.risks.get(external_id="R6"), version=None, by=lead, response="Ours")
    published(many_changes, lead)

    found = line(project, "tasks", "T25")
    assert [(move.spec.name, move.here) for move in found.own] == [("days", 20)]
    with pytest.raises(RefusalError, match="The project changed this itself: working days"):
        take(project, "tasks", "T25", lead)
    task.refresh_from_db()
    assert task.duration == 20
    take(project, "tasks", "T25", lead, over_own=True)
    task.refresh_from_db()
    assert task.duration == 12
    assert [move.spec.name for move in line(project, "risks", "R6").own] == ["action"]


def test_ours_is_kept_until_the_template_says_yet_another_thing(project, lead):
    item = StartItem.objects.get(project=project, section="measures", name="No-show rate")
    change_item(item=item, version=None, by=lead, target=Decimal(7))
    published(many_changes, lead)
    found = line(project, "measures", "No-show rate")

    keep_own(project=project, section="measures", key=found.key, seal=found.seal, by=lead)

    assert preview_of(project).line("measures", "No-show rate") is None
    item.refresh_from_db()
    assert item.said["target"] == 7
    published(lambda document: row_of(document, "measures", name="No-show rate").update(target=6), lead)  # fmt: skip
    move = line(project, "measures", "No-show rate").moves[0]
    assert (move.was, move.now, move.here) == (8, 6, 7)


def test_what_is_left_out_or_removed_is_not_offered_again(project, lead):
    removed = StartItem.objects.get(project=project, section="measures", name="No-show rate")
    remove_item(item=removed, by=lead)
    published(many_changes, lead)
    found = line(project, "risks", "R8")

    keep_own(project=project, section="risks", key="R8", seal=found.seal, by=lead)

    preview = preview_of(project)
    assert (preview.line("risks", "R8"), preview.line("measures", "No-show rate")) == (None, None)
    assert not project.risks.filter(external_id="R8").exists()


def test_a_second_click_and_a_second_person_do_nothing_twice(project, lead):
    published(many_changes, lead)
    seen = line(project, "risks", "R8").seal
    take(project, "risks", "R8", lead)
    events = AuditEvent.objects.count()

    with pytest.raises(RefusalError, match="settled already"):
        adopt_line(project=project, section="risks", key="R8", seal=seen, by=lead)

    assert project.risks.filter(external_id="R8").count() == 1
    assert AuditEvent.objects.count() == events


def test_what_moved_since_the_page_was_opened_is_looked_at_again(project, lead):
    published(many_changes, lead)
    seen = line(project, "risks", "R6").seal
    change_risk(risk=project.risks.get(external_id="R6"), version=None, by=lead, response="Ours")

    with pytest.raises(RefusalError, match="changed since this page was opened"):
        adopt_line(project=project, section="risks", key="R6", seal=seen, by=lead, over_own=True)

    assert project.risks.get(external_id="R6").response == "Ours"


def test_a_task_comes_after_what_it_waits_for(project, lead):
    published(many_changes, lead)

    with pytest.raises(RefusalError, match="Take T31 over first"):
        take(project, "tasks", "T30", lead)


def test_approved_money_is_changed_by_hand(project, lead):
    item = StartItem.objects.get(project=project, section="budget_lines", name="Project staff")
    confirm_item(item=item, version=None, by=lead)
    published(many_changes, lead)

    with pytest.raises(RefusalError, match="part of the approved budget"):
        take(project, "budget_lines", "Project staff · operating", lead, over_own=True)

    assert BudgetLine.objects.get(pk=item.record_pk).amount == Decimal("180000.00")


def test_a_project_that_is_over_keeps_what_it_has(project, lead):
    published(many_changes, lead)
    seal = line(project, "risks", "R8").seal
    Project.objects.filter(pk=project.pk).update(stage="cancelled", cancelled_on=project.start_date)

    with pytest.raises(RefusalError, match="over"):
        adopt_line(project=Project.objects.get(pk=project.pk), section="risks", key="R8", seal=seal, by=lead)  # fmt: skip


# pages and API


def url(project, name="project_adopt"):
    return reverse(f"starts:{name}", args=[project.pk])


def body(found, **said):
    return {"section": found.section.name, "key": found.key, "seal": found.seal, **said}


def test_the_project_s_page_leads_to_the_lines(project, lead, signed_in):
    client = signed_in(lead)
    start = reverse("starts:project_start", args=[project.pk])
    assert client.get(start).context["later"] is None
    published(many_changes, lead)

    page = client.get(start).content.decode()

    assert "Version 2 of the template is there: 11 lines differ from this project." in page
    assert f'href="{url(project)}"' in page
    lines = client.get(url(project))
    assert len(lines.context["rows"]) == 11
    assert "Fixes made and tested" in lines.content.decode()


def test_a_line_is_taken_over_and_another_kept_by_the_page(project, lead, signed_in):
    published(many_changes, lead)
    client = signed_in(lead)
    wanted, unwanted = line(project, "risks", "R8"), line(project, "measures", "No-show rate")

    client.post(url(project, "line_adopt"), body(wanted, take="on"))
    client.post(url(project, "line_adopt"), body(unwanted))
    again = client.post(url(project, "line_adopt"), body(wanted, take="on"), follow=True)

    assert project.risks.filter(external_id="R8").count() == 1
    assert "settled already" in again.content.decode()
    assert {(one.section.name, one.key) for one in preview_of(project).lines}.isdisjoint(
        {("risks", "R8"), ("measures", "No-show rate")}
    )


@pytest.mark.parametrize(
    ("who", "where"),
    [(Role.MANAGER, ("risks", "R8")), (Role.MANAGER, ("budget_lines", "Project staff · operating")), (Role.TEAM_MEMBER, ("risks", "R8"))],
)  # fmt: skip
def test_who_may_change_a_part_takes_it_over(project, lead, client, who, where):
    published(many_changes, lead)
    client.force_login(MemberFactory(project=project, role=who).user)

    answer = client.post(url(project, "line_adopt"), body(line(project, *where), take="on"))

    may = (who, where[0]) == (Role.MANAGER, "risks")
    assert answer.status_code == (302 if may else 403)
    assert (preview_of(project).line(*where) is None) == may


def test_a_hidden_project_has_no_lines_for_others(project, lead, signed_in):
    Project.objects.filter(pk=project.pk).update(is_confidential=True)

    assert signed_in(person(Role.PMO_ANALYST)).get(url(project)).status_code == 404


def test_the_api_says_and_does_the_same(project, lead, signed_in):
    published(many_changes, lead)
    client = signed_in(lead)
    base = f"/api/v1/starts/{project.template_start.pk}"

    said = client.get(f"{base}/changes/").json()
    assert [(one["section"], one["key"]) for one in said["lines"]] == [
        (one.section.name, one.key) for one in preview_of(project).lines
    ]
    first = next(one for one in said["lines"] if one["key"] == "R6")
    sent = {name: first[name] for name in ("section", "key", "seal")}
    taken = client.post(f"{base}/adopt/", sent, content_type="application/json")
    again = client.post(f"{base}/adopt/", sent, content_type="application/json")
    other = next(one for one in said["lines"] if one["key"] == "R8")
    kept = client.post(f"{base}/keep/", {name: other[name] for name in sent}, content_type="application/json")  # fmt: skip

    assert (taken.status_code, again.status_code, kept.status_code) == (200, 409, 200)
    assert project.risks.get(external_id="R6").response == "Privacy script, posters and a rule"


@pytest.mark.parametrize("copies", [1, 3])
def test_the_preview_costs_the_same_for_any_number(
    project, lead, signed_in, copies, django_assert_num_queries
):
    def change(document):
        document["risks"] += [dict(NEW_RISK, id=f"R{9 + number}") for number in range(copies)]

    published(change, lead)
    client = signed_in(lead)
    client.get(url(project))

    with django_assert_num_queries(13):
        page = client.get(url(project))

    assert len(page.context["rows"]) == copies


def test_doubtful_words_that_were_answered_for_are_taken_over(project, lead):
    """The office said why when it published them; the button of a line asks nobody."""

    def doubtful(document):
        row_of(document, "risks", id="R6")["action"] = "Look at visit 20481913"

    with doubts.answered("The number of a visit by the architects"):
        published(doubtful, lead)

    take(project, "risks", "R6", lead)

    assert Risk.objects.get(project=project, external_id="R6").response == "Look at visit 20481913"
    last = AuditEvent.objects.filter(action="risk.changed").latest("sequence")
    assert doubts.KEPT in last.body
