"""Explaining a difference: the form knows what is open, and only those who may reach it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import VarianceCause
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
TYPED = {
    "measure": "cost",
    "cause": "rate",
    "amount": "70000",
    "days": "",
    "explanation": "Steel costs more",
}


def new(project):
    return reverse("projects:variance_cause_new", args=[project.pk])


def cause_of(project):
    return VarianceCause.objects.create(
        project=project,
        measure="finish",
        cause="delay",
        days=3,
        explanation="Strike",
        noted_on=date(2026, 11, 1),
    )


@pytest.mark.parametrize(
    ("query", "initial"),
    [
        ("?measure=cost&rest=70.00", ("cost", Decimal("70.00"), None)),
        ("?measure=finish&rest=-4", ("finish", None, -4)),
        ("?measure=nonsense&rest=NaN", ("cost", None, None)),
        ("?rest=Infinity", ("cost", None, None)),
        ("?measure=finish&rest=1E5000", ("finish", None, None)),
        ("?measure=cost&rest=1E5000", ("cost", None, None)),
        ("?measure=cost&rest=1E-99999", ("cost", Decimal("0.00"), None)),
        ("", ("cost", None, None)),
    ],
)
def test_form_offers_what_is_not_explained_yet(signed_in, lead, project, query, initial):
    form = signed_in(lead).get(new(project) + query).context["form"]

    assert tuple(form.initial[name] for name in ("measure", "amount", "days")) == initial


def test_saved_cause_leads_back_to_the_forecast(signed_in, manager, project):
    response = signed_in(manager).post(new(project), TYPED)

    assert response.status_code == 302
    assert response["Location"] == reverse("reports:project_forecast", args=[project.pk])
    assert VarianceCause.objects.get().amount == Decimal(70000)


def test_amount_for_a_date_is_refused_with_a_sentence_and_keeps_what_was_typed(
    signed_in, manager, project
):
    response = signed_in(manager).post(new(project), TYPED | {"measure": "finish"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Give an amount for cost, days for the finish date." in page
    assert "Steel costs more" in page
    assert not VarianceCause.objects.exists()


def test_explanation_is_required(signed_in, manager, project):
    assert signed_in(manager).post(new(project), TYPED | {"explanation": ""}).status_code == 422


def test_cause_is_changed_and_removed(signed_in, manager, project):
    cause, client = cause_of(project), signed_in(manager)
    address = cause.get_absolute_url()

    changed = TYPED | {"measure": "finish", "amount": "", "days": "5", "version": cause.version}
    assert client.post(address, changed).status_code == 302
    assert VarianceCause.objects.get().days == 5
    assert client.post(address, changed | {"days": "6"}).status_code == 409
    assert client.post(f"{address}remove/").status_code == 302
    assert not VarianceCause.objects.exists()


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.READER])
def test_readers_may_not_explain(signed_in, project, role):
    client = signed_in(MemberFactory(project=project, role=role).user)

    assert client.get(new(project)).status_code == 403
    assert client.get(cause_of(project).get_absolute_url()).status_code == 403


@pytest.mark.parametrize("days", ["36501", "-99999999999999999999"])
def test_days_beyond_a_century_are_refused_in_a_sentence(signed_in, manager, project, days):
    typed = TYPED | {"measure": "finish", "amount": "", "days": days}

    response = signed_in(manager).post(new(project), typed)

    assert response.status_code == 422
    assert response.context["form"].errors == {"days": ["Give at most 36,500 days."]}
    assert not VarianceCause.objects.exists()
