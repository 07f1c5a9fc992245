"""Pages of gates: the ladder, one gate, reviews, the office's sets; and the same over the API."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.page.waiting import waiting_for
from portfolio import services as portfolios
from portfolio.governance.models import EvidenceItem, GateReview, GateSet, ProjectGate, SetGate
from portfolio.governance.services import gate_work as services
from portfolio.governance.services.gates import GatePlan, lay_gates, lay_set
from projects.models import Project
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, person
from tests.portfolio.governance.scene import Board, clock_at

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 16)
CANARY = "Zebra-canary"


@pytest.fixture(autouse=True)
def on_the_evening():
    with clock_at(DAY):
        yield


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def office(signed_in, lead):
    return signed_in(lead)


@pytest.fixture
def project(manager):
    project = ProjectFactory(name="Wing", stage="planning")
    MemberFactory(project=project, user=manager, role=Role.MANAGER)
    return project


def url(name, pk=None):
    return reverse(f"governance:{name}", args=[pk] if pk else [])


def gate_of(project, code="TC", **fields):
    plan = GatePlan(code, code, "delivery", **fields)
    return lay_gates(project=project, gates=[plan], by=None)[0]


def asked(gate, board, **fields):
    given = {"needed_by": DAY, "decider_committee": board.committee} | fields
    return services.ask_review(gate=gate, by=board.office, **given)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_the_ladder_is_a_page_and_a_part_of_the_projects_page(office, project):
    lay_set(project=project, by=None)

    page = office.get(url("project_gates", project.pk)).content.decode()
    part = office.get(
        url("project_gates", project.pk), headers={"HX-Request": "true"}
    ).content.decode()
    detail = office.get(project.get_absolute_url()).content.decode()

    assert "0 of 10 gates are passed." in page
    assert "GNG Go/no-go" in part
    assert "<html" not in part
    assert url("project_gates", project.pk) in detail


def test_gates_are_laid_from_the_page(office, project):
    page = office.get(url("project_gates", project.pk)).content.decode()
    assert url("gates_lay", project.pk) in page

    office.post(url("gates_lay", project.pk))

    assert ProjectGate.objects.filter(project=project).count() == 10
    again = office.post(url("gates_lay", project.pk))
    assert again.status_code == 409


def test_the_ladder_takes_as_many_queries_for_one_gate_as_for_ten(office, project):
    other = ProjectFactory(stage="planning")
    gate = gate_of(project)
    for field in ("sponsor", "approved_budget"):  # each is looked up where it is asked for
        services.ask_evidence(gate=gate, by=None, kind="field", name=field, field=field)
    lay_set(project=other, by=None)
    office.get(url("project_gates", project.pk))

    one = queries_of(office, url("project_gates", project.pk))

    assert queries_of(office, url("project_gates", other.pk)) == one


def test_a_gate_shows_its_evidence_and_whose_rule_asks_for_it(office, project):
    portfolios.add_project(
        portfolio=PortfolioFactory(name="Capital", kind="controlling"), project=project, by=None
    )
    gate = gate_of(project)

    page = office.get(gate.get_absolute_url()).content.decode()

    assert "Still missing: Test report and Open defects accepted." in page
    assert "The controlling office of Capital" in page


def test_evidence_is_given_and_what_is_wrong_is_said_at_its_field(signed_in, manager, project):
    client, gate = signed_in(manager), gate_of(project)
    report = gate.evidence.get(kind="document")
    typed = {"url": "https://docs.example.org/t", "revision": "", "sha256": "", "note": "Signed."}

    refused = client.post(report.get_absolute_url(), typed | {"version": "1"})
    given = client.post(report.get_absolute_url(), typed | {"version": "1", "revision": "1.2"})

    assert refused.status_code == 422
    assert "Say which version it is." in refused.content.decode()
    assert "Signed." in refused.content.decode()
    report.refresh_from_db()
    assert (given["Location"], report.state, report.given_by) == (
        gate.get_absolute_url(),
        "given",
        manager,
    )


def test_evidence_is_dismissed_and_asked_again(signed_in, manager, project):
    client, gate = signed_in(manager), gate_of(project)
    item = gate.evidence.get(kind="assessment")

    client.post(url("evidence_dismiss", item.pk), {"reason": "No software in it."})
    item.refresh_from_db()
    assert (item.state, item.note) == ("dismissed", "No software in it.")
    client.post(url("evidence_reopen", item.pk))

    item.refresh_from_db()
    assert item.state == "open"


def test_a_review_is_asked_for_on_the_page_of_a_gate(signed_in, manager, project, board):
    client, gate = signed_in(manager), gate_of(project)
    typed = {"decider_committee": board.committee.pk, "needed_by": "2026-03-30"}

    wrong = client.post(url("review_ask", gate.pk), typed | {"needed_by": "soon"})
    over = client.post(url("review_ask", gate.pk), typed | {"needed_by": "2026-03-15"})
    done = client.post(url("review_ask", gate.pk), typed)

    assert wrong.status_code == over.status_code == 422
    assert "This day has passed." in over.content.decode()
    assert done["Location"] == gate.get_absolute_url()
    review = GateReview.objects.get()
    assert (review.decision.decider_committee, review.decision.raised_by) == (
        board.committee,
        manager,
    )
    assert review.decision.number in client.get(gate.get_absolute_url()).content.decode()


def test_reviews_are_listed_filtered_and_counted(office, project, board):
    asked(gate_of(project), board, needed_by=DAY - timedelta(days=1), on=DAY - timedelta(days=9))
    later = ProjectFactory(name="Portal")
    asked(gate_of(later, "G2"), board, needed_by=DAY + timedelta(days=9))

    page = office.get(url("review_list"))
    overdue = office.get(url("review_list"), {"state": "overdue"})
    found = office.get(url("review_list"), {"q": "portal"})

    assert "2 gate reviews are open; 1 of them is overdue." in page.content.decode()
    assert [one.project.name for one in page.context["page"]] == ["Wing", "Portal"]
    assert [one.project.name for one in overdue.context["page"]] == ["Wing"]
    assert [one.project.name for one in found.context["page"]] == ["Portal"]
    assert list(office.get(url("review_list"), {"state": "decided"}).context["page"]) == []


def test_a_hidden_projects_gates_and_reviews_are_not_there(signed_in, board):
    hidden = ProjectFactory(name=CANARY, is_confidential=True)
    gate = gate_of(hidden)
    asked(gate, board)
    client = signed_in(person(Role.PMO_ANALYST))

    page = client.get(url("review_list"))

    assert (list(page.context["page"]), page.context["counts"].total) == ([], 0)
    assert CANARY not in page.content.decode()
    for address in (
        gate.get_absolute_url(),
        url("project_gates", hidden.pk),
        gate.evidence.first().get_absolute_url(),
        url("review_ask", gate.pk),
    ):
        assert client.get(address).status_code == 404
    assert client.get("/api/v1/gates/").json()["count"] == 0
    assert client.get("/api/v1/gate-reviews/").json()["count"] == 0
    assert client.get("/api/v1/gate-evidence/").json()["count"] == 0


def test_a_reader_changes_nothing(signed_in, project, board):
    gate = gate_of(project)
    client = signed_in(person(Role.EXECUTIVE))

    page = client.get(gate.get_absolute_url()).content.decode()

    assert "Ask for the review" not in page
    assert "Not needed" not in page
    for name in ("gate_edit", "gate_remove", "evidence_new", "review_ask"):
        assert client.post(url(name, gate.pk)).status_code == 403
    for name in ("gates_lay", "gate_new", "project_hold", "project_stop"):
        assert client.post(url(name, project.pk)).status_code == 403
    assert client.get(url("gate_set_list")).status_code == 403


def test_a_directive_office_holds_lifts_and_stops(office, project):
    portfolios.add_project(portfolio=PortfolioFactory(kind="directive"), project=project, by=None)
    gate_of(project)

    office.post(url("project_hold", project.pk), {"reason": "Wait for the audit."})
    held = office.get(url("project_gates", project.pk)).content.decode()
    assert "Wait for the audit." in held
    assert "Nothing new is committed until then" in held
    hold = project.gate_holds.get()
    office.post(url("hold_lift", hold.pk))
    hold.refresh_from_db()
    assert hold.lifted_on == DAY
    office.post(url("project_hold", project.pk), {"reason": "Wait again."})
    sent = {"project": project.pk, "reason": "No money."}
    stopped = office.post("/api/v1/gate-holds/stop/", sent, content_type="application/json")

    assert stopped.status_code == 204
    assert not project.gate_holds.filter(lifted_on=None).exists()
    assert Project.objects.get(pk=project.pk).stage == "cancelled"


def test_a_directive_office_stops_from_the_page(office, project):
    portfolios.add_project(portfolio=PortfolioFactory(kind="directive"), project=project, by=None)

    office.post(url("project_stop", project.pk), {"reason": "No money."})

    assert Project.objects.get(pk=project.pk).stage == "cancelled"


def test_a_gate_is_added_edited_and_removed(office, project, lead):
    gate_of(project)
    typed = {
        "code": "OWN",
        "name": "Own gate",
        "question": "",
        "stage": "",
        "planned_on": "2026-05-04",
    }

    office.post(url("gate_new", project.pk), typed)
    gate = ProjectGate.objects.get(code="OWN")
    assert (gate.position, gate.planned_on) == (2, date(2026, 5, 4))
    services.change_gate(gate=gate, version=1, by=lead, name="Theirs")
    lost = office.post(url("gate_edit", gate.pk), typed | {"version": "1", "name": "Mine"})
    assert lost.status_code == 409
    office.post(url("gate_remove", gate.pk))

    assert not ProjectGate.objects.filter(code="OWN").exists()


def test_the_office_keeps_sets_of_gates(office):
    office.post(url("gate_set_new"), {"name": "Capital", "code": "CAP", "category": ""})
    made = GateSet.objects.get()
    assert made.gates.count() == 10
    gate = SetGate.objects.get(code="TC")
    shown = office.get(url("set_gate_edit", gate.pk)).content.decode()
    assert "document: Test report" in shown
    typed = {
        "code": "TC",
        "name": "Tested",
        "question": "",
        "stage": "closing",
        "position": "6",
        "version": "1",
    }

    wrong = office.post(url("set_gate_edit", gate.pk), typed | {"evidence": "paper: X"})
    done = office.post(
        url("set_gate_edit", gate.pk),
        typed | {"evidence": "document: Report\nfield: sponsor (optional)"},
    )

    gate.refresh_from_db()
    assert wrong.status_code == 422
    assert "“paper: X” is not understood." in wrong.content.decode()
    assert done["Location"] == made.get_absolute_url()
    assert gate.evidence == [
        {"kind": "document", "name": "Report", "field": "", "is_required": True},
        {"kind": "field", "name": "Sponsor", "field": "sponsor", "is_required": False},
    ]
    office.post(url("set_gate_remove", gate.pk))
    office.post(url("gate_set_remove", made.pk))
    assert not GateSet.objects.exists()


def test_what_is_for_a_manager_and_a_sponsor_to_do(project, manager, board):
    sponsor = MemberFactory(project=project, role=Role.SPONSOR).user
    gate = gate_of(project)
    assert list(waiting_for(manager, today=DAY)) == []
    asked(gate, board)

    for one in (manager, sponsor):
        said = [item.text for item in waiting_for(one, today=DAY)]
        assert "Give the evidence “Test report” for TC" in said
    assert waiting_for(person(Role.STAFF), today=DAY) == []


def test_gates_over_the_api(office, project, board):
    def post(path, **body):
        return office.post(f"/api/v1/{path}", body, content_type="application/json")

    laid = post("gates/lay/", project=project.pk)
    gate = ProjectGate.objects.get(project=project, code="TC")
    items = {one.kind: one for one in gate.evidence.all()}
    given = post(
        f"gate-evidence/{items['document'].pk}/give/",
        url="https://docs.example.org/t",
        revision="3",
        sha256="a" * 64,
        version=1,
    )
    dismissed = post(
        f"gate-evidence/{items['assessment'].pk}/dismiss/", reason="None open.", version=1
    )
    opened = post(f"gate-evidence/{items['assessment'].pk}/reopen/", version=2)
    wanted = {"gate": gate.pk, "decider_committee": board.committee.pk}
    over = post("gate-reviews/", **wanted, needed_by="2026-03-15")
    review = post("gate-reviews/", **wanted, needed_by="2026-04-01")
    again = post("gate-reviews/", gate=gate.pk, needed_by="2026-04-01")
    hold = post("gate-holds/", project=project.pk, reason="Wait.")

    assert (laid.status_code, len(laid.json())) == (201, 10)
    assert (given.json()["state"], given.json()["revision"]) == ("given", "3")
    assert (dismissed.json()["state"], opened.json()["state"]) == ("dismissed", "open")
    assert (over.status_code, list(over.json())) == (400, ["needed_by"])
    assert (review.status_code, review.json()["gate"]) == (201, gate.pk)
    assert (again.status_code, hold.status_code) == (409, 409)
    assert EvidenceItem.objects.get(kind="document", gate=gate).sha256 == "a" * 64


def test_a_set_over_the_api(office):
    made = office.post(
        "/api/v1/gate-sets/", {"code": "ALL", "name": "All"}, content_type="application/json"
    )
    wrong = office.post(
        "/api/v1/set-gates/",
        {"gate_set": made.json()["id"], "code": "X", "name": "X", "evidence": [{"kind": "x"}]},
        content_type="application/json",
    )

    assert made.status_code == 201
    assert office.get("/api/v1/set-gates/").json()["count"] == 10
    assert wrong.status_code == 400


def test_those_who_decide_read_the_evidence_without_seeing_the_project(signed_in, board):
    hidden = ProjectFactory(name=CANARY, is_confidential=True)
    gate = gate_of(hidden)
    shown = {"url": "https://docs.example.org/t", "revision": "3.1"}
    document = gate.evidence.get(kind="document")
    services.give_evidence(item=document, version=None, by=board["COO"], **shown)
    review = asked(gate, board)
    entry = board.item(board.meeting(), review.decision)
    client = signed_in(board["CNO"])

    for address in (review.decision.get_absolute_url(), entry.get_absolute_url()):
        page = client.get(address)
        said = page.content.decode()
        assert 'href="https://docs.example.org/t"' in said
        assert "Given by COO Person on" in said
        assert page.context["evidence_note"] == "1 of 2 pieces of evidence given"
        assert gate.get_absolute_url() not in said
    assert client.get(gate.get_absolute_url()).status_code == 404


def test_the_page_of_the_stage_says_before_what_stands_before_it(office, project):
    portfolios.add_project(
        portfolio=PortfolioFactory(name="Capital", kind="controlling"), project=project, by=None
    )
    gate_of(project)

    page = office.get(reverse("projects:project_stage", args=[project.pk]))

    assert [stage for stage, _ in page.context["before"]] == ["Delivery"]
    assert "Not passed yet: TC TC." in page.content.decode()
