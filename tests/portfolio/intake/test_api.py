"""Requests over the API: the way of one, and that nothing tells of what a caller may not see."""

import pytest

from pmo.accounts.roles import Role
from portfolio.intake.models import ProjectRequest
from portfolio.intake.services.cycles import draw_contingency
from portfolio.intake.services.items import create_item
from projects.models import Project
from tests.factories import UnitFactory, person
from tests.factories.intake import (
    ESTIMATES,
    PAGE,
    CycleFactory,
    ReplacementFactory,
    submitted,
    triaged,
)
from tests.test_api_rules import api, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(db):
    return person(Role.STAFF)


def post(user, path, **body):
    return api(user).post(f"/api/v1/{path}/", body, format="json")


def test_a_request_goes_its_way_over_the_api(nurse, lead):
    unit = UnitFactory()
    made = post(nurse, "requests", title="Scanners").data
    gaps = post(nurse, f"requests/{made['id']}/submit", version=1)
    filled = api(nurse).patch(
        f"/api/v1/requests/{made['id']}/", PAGE | {"unit": unit.pk, "version": 1}, format="json"
    )
    sent = post(nurse, f"requests/{made['id']}/submit", version=2)

    assert (made["state"], gaps.status_code, set(gaps.data)) == (
        "draft",
        400,
        {"problem", "unit", "kind", "if_nothing", "size"},
    )
    assert (filled.status_code, sent.data["state"]) == (200, "triage")

    path = f"requests/{made['id']}"
    asked = post(lead, f"{path}/decide", version=3, outcome="ask", reason="How many?")
    told = post(nurse, f"{path}/reply", version=4, answer="Forty.")
    estimates = {name: str(value) for name, value in ESTIMATES.items()}
    early = post(lead, f"{path}/decide", version=5, outcome="case", reason="Yes.")
    seen = post(
        lead,
        f"{path}/triage",
        version=5,
        lane="strategic",
        request_class="routine",
        options="All",
        expected_value="Time",
        profile=["device"],
        **estimates,
    )
    done = post(lead, f"{path}/decide", version=6, outcome="case", reason="Yes.")
    project = post(lead, f"{path}/project", version=7, code="CAP-1", name="Scanners")

    assert [one.status_code for one in (asked, told, early, seen, done, project)] == [
        200,
        200,
        409,
        200,
        200,
        200,
    ]
    assert project.data["project"] == Project.objects.get().pk
    kinds = [
        row["kind"]
        for row in api(nurse).get(f"/api/v1/request-steps/?request={made['id']}").data["results"]
    ]
    assert kinds == ["submitted", "asked", "answered", "case", "project"]
    # the requester is not named on the project, so its id is not told
    assert api(nurse).get(f"/api/v1/{path}/").data["project"] is None


def test_the_ground_is_given_changed_and_verified(nurse, lead):
    sent, analyst = submitted(by=nurse), person(Role.PMO_ANALYST)
    path = f"/api/v1/requests/{sent.pk}"
    said = {"kind": "safety", "citation": "Finding 7", "bites_on": "2050-01-01"}

    growth = api(analyst).post(f"{path}/ground/", said | {"kind": "growth"}, format="json")
    given = api(analyst).post(f"{path}/ground/", said, format="json")
    own = api(analyst).post(f"{path}/verify-ground/", {"version": 1}, format="json")
    seen = api(lead).post(f"{path}/verify-ground/", {"version": 1}, format="json")
    changed = api(lead).patch(
        f"{path}/ground/", {"citation": "Finding 8", "version": 2}, format="json"
    )

    sentence = "Choose what demands the work. The growth of a unit is no ground."
    assert (growth.status_code, growth.data) == (400, {"kind": [sentence]})
    assert (given.status_code, own.status_code) == (200, 409)
    assert seen.data["ground"]["verified_by"] == lead.pk
    assert changed.data["ground"]["verified_by"] is None
    assert api(nurse).post(f"{path}/ground/", said, format="json").status_code == 403


def test_a_ground_that_was_changed_meanwhile_is_not_verified(nurse, lead):
    sent, analyst = submitted(by=nurse), person(Role.PMO_ANALYST)
    path = f"requests/{sent.pk}"
    said = {"kind": "safety", "citation": "Finding 7", "bites_on": "2050-01-01"}
    post(analyst, f"{path}/ground", **said)
    api(analyst).patch(
        f"/api/v1/{path}/ground/", {"citation": "Finding 8", "version": 1}, format="json"
    )

    late = post(lead, f"{path}/verify-ground", version=1)
    bare = post(lead, f"{path}/verify-ground")
    seen = post(lead, f"{path}/verify-ground", version=2)

    assert (late.status_code, bare.status_code, seen.status_code) == (409, 400, 200)
    assert seen.data["ground"]["verified_by"] == lead.pk


