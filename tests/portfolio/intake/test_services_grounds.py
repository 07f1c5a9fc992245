"""Rules 1b and 1d: what makes work mandatory, a second person's look, and when it does not hold."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.records.writing import EditConflictError, RefusalError
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import MandatoryGround
from portfolio.intake.services import grounds as services
from portfolio.intake.services.becoming import link_project
from portfolio.intake.services.triage import decide_request
from portfolio.intake.tasks import lapsed_grounds
from tests.factories import ProjectFactory, person
from tests.factories.intake import submitted, triaged

pytestmark = pytest.mark.django_db
FIELDS = {"kind": "regulation", "citation": "42 CFR 482.41", "evidence": "Survey, page 4."}


@pytest.fixture
def analyst(db):
    return person(Role.PMO_ANALYST)


@pytest.fixture
def bites():
    return timezone.localdate() + timedelta(days=120)


@pytest.fixture
def accepted(lead, analyst, bites):
    """A mandatory request that goes to a business case on a verified ground."""
    sent = submitted()
    triaged(sent, lead, lane="mandatory")
    ground = services.give_ground(request=sent, by=analyst, bites_on=bites, **FIELDS)
    services.verify_ground(ground=ground, version=1, by=lead)
    return decide_request(
        request=sent, version=None, by=lead, outcome=TriageOutcome.CASE, reason="The law."
    )


def test_1b_the_requester_does_not_verify(lead, analyst, bites):
    sent = submitted(by=lead)
    ground = services.give_ground(request=sent, by=analyst, bites_on=bites, **FIELDS)

    with pytest.raises(RefusalError, match="The requester cannot verify"):
        services.verify_ground(ground=ground, version=1, by=lead)

    ground.refresh_from_db()
    assert not ground.is_verified


def test_1b_who_gave_the_ground_does_not_verify(lead, bites):
    ground = services.give_ground(request=submitted(), by=lead, bites_on=bites, **FIELDS)

    with pytest.raises(RefusalError, match="a second person"):
        services.verify_ground(ground=ground, version=1, by=lead)


def test_1b_a_second_person_verifies_and_the_timeline_tells_it(lead, analyst, bites):
    sent = submitted()
    ground = services.give_ground(request=sent, by=analyst, bites_on=bites, **FIELDS)

    verified = services.verify_ground(ground=ground, version=1, by=lead)

    assert (verified.verified_by, verified.verified_bites_on) == (lead, bites)
    assert sent.steps.filter(kind="verified").count() == 1


def test_1b_what_was_verified_on_a_day_that_is_over_is_told_on_it(lead, analyst, bites):
    sent, day = submitted(), timezone.localdate() - timedelta(days=9)
    ground = services.give_ground(request=sent, by=analyst, bites_on=bites, **FIELDS)

    verified = services.verify_ground(ground=ground, version=1, by=lead, on=day)

    told = sent.steps.get(kind="verified")
    assert timezone.localdate(verified.verified_at) == timezone.localdate(told.at) == day


@pytest.mark.parametrize("read", [None, 1])
def test_1b_only_the_ground_that_was_read_is_verified(lead, analyst, bites, read):
    ground = services.give_ground(request=submitted(), by=analyst, bites_on=bites, **FIELDS)
    services.change_ground(ground=ground, version=1, by=analyst, citation="42 CFR 482.99")

    with pytest.raises(EditConflictError):
        services.verify_ground(ground=ground, version=read, by=lead)

    ground.refresh_from_db()
    assert not ground.is_verified
    assert services.verify_ground(ground=ground, version=2, by=lead).is_verified


def test_1b_whoever_moved_the_date_of_an_unverified_ground_does_not_verify_it(lead, analyst, bites):
    ground = services.give_ground(request=submitted(), by=analyst, bites_on=bites, **FIELDS)
    moved = services.change_ground(
        ground=ground, version=1, by=lead, bites_on=bites + timedelta(days=5)
    )

    with pytest.raises(RefusalError, match="a second person"):
        services.verify_ground(ground=moved, version=2, by=lead)

    assert services.verify_ground(ground=moved, version=2, by=analyst).verified_by == analyst


def test_1b_a_vendor_ground_needs_the_vendors_notice(analyst, bites):
    fields = FIELDS | {"kind": "vendor", "bites_on": bites}

    with pytest.raises(ValidationError) as refusal:
        services.give_ground(request=submitted(), by=analyst, **fields)
    assert set(refusal.value.message_dict) == {"vendor_notice"}
    given = services.give_ground(
        request=submitted(), by=analyst, **fields, vendor_notice="Letter of 3 March"
    )

    assert given.vendor_notice == "Letter of 3 March"


@pytest.mark.parametrize(("gap", "value"), [("citation", ""), ("bites_on", None)])
def test_1b_a_ground_has_a_citation_and_a_date(analyst, bites, gap, value):
    with pytest.raises(ValidationError) as refusal:
        services.give_ground(
            request=submitted(), by=analyst, **(FIELDS | {"bites_on": bites, gap: value})
        )

    assert gap in refusal.value.message_dict


def test_1b_growth_is_no_ground(analyst, bites):
    with pytest.raises(ValidationError, match="growth of a unit is no ground"):
        services.give_ground(
            request=submitted(), by=analyst, **(FIELDS | {"kind": "growth", "bites_on": bites})
        )

    assert not MandatoryGround.objects.exists()


def test_1d_a_date_that_moves_more_than_90_days_leads_back_to_triage(accepted, analyst, bites):
    ground = accepted.ground

    changed = services.change_ground(
        ground=ground, version=None, by=analyst, bites_on=bites + timedelta(days=91)
    )

    accepted.refresh_from_db()
    assert (accepted.state, changed.is_verified) == ("triage", False)
    assert accepted.answer_due_on is not None
    assert accepted.steps.order_by("-pk").first().kind == "ground"


def test_1d_a_date_that_moves_90_days_in_steps_counts_from_what_was_verified(
    accepted, analyst, bites
):
    ground = services.change_ground(
        ground=accepted.ground, version=None, by=analyst, bites_on=bites + timedelta(days=90)
    )
    accepted.refresh_from_db()
    assert (accepted.state, ground.is_verified) == ("case", True)

    services.change_ground(
        ground=ground, version=None, by=analyst, bites_on=bites + timedelta(days=91)
    )

    accepted.refresh_from_db()
    assert accepted.state == "triage"


def test_1d_a_ground_that_moves_after_it_became_a_project_is_triaged_again_and_the_project_stays(
    accepted, analyst, lead, bites, signed_in
):
    link_project(request=accepted, version=None, by=lead, project=ProjectFactory())
    services.change_ground(
        ground=accepted.ground, version=None, by=analyst, bites_on=bites + timedelta(days=91)
    )
    accepted.refresh_from_db()
    assert (accepted.state, accepted.project_id is None) == ("triage", False)

    page = signed_in(lead).get(reverse("intake:request_decide", args=[accepted.pk]))
    assert [value for value, _ in page.context["form"].fields["outcome"].choices] == ["case", "ask"]
    assert (
        "so triage decides on it again"
        in signed_in(lead).get(accepted.get_absolute_url()).content.decode()
    )
    with pytest.raises(RefusalError, match="Decide on the project instead"):
        decide_request(
            request=accepted, version=None, by=lead, outcome=TriageOutcome.DECLINE, reason="No."
        )
    ground = MandatoryGround.objects.get()
    services.verify_ground(ground=ground, version=ground.version, by=lead)
    decide_request(
        request=accepted, version=None, by=lead, outcome=TriageOutcome.CASE, reason="It holds."
    )

    accepted.refresh_from_db()
    assert (accepted.state, accepted.answer_due_on) == ("case", None)


def test_1d_no_project_is_made_of_a_ground_whose_date_has_passed(accepted, lead):
    MandatoryGround.objects.update(bites_on=timezone.localdate() - timedelta(days=1))

    with pytest.raises(RefusalError, match="has passed"):
        link_project(request=accepted, version=None, by=lead, project=ProjectFactory())

    accepted.refresh_from_db()
    assert accepted.project_id is None


def test_another_citation_takes_the_verification(accepted, analyst):
    changed = services.change_ground(
        ground=accepted.ground, version=None, by=analyst, citation="42 CFR 482.42"
    )

    accepted.refresh_from_db()
    assert (changed.is_verified, changed.given_by, accepted.state) == (False, analyst, "triage")


def test_1d_a_date_that_lapses_leads_back_to_triage(accepted, monkeypatch, bites):
    def tick(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_args: day)
        lapsed_grounds(
            datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())
        )
        accepted.refresh_from_db()
        return accepted.state

    assert tick(bites) == "case"
    assert tick(bites + timedelta(days=1)) == "triage"
    steps = accepted.steps.count()
    assert tick(bites + timedelta(days=2)) == "triage"
    assert accepted.steps.count() == steps


def test_a_ground_whose_date_is_over_is_neither_given_nor_verified(lead, analyst, bites):
    sent, over = submitted(), timezone.localdate() - timedelta(days=1)

    with pytest.raises(ValidationError, match="has passed") as refusal:
        services.give_ground(request=sent, by=analyst, bites_on=over, **FIELDS)
    assert set(refusal.value.error_dict) == {"bites_on"}
    ground = services.give_ground(request=sent, by=analyst, bites_on=bites, **FIELDS)
    with pytest.raises(ValidationError, match="has passed"):
        services.change_ground(ground=ground, version=None, by=analyst, bites_on=over)
    with pytest.raises(RefusalError, match="has passed"):
        services.verify_ground(ground=ground, version=1, by=lead, on=bites + timedelta(days=1))


def test_1d_a_ground_that_lapsed_since_it_was_verified_leads_nowhere(lead, analyst, bites):
    sent = submitted()
    triaged(sent, lead, lane="mandatory")
    ground = services.give_ground(request=sent, by=analyst, bites_on=bites, **FIELDS)
    services.verify_ground(ground=ground, version=1, by=lead)
    given = {"by": lead, "outcome": TriageOutcome.CASE, "reason": "The law."}

    with pytest.raises(RefusalError, match="The date of the ground has passed"):
        decide_request(request=sent, version=None, on=bites + timedelta(days=1), **given)

    assert decide_request(request=sent, version=None, on=bites, **given).state == "case"
