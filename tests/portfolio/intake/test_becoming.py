"""An accepted request becomes a project: started from a template, linked both ways."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from portfolio.governance.services.gates import lay_set
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services import becoming
from portfolio.intake.services.grounds import give_ground, verify_ground
from portfolio.intake.services.triage import decide_request
from portfolio.starts.models import ProjectStart
from projects.models import Project
from projects.project_templates.models import ProjectTemplate
from tests.factories import MemberFactory, UserFactory, person
from tests.factories.intake import submitted, triaged
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def template():
    return ProjectTemplate.objects.get(code="telehealth")


def accepted(lead, *, lane="strategic", **fields):
    sent = submitted(title="Video visits", **fields)
    triaged(sent, lead, lane=lane)
    if lane == "mandatory":
        giver = person(Role.PMO_ANALYST)
        ground = give_ground(
            request=sent, by=giver, kind="safety", citation="Finding 7", bites_on=in_days(300)
        )
        verify_ground(ground=ground, version=1, by=lead)
    return decide_request(
        request=sent, version=None, by=lead, outcome=TriageOutcome.CASE, reason="Worth it."
    )


def start_url(record):
    return reverse("intake:request_start", args=[record.pk, template().pk])


def drawn(page):
    """Return what a browser would send of the form."""
    form = page.context["form"]
    return {
        name: value
        for name in form.fields
        if (value := form[name].value()) not in (None, False, "")
    }


def test_the_form_of_a_start_knows_what_the_request_says(signed_in, lead):
    sponsor = UserFactory(email="s@example.org", name="Sol Sponsor")
    wanted = in_days(400)
    record = accepted(lead, sponsor=sponsor, sponsor_answer="agreed", wanted_by=wanted)
    client = signed_in(lead)

    offered = client.get(reverse("intake:request_templates", args=[record.pk]))
    page = client.get(start_url(record))

    assert start_url(record) in offered.content.decode()
    said = drawn(page)
    assert (said["name"], said["unit"], said["sponsor"], said["go_live"]) == (
        "Video visits",
        record.unit_id,
        "s@example.org",
        wanted,
    )
    assert page.context["trouble"] == ""
    assert record.number in page.context["sub"]
    assert (
        reverse("intake:request_templates", args=[record.pk])
        in client.get(record.get_absolute_url()).content.decode()
    )


def test_a_day_that_cannot_be_reached_gives_way_to_the_first_that_can(signed_in, lead):
    record = accepted(lead, wanted_by=in_days(3))

    page = signed_in(lead).get(start_url(record))

    assert page.context["trouble"] == ""
    assert drawn(page)["go_live"] > in_days(3)


def test_a_start_makes_the_project_and_links_both_in_one_go(signed_in, lead):
    record = accepted(lead, is_confidential=True)
    client = signed_in(lead)

    answer = client.post(start_url(record), drawn(client.get(start_url(record))))

    project = Project.objects.get()
    record.refresh_from_db()
    assert answer["Location"] == reverse("starts:project_start", args=[project.pk])
    assert (record.project, project.is_confidential, project.lane) == (project, True, "strategic")
    assert project.summary == record.problem
    assert ProjectStart.objects.get().project == project
    assert record.steps.order_by("-pk").first().kind == "project"
    assert audit.faults() == []
    assert client.get(start_url(record))["Location"] == record.get_absolute_url()


def test_a_mandatory_request_gives_its_lane_and_ground_to_what_starts(lead):
    record = accepted(lead, lane="mandatory")

    project = becoming.start_from_template(
        request=record,
        version=record.version,
        by=lead,
        template=template(),
        wish=becoming.StartWish(go_live=in_days(400)),
    )

    start = ProjectStart.objects.get()
    assert (template().document["lane"], project.lane) == ("strategic", "mandatory")
    assert (start.ground, start.ground_date) == ("Safety: Finding 7", in_days(300))


def test_1c_mandatory_work_is_asked_the_same_gates(lead):
    laid = []
    for code, lane in (("C-1", "mandatory"), ("C-2", "strategic")):
        record = accepted(lead, lane=lane)
        project = becoming.make_project(
            request=record, version=None, by=lead, code=code, name="Visits", unit=record.unit
        )
        laid.append([gate.name for gate in lay_set(project=project, by=lead)])

    assert laid[0] == laid[1] != []


def test_a_start_that_is_refused_leaves_no_trace(lead):
    record = accepted(lead)
    becoming.make_project(
        request=record, version=None, by=lead, code="C-1", name="Visits", unit=record.unit
    )
    events = AuditEvent.objects.count()

    with pytest.raises(becoming.RefusalError, match="already"):
        becoming.start_from_template(
            request=record,
            version=None,
            by=lead,
            template=template(),
            wish=becoming.StartWish(go_live=in_days(400)),
        )

    assert (Project.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_only_an_accepted_request_starts(signed_in, lead):
    sent = submitted()

    assert signed_in(lead).get(start_url(sent))["Location"] == sent.get_absolute_url()
    assert signed_in(person(Role.EXECUTIVE)).get(start_url(sent)).status_code == 403


def test_a_start_over_the_api(lead):
    record = accepted(lead)
    path = f"/api/v1/requests/{record.pk}/start/"
    said = {"template": template().pk, "go_live": str(in_days(400))}

    late = api(lead).post(path, said | {"version": record.version - 1}, format="json")
    done = api(lead).post(path, said | {"version": record.version}, format="json")
    strange = api(person(Role.EXECUTIVE)).post(path, said | {"version": 9}, format="json")

    project = Project.objects.get()
    assert [late.status_code, done.status_code, strange.status_code] == [409, 200, 403]
    assert done.data["project"] == project.pk
    assert (project.name, project.unit) == ("Video visits", record.unit)


def test_the_request_and_its_project_lead_to_each_other_for_who_sees_both(signed_in, lead):
    record = accepted(lead, is_confidential=True)
    project = becoming.make_project(
        request=record, version=None, by=lead, code="C-1", name="Visits", unit=record.unit
    )
    named, panel = person(Role.STAFF), reverse("intake:project_panel", args=[project.pk])
    MemberFactory(project=project, user=named)

    def page(user, address):
        return signed_in(user).get(address).content.decode()

    assert panel in page(lead, project.get_absolute_url())
    assert record.get_absolute_url() in page(lead, panel)
    assert "Worth it." in page(lead, panel)
    assert project.get_absolute_url() in page(lead, record.get_absolute_url())
    # who is named on the project alone reads nothing of the request, nor the requester of the project
    assert "No request" in page(named, panel)
    assert record.title not in page(named, panel)
    assert project.get_absolute_url() not in page(record.requester, record.get_absolute_url())
    assert ProjectRequest.objects.get().project == project
