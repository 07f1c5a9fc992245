"""The pages of requests: what each reader finds, does and is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.governance.models import Decision
from portfolio.intake.models import (
    CapitalCycle,
    ContingencyDraw,
    MandatoryGround,
    ProjectRequest,
)
from portfolio.intake.services.requests import create_request
from projects.models import Project
from tests.factories import ProjectFactory, UnitFactory, person
from tests.factories.intake import (
    ESTIMATES,
    PAGE,
    CycleFactory,
    ReplacementFactory,
    RequestFactory,
    submitted,
    triaged,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(db):
    return person(Role.STAFF)


def url(name, *args):
    return reverse(f"intake:{name}", args=args)


def text(response):
    return response.content.decode()


def typed(unit, **more):
    return {"title": "Barcode scanners", "unit": unit.pk, "is_hard_date": "False"} | PAGE | more


def test_1a_anybody_who_signs_in_keeps_a_draft_with_a_title_alone(signed_in, nurse):
    client = signed_in(nurse)

    answer = client.post(url("request_new"), {"title": "Scanners", "draft": "1"}, follow=True)

    made = ProjectRequest.objects.get()
    assert (made.state, made.requester, made.title) == ("draft", nurse, "Scanners")
    assert "Draft saved. Only you can see it until you submit it." in text(answer)
    assert "Edit request" in text(answer)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.EXECUTIVE, Role.UNIT_HEAD])
def test_1a_any_role_may_ask(signed_in, role):
    assert signed_in(person(role)).get(url("request_new")).status_code == 200


def test_a_page_with_gaps_comes_back_with_what_was_typed_and_errors_at_the_fields(signed_in, nurse):
    answer = signed_in(nurse).post(url("request_new"), {"title": "Scanners", "systems": "Epic"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"problem", "unit", "kind", "if_nothing", "size"}
    assert "Epic" in text(answer)
    assert not ProjectRequest.objects.exists()


def test_a_submitted_request_says_where_it_stands_and_why(signed_in, nurse, lead):
    client = signed_in(nurse)

    answer = client.post(url("request_new"), typed(UnitFactory()), follow=True)

    made = ProjectRequest.objects.get()
    assert made.state == "triage"
    assert f"{made.number} is in triage: working day 0 of 10." in text(answer)

    signed_in(lead).post(
        url("request_decide", made.pk),
        {"outcome": "decline", "reason": "Carts do it.", "version": 2},
    )
    page = text(signed_in(nurse).get(made.get_absolute_url()))
    assert "was declined on" in page
    assert "Carts do it." in page


def test_a_draft_is_nobody_elses(signed_in, lead):
    draft = RequestFactory(state="draft", submitted_on=None, title="Secret wish")
    client = signed_in(lead)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(url("request_edit", draft.pk)).status_code == 404
    assert "Secret wish" not in text(client.get(url("request_list") + "?state=all"))


def test_a_withdrawn_draft_is_nobody_elses_anywhere(signed_in, nurse, lead):
    draft = create_request(by=nurse, title="Secret wish", unit=UnitFactory(), systems="Epic")
    signed_in(nurse).post(url("request_withdraw", draft.pk))
    client = signed_in(lead)

    assert client.get(draft.get_absolute_url()).status_code == 404
    found = [
        client.get(url("request_list") + "?state=all"),
        client.get(url("request_list") + "?state=over"),
        client.get(url("request_hints") + "?title=Secret+wish&systems=Epic"),
        client.get(reverse("find"), {"q": "Secret"}),
        client.get(reverse("changes")),
    ]
    assert not [page for page in found if "Secret wish" in text(page)]
    own = text(signed_in(nurse).get(draft.get_absolute_url()))
    assert "Secret wish" in own
    assert "You alone can read it" in own


def test_an_emergency_that_is_paid_is_not_asked_for_money_again(signed_in, lead):
    cycle, sent, client = CycleFactory(), submitted(title="Chiller"), signed_in(lead)
    said = {"outcome": "emergency", "reason": "No cooling."}
    first = said | {"cycle": cycle.pk, "amount": "310000", "version": sent.version}
    client.post(url("request_decide", sent.pk), first)
    client.post(url("request_decide", sent.pk), first)
    sent.refresh_from_db()
    client.post(url("request_send_back", sent.pk), {"reason": "Sure?", "version": sent.version})
    sent.refresh_from_db()

    form = client.get(url("request_decide", sent.pk)).context["form"]
    assert not {"cycle", "amount"} & set(form.fields)
    assert "$310,000" in form.fields["outcome"].help_text
    client.post(url("request_decide", sent.pk), said | {"version": sent.version})

    sent.refresh_from_db()
    assert (sent.state, ContingencyDraw.objects.count()) == ("emergency", 1)


def test_the_queue_of_500_costs_as_few_statements_as_that_of_one(signed_in, lead):
    client, first = signed_in(lead), RequestFactory()
    addresses = [url("request_list"), url("age_panel"), reverse("waiting")]
    for address in addresses:
        client.get(address)

    def costs():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    before = costs()
    ProjectRequest.objects.bulk_create(
        ProjectRequest(
            title=f"Infusion pumps {number}",
            requester=first.requester,
            unit=first.unit,
            state="triage",
            submitted_on=first.submitted_on,
            clock_since=first.clock_since,
            answer_due_on=first.clock_since + timedelta(days=number % 30),
        )
        for number in range(500)
    )

    assert costs() == before
    assert client.get(addresses[0]).context["page"].paginator.count == 501


def test_only_the_requester_writes_and_withdraws(signed_in, nurse, lead):
    sent = submitted(by=nurse)

    for name in ("request_edit", "request_answer", "request_withdraw"):
        assert signed_in(lead).get(url(name, sent.pk)).status_code == 404
    answer = signed_in(nurse).post(url("request_withdraw", sent.pk), follow=True)

    sent.refresh_from_db()
    assert sent.state == "withdrawn"
    assert "Request withdrawn." in text(answer)


def test_a_question_is_answered_on_its_page(signed_in, nurse, lead):
    sent = submitted(by=nurse)
    signed_in(lead).post(
        url("request_decide", sent.pk),
        {"outcome": "ask", "reason": "How many wards?", "version": sent.version},
    )

    client = signed_in(nurse)
    assert "1 request asks you something." in text(client.get(url("my_requests")))
    page = client.get(url("request_answer", sent.pk))
    assert "How many wards?" in text(page)
    sent.refresh_from_db()
    client.post(
        url("request_answer", sent.pk),
        typed(sent.unit, answer="Four.", version=sent.version),
    )

    sent.refresh_from_db()
    assert (sent.state, sent.versions.count()) == ("triage", 2)


def test_the_office_triages_decides_and_makes_a_project(signed_in, lead):
    sent, client = submitted(), signed_in(lead)
    said = {name: str(value) for name, value in ESTIMATES.items()}

    client.post(
        url("request_triage", sent.pk),
        said
        | {
            "lane": "operational",
            "request_class": "routine",
            "options": "All three.",
            "expected_value": "Time.",
            "profile": ["device", "cloud"],
            "version": sent.version,
        },
    )
    sent.refresh_from_db()
    assert (sent.lane, sent.profile, sent.running_5) == (
        "operational",
        ["device", "cloud"],
        Decimal(10_000),
    )
    assert "($100K to $300K)" in text(client.get(sent.get_absolute_url()))
    client.post(
        url("request_decide", sent.pk),
        {"outcome": "case", "reason": "Worth it.", "version": sent.version},
    )
    sent.refresh_from_db()
    assert sent.state == "case"
    form = client.get(url("request_project", sent.pk)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"code": "CAP-9"}
    answer = client.post(url("request_project", sent.pk), data)

    made = Project.objects.get()
    assert (answer.status_code, made.code, made.lane) == (302, "CAP-9", "operational")
    assert made.get_absolute_url() in text(client.get(sent.get_absolute_url()))


def test_a_committees_decision_that_the_triager_may_not_see_stays_linked(signed_in, lead):
    hidden = ProjectFactory(is_confidential=True)
    decision = Decision.objects.create(number="D-1", question="Buy it?", project=hidden)
    sent, analyst = submitted(), person(Role.PMO_ANALYST)
    triaged(sent, lead, committee_decision=decision)
    client = signed_in(analyst)

    form = client.get(url("request_triage", sent.pk)).context["form"]
    data = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in data.items() if value is not None}
    said |= {"options": "Others.", "committee_decision": ""}  # a list without it chooses nothing
    answer = client.post(url("request_triage", sent.pk), said)

    sent.refresh_from_db()
    assert (answer.status_code, sent.options) == (302, "Others.")
    assert sent.committee_decision == decision


def test_a_refused_decision_keeps_what_was_typed(signed_in, lead):
    sent = submitted()

    answer = signed_in(lead).post(
        url("request_decide", sent.pk),
        {"outcome": "case", "reason": "Worth a case.", "version": sent.version},
    )

    assert answer.status_code == 422
    assert "Before a business case, say in triage: the lane" in text(answer)
    assert "Worth a case." in text(answer)


def test_the_ground_is_given_and_verified_by_two_people(signed_in, lead):
    sent, analyst = submitted(), person(Role.PMO_ANALYST)
    bites = timezone.localdate() + timedelta(days=50)
    signed_in(analyst).post(
        url("request_ground", sent.pk),
        {"kind": "vendor", "citation": "Notice 7", "bites_on": bites, "vendor_notice": "Of May"},
    )

    own = text(signed_in(analyst).get(sent.get_absolute_url()))
    assert "Not verified yet" in own
    assert "Verify ground" not in own
    page = text(signed_in(lead).get(sent.get_absolute_url()))
    assert "Verify ground" in page
    read = sent.ground.version
    assert f'name="version" value="{read}"' in page
    said = {"kind": "vendor", "citation": "Notice 8", "bites_on": bites, "vendor_notice": "Of June"}
    signed_in(analyst).post(url("request_ground", sent.pk), said | {"version": read})
    for version in ("", "nonsense", read):
        late = signed_in(lead).post(
            url("request_verify", sent.pk), {"version": version}, follow=True
        )
        assert "Another person changed the ground since you read it." in text(late)
    assert not MandatoryGround.objects.get().is_verified
    answer = signed_in(lead).post(
        url("request_verify", sent.pk), {"version": read + 1}, follow=True
    )

    assert "Ground verified." in text(answer)
    assert MandatoryGround.objects.get().is_verified


def test_doubles_are_shown_to_the_office_while_it_triages(signed_in, lead, nurse):
    sent = submitted(by=nurse)
    other = submitted(title="Barcode scanners for all")

    page = text(signed_in(lead).get(sent.get_absolute_url()))
    assert "May be the same" in page
    assert other.title in page
    assert other.title not in text(signed_in(nurse).get(sent.get_absolute_url()))


def test_hints_while_typing_tell_only_of_what_the_reader_may_see(signed_in, nurse, lead):
    submitted(title="Barcode scanners for all", is_confidential=True)
    address = url("request_hints") + "?title=Barcode+scanners"
    htmx = {"headers": {"HX-Request": "true"}}

    assert "for all" in text(signed_in(lead).get(address, **htmx))
    for role in (Role.STAFF, Role.PMO_ANALYST, Role.EXECUTIVE):
        assert "for all" not in text(signed_in(person(role)).get(address, **htmx))


def test_finance_classifies_an_item_and_others_do_not(signed_in, lead):
    sent = submitted()
    signed_in(person(Role.PMO_ANALYST)).post(
        url("item_new", sent.pk),
        {"name": "Course", "nature": "training", "quantity": 1, "unit_cost": "8000", "life": "1"},
    )
    item = sent.items.get()

    assert signed_in(person(Role.PMO_ANALYST)).get(url("item_classify", item.pk)).status_code == 403
    executive = signed_in(person(Role.EXECUTIVE))
    executive.post(
        url("item_classify", item.pk),
        {"override": "capital", "override_reason": "Part of the build.", "version": 1},
    )

    assert "Finance: Part of the build." in text(executive.get(sent.get_absolute_url()))


def test_items_are_changed_and_removed_while_it_is_in_triage(signed_in, lead):
    sent, client = submitted(), signed_in(lead)
    said = {"name": "Cart", "nature": "equipment", "quantity": 4, "unit_cost": "900", "life": "5"}
    client.post(url("item_new", sent.pk), said)
    item = sent.items.get()
    client.post(url("item_edit", item.pk), said | {"quantity": 6, "version": 1})

    assert sent.items.get().amount == 5_400
    client.post(url("item_remove", item.pk))
    assert not sent.items.exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"late", "soon", "asked"}),
        ("?age=late", {"late"}),
        ("?age=soon", {"soon"}),
        ("?age=waiting", {"asked"}),
        ("?lane=mandatory", {"soon"}),
        ("?lane=none", {"late", "asked"}),
        ("?state=declined", {"declined"}),
        ("?state=all&q=carts", {"declined"}),
        ("?state=all", {"late", "soon", "asked", "declined"}),
        ("?state=nonsense&age=nonsense", {"late", "soon", "asked"}),
    ],
)
def test_the_queue_narrows_by_state_age_lane_and_words(signed_in, lead, query, shown):
    today = timezone.localdate()
    RequestFactory(title="late", clock_since=today, answer_due_on=today - timedelta(days=1))
    RequestFactory(
        title="soon",
        lane="mandatory",
        clock_since=today,
        answer_due_on=today + timedelta(days=1),
    )
    RequestFactory(title="asked", state="asked")
    RequestFactory(
        title="declined", state="declined", decision_reason="Carts do it.", decided_on=today
    )
    if "nonsense" in query:
        shown = {"late", "soon", "asked", "declined"} if "state=nonsense" not in query else shown

    answer = signed_in(lead).get(url("request_list") + query)

    assert {one.title for one in answer.context["page"]} == shown


def test_the_queue_narrows_to_a_unit_and_those_below(signed_in, lead):
    tower = UnitFactory()
    RequestFactory(title="inside", unit=UnitFactory(parent=tower))
    RequestFactory(title="top", unit=tower)
    RequestFactory(title="other")

    answer = signed_in(lead).get(url("request_list") + f"?unit={tower.pk}")

    assert {one.title for one in answer.context["page"]} == {"inside", "top"}


def test_a_confidential_request_is_in_no_list_no_count_and_no_panel(signed_in):
    hidden = RequestFactory(title="Merger", is_confidential=True)
    CapitalCycle.objects.all()
    cycle = CycleFactory()
    ProjectRequest.objects.filter(pk=hidden.pk).update(cycle=cycle, capital_estimate=7_000_000)
    client = signed_in(person(Role.EXECUTIVE))

    register = client.get(url("request_list") + "?state=all")
    panel = client.get(url("age_panel"))
    asked = text(client.get(cycle.get_absolute_url()))

    assert (register.context["counts"].total, panel.context["total"]) == (0, 0)
    assert "Merger" not in text(register) + text(panel) + asked
    assert "$7.0M" not in asked
    assert client.get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "name", ["my_requests", "request_list", "cycle_list", "replacement_list", "age_panel"]
)
def test_a_list_costs_the_same_for_any_number(signed_in, lead, name):
    client, costs = signed_in(lead), []
    client.get(url(name))
    for number in (1, 3, 40):
        for _ in range(number):
            RequestFactory(requester=lead)
            ReplacementFactory()
        for _ in range(min(number, 20)):  # no two of a year
            CycleFactory()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url(name)).status_code == 200
        costs.append(len(seen))

    assert len(set(costs)) == 1


def test_one_request_costs_the_same_however_long_its_way(signed_in, lead):
    sent, client = submitted(), signed_in(lead)
    triaged(sent, lead)
    client.get(sent.get_absolute_url())

    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(sent.get_absolute_url())
        return len(seen)

    before = cost()
    for _ in range(20):
        submitted(title="Barcode scanners")

    assert cost() == before