def test_a_withdrawn_draft_is_its_authors_alone(nurse, lead):
    made = post(nurse, "requests", title="Secret wish", unit=UnitFactory().pk).data
    gone = post(nurse, f"requests/{made['id']}/withdraw", version=1)

    assert (gone.status_code, gone.data["state"]) == (200, "withdrawn")
    assert listed(api(lead), "requests") == listed(api(lead), "request-steps") == []
    assert listed(api(nurse), "requests") == [made["id"]]


def test_what_was_asked_about_is_changed_by_the_answer_alone(nurse, lead):
    sent = submitted(by=nurse)
    path = f"requests/{sent.pk}"
    post(lead, f"{path}/decide", version=2, outcome="ask", reason="Which size?")

    silent = api(nurse).patch(f"/api/v1/{path}/", {"problem": "", "version": 3}, format="json")
    gap = post(nurse, f"{path}/reply", version=3, answer="Large.", problem="")
    told = post(nurse, f"{path}/reply", version=3, answer="Large.", size="L")

    assert (silent.status_code, gap.status_code, set(gap.data)) == (409, 400, {"problem"})
    assert (told.status_code, told.data["state"], told.data["size"]) == (200, "triage", "L")
    assert [one.content["size"] for one in sent.versions.order_by("number")] == ["M", "L"]


def accepted(nurse, lead, **fields):
    sent = submitted(by=nurse, **fields)
    triaged(sent, lead)
    post(lead, f"requests/{sent.pk}/decide", version=3, outcome="case", reason="Yes.")
    return sent


def test_the_project_of_a_request_has_the_manager_and_a_category_in_use(nurse, lead):
    sent, manager = accepted(nurse, lead), person(Role.STAFF)
    path, said = f"requests/{sent.pk}/project", {"version": 4, "code": "CAP-1", "name": "Scanners"}

    strange = post(lead, path, **said, category="shoes")
    bare = post(lead, path, version=4, name="Scanners")
    made = post(lead, path, **said, manager=manager.pk)

    assert (strange.status_code, set(strange.data)) == (400, {"category"})
    assert (bare.status_code, set(bare.data)) == (400, {"code"})
    assert made.status_code == 200
    assert Project.objects.get().members.get(role=Role.MANAGER).user == manager


def test_a_request_of_another_unit_becomes_no_project_of_ones_own_unit(lead):
    ward, other = UnitFactory(), UnitFactory()
    head = person(Role.PMO_ANALYST, unit=ward)
    sent = accepted(head, lead, unit=other)

    refused = post(head, f"requests/{sent.pk}/project", version=4, code="C", name="N", unit=ward.pk)

    assert refused.status_code == 403
    assert not Project.objects.exists()


def test_a_draw_says_what_for(lead):
    cycle = CycleFactory()

    for more in ({}, {"reason": " "}):
        refused = post(lead, "contingency-draws", cycle=cycle.pk, amount="5.00", **more)
        assert (refused.status_code, set(refused.data)) == (400, {"reason"})


def test_an_asset_does_not_move_to_a_unit_that_the_caller_has_no_say_in(lead):
    here, there = ReplacementFactory(), UnitFactory()
    analyst = person(Role.PMO_ANALYST, unit=here.unit)

    refused = api(analyst).patch(
        f"/api/v1/replacement-items/{here.pk}/", {"unit": there.pk, "version": 1}, format="json"
    )

    here.refresh_from_db()
    assert (refused.status_code, here.unit == there) == (403, False)


def test_a_replacement_is_asked_for_over_the_api_once(lead):
    item = ReplacementFactory(name="CT 2")
    path = f"replacement-items/{item.pk}"

    made, again = post(lead, f"{path}/request"), post(lead, f"{path}/request")

    assert (made.status_code, made.data["title"], again.status_code) == (201, "Replace CT 2", 409)
    assert api(lead).get(f"/api/v1/{path}/").data["request"] == made.data["id"]
    reader = person(Role.EXECUTIVE)  # a draft is its author's alone
    assert api(reader).get(f"/api/v1/{path}/").data["request"] is None
    assert post(reader, f"{path}/request").status_code == 403


