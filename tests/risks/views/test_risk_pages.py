"""Reading, adding and changing one risk: nothing typed is lost, nobody is overwritten."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from risks import services
from risks.models import Risk
from tests.factories import IssueFactory, MemberFactory, RiskFactory, UserFactory, person

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Pump recall",
    "description": "Because the vendor warned.",
    "kind": "threat",
    "likelihood": "4",
    "impact": "5",
    "inherent_likelihood": "5",
    "inherent_impact": "5",
    "target_likelihood": "2",
    "target_impact": "5",
    "strategy": "reduce",
    "response": "Second supplier.",
    "owner": "",
    "review_date": "2026-12-04",
    "proximity_date": "2027-01-16",
    "cost_impact": "1,072,000.50",
    "state": "open",
}


@pytest.fixture
def writer(signed_in, manager):
    return signed_in(manager)


def url(name, record):
    return reverse(f"risks:{name}", args=[record.pk])


def test_new_risk_is_registered_and_leads_back_to_the_project(writer, project, manager):
    response = writer.post(url("risk_new", project), {**TYPED, "owner": manager.pk})

    risk = Risk.objects.get()
    assert response.status_code == 302
    assert response["Location"] == url("project_panel", project)
    assert (risk.project, risk.title, risk.owner, risk.state) == (
        project,
        "Pump recall",
        manager,
        "open",
    )
    assert (risk.score, risk.inherent_score, risk.target_score) == (20, 25, 10)
    assert (risk.review_date, str(risk.cost_impact)) == (date(2026, 12, 4), "1072000.50")
    assert AuditEvent.objects.get().action == "risk.created"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Say what may happen."),
        ({"likelihood": ""}, "likelihood", "Choose how likely it is."),
        ({"impact": "6"}, "impact", "Choose one of the list."),
        ({"strategy": "exploit"}, "strategy", "For a threat choose one of"),
        ({"target_impact": ""}, "target_impact", "Give both likelihood and impact"),
        ({"review_date": "soon"}, "review_date", "Enter a day that exists"),
        ({"description": "Patient MRN 12345678"}, "description", "nothing of a patient"),
        ({"owner": "123456"}, "owner", "Choose one of the list."),
    ],
)
def test_bad_input_is_refused_at_its_field_and_kept(writer, project, changes, field, words):
    response = writer.post(url("risk_new", project), {**TYPED, **changes})

    page = response.content.decode()
    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert list(response.context["form"].errors) == [field]
    assert "Second supplier." in page
    assert not Risk.objects.exists()
    assert not AuditEvent.objects.exists()


def test_scores_as_typed_stay_beside_a_refused_form(writer, project):
    page = writer.post(url("risk_new", project), {**TYPED, "title": ""}).content.decode()

    assert '<span class="band band--extreme">20 Extreme</span>' in page
    assert '<span class="band band--high">10 High</span>' in page


def test_score_answers_what_is_chosen_so_far(writer):
    page = writer.get(
        reverse("risks:risk_score"),
        {"likelihood": "3", "impact": "2", "inherent_likelihood": "x", "target_impact": "9"},
    ).content.decode()

    assert '<span class="band band--moderate">6 Moderate</span>' in page
    assert "Possible, minor" in page
    assert page.count("not scored") == 4  # two dashes, each with its reason twice


def test_owner_select_offers_the_named_and_the_office_only(writer, project, manager, lead):
    UserFactory(name="Stranger")

    form = writer.get(url("risk_new", project)).context["form"]

    assert set(form.fields["owner"].queryset) == {manager, lead}
    assert "state" not in form.fields


def test_edit_saves_and_shows_the_risk(writer, project):
    risk = RiskFactory(project=project)

    response = writer.post(url("risk_edit", risk), {**TYPED, "version": "1", "state": "closed"})

    risk.refresh_from_db()
    assert response["Location"] == risk.get_absolute_url()
    assert (risk.title, risk.state, risk.version) == ("Pump recall", "closed", 2)
    assert "Risk saved." in writer.get(response["Location"]).content.decode()


def test_edit_keeps_an_owner_who_left(writer, project):
    gone = UserFactory(is_active=False)
    risk = RiskFactory(project=project, owner=gone)

    writer.post(url("risk_edit", risk), {**TYPED, "version": "1", "owner": gone.pk})

    risk.refresh_from_db()
    assert (risk.owner, risk.version) == (gone, 2)


def test_edit_does_not_make_a_risk_occur(writer, project):
    risk = RiskFactory(project=project)

    response = writer.post(url("risk_edit", risk), {**TYPED, "version": "1", "state": "occurred"})

    risk.refresh_from_db()
    assert (response.status_code, risk.state) == (422, "open")


def test_edit_keeps_occurred_and_may_reopen(writer, project):
    risk = RiskFactory(project=project, state="occurred")

    states = writer.get(url("risk_edit", risk)).context["form"].fields["state"].choices

    assert [value for value, _ in states] == ["open", "closed", "occurred"]


def test_a_lost_race_answers_409_with_both_versions_and_saves_on_the_second_try(
    writer, project, lead
):
    risk = RiskFactory(project=project, title="First")
    services.change_risk(risk=risk, version=1, by=lead, title="Theirs")

    response = writer.post(url("risk_edit", risk), {**TYPED, "version": "1"})

    page = response.content.decode()
    risk.refresh_from_db()
    assert (response.status_code, risk.title) == (409, "Theirs")
    assert "Pump recall" in page
    assert "Theirs" in page
    assert str(lead) in page

    writer.post(url("risk_edit", risk), {**TYPED, "version": "2"})
    risk.refresh_from_db()
    assert (risk.title, risk.version) == ("Pump recall", 3)


def test_page_of_a_risk_says_score_target_and_review(writer, project):
    risk = RiskFactory(
        project=project,
        likelihood=3,
        impact=4,
        target_likelihood=2,
        target_impact=4,
        review_date=timezone.localdate() - timedelta(days=1),
    )
    issue = IssueFactory(project=project, from_risk=risk, title="It went wrong")

    response = writer.get(risk.get_absolute_url())

    page = response.content.decode()
    assert "This threat scores 12 (high) and is meant to come to 8." in page
    assert "Its review is overdue since" in page
    assert response.context["color"] == "amber"
    assert issue.get_absolute_url() in page
    assert [action.url for action in response.context["actions"]] == [
        url("risk_edit", risk),
        url("issue_from_risk", risk),
    ]


@pytest.mark.parametrize(
    ("fields", "lede", "color"),
    [
        (
            {"impact": 5, "review_date": date(2199, 1, 2)},
            "This threat scores 15 (extreme). It is looked at again on 2 Jan 2199.",
            "red",
        ),
        ({"impact": 1}, "This threat scores 3 (low). No review date is set.", "none"),
        (
            {"impact": 5, "kind": "opportunity"},
            "This opportunity scores 15 (extreme). No review date is set.",
            "none",
        ),
        ({"state": "closed"}, "This threat is closed. It scores 9 (high).", "none"),
    ],
)
def test_lede_of_a_risk(writer, project, fields, lede, color):
    response = writer.get(RiskFactory(project=project, **fields).get_absolute_url())

    assert (response.context["lede"], response.context["color"]) == (lede, color)


def test_money_of_a_risk_is_written_short(writer, project):
    risk = RiskFactory(project=project, cost_impact="1072000.00")

    assert "$1.1M" in writer.get(risk.get_absolute_url()).content.decode().replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.parametrize("name", ["risk_edit", "issue_from_risk"])
@pytest.mark.parametrize(
    ("role", "status"), [(Role.EXECUTIVE, 403), (Role.READER, 403), (Role.STAFF, 404)]
)
def test_writing_is_refused(signed_in, name, role, status):
    risk = RiskFactory()
    user = person(role) if role is not Role.READER else None
    user = user or MemberFactory(project=risk.project, role=Role.READER).user
    client = signed_in(user)

    assert client.get(url(name, risk)).status_code == status
    assert client.post(url(name, risk), {**TYPED, "version": "1"}).status_code == status
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("name", ["risk_new", "issue_new"])
def test_adding_to_a_project_one_only_reads_is_refused(signed_in, project, name):
    client = signed_in(person(Role.EXECUTIVE))

    assert client.get(url(name, project)).status_code == 403
    assert client.post(url(name, project), TYPED).status_code == 403
    assert not Risk.objects.exists()


def test_a_reader_reads_without_buttons(signed_in):
    risk = RiskFactory()

    response = signed_in(person(Role.EXECUTIVE)).get(risk.get_absolute_url())

    assert response.status_code == 200
    assert response.context["actions"] == []


def test_a_hidden_risk_is_not_there(signed_in):
    risk = RiskFactory(project__is_confidential=True)
    client = signed_in(person(Role.EXECUTIVE))

    for name in ("risk_detail", "risk_edit", "issue_from_risk"):
        assert client.get(url(name, risk)).status_code == 404


def test_the_reference_is_a_fact_where_a_record_has_one(signed_in):
    client = signed_in(person(Role.PMO_LEAD))
    risk, issue = RiskFactory(external_id="R-017"), IssueFactory(external_id="I-3")

    of_risk, of_issue = (client.get(one.get_absolute_url()) for one in (risk, issue))
    plain = client.get(RiskFactory().get_absolute_url())

    assert ("Reference", "R-017") in of_risk.context["facts"]
    assert ("Reference", "I-3") in of_issue.context["facts"]
    assert "Reference" not in dict(plain.context["facts"])