def test_a_sponsor_answers_over_the_api(nurse, lead):
    sponsor = person(Role.STAFF)
    sent = submitted(by=nurse, sponsor=sponsor, sponsor_answer="asked")
    path = f"requests/{sent.pk}/sponsor"

    others = post(lead, path, version=2, agrees=True)
    done = post(sponsor, path, version=2, agrees=False)

    assert (others.status_code, done.status_code) == (409, 204)
    assert api(nurse).get(f"/api/v1/requests/{sent.pk}/").data["sponsor"] is None
    assert post(sponsor, path, version=3, agrees=True).status_code == 404


def test_hints_and_ages_tell_of_what_the_caller_may_see(nurse, lead):
    sent = submitted(by=nurse, title="Barcode scanners")
    submitted(title="Barcode scanners for all")
    submitted(title="Barcode scanners north", is_confidential=True)

    def told(user):
        hints = api(user).get(f"/api/v1/requests/{sent.pk}/hints/").data
        return {one["title"] for one in hints}, api(user).get("/api/v1/requests/ages/").data["new"]

    assert told(lead) == ({"Barcode scanners for all", "Barcode scanners north"}, 3)
    assert told(person(Role.PMO_ANALYST)) == ({"Barcode scanners for all"}, 2)
    assert told(nurse) == (set(), 1)


def test_only_the_requester_writes_and_only_the_office_decides(nurse, lead):
    sent = submitted(by=nurse)
    path = f"requests/{sent.pk}"

    answers = [
        post(lead, f"{path}/withdraw", version=2, reason="No."),
        post(nurse, f"{path}/decide", version=2, outcome="small", reason="Yes."),
        post(nurse, f"{path}/triage", version=2, lane="strategic"),
        post(person(Role.EXECUTIVE), f"{path}/send-back", version=2, reason="No."),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert ProjectRequest.objects.get().version == 2


def test_nothing_of_a_confidential_request_is_in_any_answer(lead):
    hidden = submitted(title="Merger", is_confidential=True)
    create_item(request=hidden, by=lead, name="Advisers", unit_cost=1)
    cycle = CycleFactory()
    draw_contingency(cycle=cycle, by=None, amount=5, reason="Merger", request=hidden)
    reader = person(Role.EXECUTIVE)

    for name in ("requests", "request-versions", "request-steps", "request-items"):
        assert listed(api(reader), name) == []
        assert len(listed(api(lead), name)) == 1
        pk = listed(api(lead), name)[0]
        assert api(reader).get(f"/api/v1/{name}/{pk}/").status_code == 404
    draws = api(reader).get("/api/v1/contingency-draws/").data["results"]
    assert [row["reason"] for row in draws] == [None]
    found = api(reader).get("/api/v1/requests/", {"search": "Merger"}).data["count"]
    assert found == 0


def test_a_merge_into_a_hidden_request_tells_no_id(nurse, lead):
    sent, hidden = submitted(by=nurse), submitted(is_confidential=True)
    post(
        lead,
        f"requests/{sent.pk}/decide",
        version=2,
        outcome="merge",
        reason="Same.",
        into=hidden.pk,
    )

    assert api(lead).get(f"/api/v1/requests/{sent.pk}/").data["merged_into"] == hidden.pk
    assert api(nurse).get(f"/api/v1/requests/{sent.pk}/").data["merged_into"] is None


def test_the_ranking_and_the_units_of_the_replacement_list(lead):
    here = ReplacementFactory(condition=5, support="ended")
    ReplacementFactory(condition=1)
    head = person(Role.UNIT_HEAD, unit=here.unit)

    rows = api(lead).get("/api/v1/replacement-items/ranking/").data
    assert rows[0]["id"] == here.pk
    assert listed(api(head), "replacement-items") == [here.pk]


def test_an_item_is_classified_by_finance_only(lead):
    item = create_item(request=submitted(), by=lead, name="Course", nature="training", unit_cost=9)
    path = f"request-items/{item.pk}/classify"

    refused = post(person(Role.PMO_ANALYST), path, version=1, side="capital", reason="Build.")
    done = post(person(Role.EXECUTIVE), path, version=1, side="capital", reason="Build.")

    assert (refused.status_code, done.data["override"]) == (403, "capital")


def test_the_rules_are_one_record(lead):
    assert api(lead).get("/api/v1/intake-rules/").data["results"][0]["answer_days"] == 10
    path = "/api/v1/intake-rules/1/"

    changed = api(lead).patch(path, {"version": 0, "answer_days": 12}, format="json")
    again = api(lead).patch(path, {"version": 0, "answer_days": 5}, format="json")

    assert (changed.data["answer_days"], again.status_code) == (12, 409)
