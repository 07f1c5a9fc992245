"""What the settings refuse, and what recorded amounts hold fast."""

import threading
import time as time_module
from datetime import date, time
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError
from pmo.organization import locks
from pmo.organization.current import organization
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from portfolio.governance.models import Committee
from portfolio.intake.selectors.settings import rules
from portfolio.intake.services.cycles import change_rules
from projects.models import FundingSource
from projects.services.money import create_budget_line
from tests.factories import BudgetLineFactory, ProjectFactory, RiskFactory, UpdateFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved():
    return change_organization(by=None, version=None, name="Lakeside")


def refused(**fields):
    events = AuditEvent.objects.count()
    with pytest.raises(ValidationError) as caught:
        change_organization(by=None, version=None, **fields)
    assert AuditEvent.objects.count() == events
    return caught.value.message_dict


@pytest.mark.parametrize("sign", ["$", "£", "€", "CA$", "CHF", "A$", "kr", "Fr.", "NZD", "₹", "zł"])
def test_a_sign_or_a_code_is_a_currency(saved, sign):
    changed = change_organization(by=None, version=1, currency=sign)

    assert changed.money == sign


@pytest.mark.parametrize(
    "text", ["5", "$5", "-", ",", ".", "k", "M", "bn", "US $", "<b>", "\x00", "'"]
)
def test_what_could_be_a_part_of_an_amount_is_no_currency(saved, text):
    assert set(refused(currency=text)) == {"currency"}


@pytest.mark.parametrize("text", ["", "123456789"])
def test_a_currency_has_one_to_eight_characters(saved, text):
    assert set(refused(currency=text)) == {"currency"}


def test_a_currency_that_the_environment_once_said_does_not_lock_the_rest():
    Organization.objects.create(pk=1, name="Lakeside", currency="US 5")

    assert change_organization(by=None, version=1, name="Hill").name == "Hill"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"fiscal_year_start_month": 13}, "fiscal_year_start_month"),
        ({"remind_time": time(17, 0)}, "remind_time"),
        ({"due_weekday": 4, "freeze_weekday": 3}, "freeze_weekday"),
        ({"freeze_weekday": 5, "compile_weekday": 5}, "compile_weekday"),
        ({"due_weekday": 7}, "due_weekday"),
        ({"earliest_date": date(1899, 12, 31)}, "earliest_date"),
        ({"earliest_date": date(2999, 1, 1)}, "earliest_date"),
        ({"years_ahead": 0}, "years_ahead"),
        ({"name": ""}, "name"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_their_field(saved, fields, at):
    assert set(refused(**fields)) == {at}


def test_a_week_may_be_frozen_on_the_day_it_is_due_and_drafted_the_day_after(saved):
    week = {"due_weekday": 3, "freeze_weekday": 3, "compile_weekday": 4}

    changed = change_organization(by=None, version=1, **week)

    assert {name: getattr(changed, name) for name in week} == week


def test_every_column_of_money_is_known_to_the_locks():
    columns = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DecimalField)
        and (field.max_digits, field.decimal_places) == (16, 2)
    }

    assert len(columns) > 20
    assert locks.registered() == columns, "Register it by amounts_are_in() in the app's ready()."


def of_money():
    return {
        "budget line": BudgetLineFactory,
        "forecast of an update": lambda: UpdateFactory(forecast_cost=Decimal(5)),
        "risk": lambda: RiskFactory(cost_impact=Decimal(5)),
        "funding source": lambda: FundingSource.objects.create(code="G", name="Grant", amount=5),
    }


@pytest.mark.parametrize("what", sorted(of_money()))
def test_currency_and_fiscal_year_are_locked_once_an_amount_is_recorded(saved, what):
    of_money()[what]()

    said = refused(currency="£", fiscal_year_start_month=1, name="Hill")

    assert said == {name: [sentence] for name, sentence in locks.SENTENCES.items()}
    assert organization().name == "Lakeside"


def test_what_is_no_amount_locks_nothing(saved):
    ProjectFactory()
    RiskFactory(cost_impact=None)
    FundingSource.objects.create(code="G", name="Grant", amount=None)
    BudgetLineFactory(amount=None, stated_reason="Not yet tendered")

    changed = change_organization(by=None, version=1, currency="£", fiscal_year_start_month=1)

    assert (changed.currency, changed.fiscal_year_start_month) == ("£", 1)


def test_limits_that_are_set_before_any_money_lock_nothing(saved, lead):
    change_rules(by=lead, version=0, capital_threshold=Decimal(10_000))
    Committee.objects.create(name="Capital", delegated_amount=Decimal(250_000))

    assert change_organization(by=None, version=1, currency="£").currency == "£"
    assert rules().capital_threshold == Decimal(10_000)


def test_the_side_the_name_and_the_same_values_are_free(saved):
    BudgetLineFactory()

    changed = change_organization(
        by=None,
        version=1,
        name="Hill",
        currency="$",
        currency_after=True,
        fiscal_year_start_month=7,
    )

    assert (changed.name, changed.money.after, changed.version) == ("Hill", True, 2)


def test_the_lock_holds_for_the_very_first_settings_too():
    BudgetLineFactory()

    assert set(refused(currency="£")) == {"currency"}
    assert Organization.objects.count() == 0


def test_of_two_who_save_the_first_settings_the_second_is_told():
    opened = organization().version
    change_organization(by=None, version=opened, name="Lakeside")

    with pytest.raises(EditConflictError):
        change_organization(by=None, version=opened, name="Hill")


@pytest.mark.django_db(transaction=True)
def test_a_currency_waits_for_an_amount_that_is_being_recorded():
    """Somebody has written an amount and not committed yet: nobody else sees it, and it counts."""
    lead, project = person(Role.PMO_LEAD), ProjectFactory()
    change_organization(by=None, version=None, name="Lakeside")
    written = threading.Event()

    def record():
        with transaction.atomic():
            create_budget_line(project=project, by=lead, category="Works", amount=Decimal(9))
            written.set()
            time_module.sleep(0.5)
        connection.close()

    other = threading.Thread(target=record)
    other.start()
    assert written.wait(20)
    try:
        with pytest.raises(ValidationError) as caught:
            change_organization(by=None, version=None, currency="£")
    finally:
        other.join()

    assert set(caught.value.message_dict) == {"currency"}
    assert organization().currency == "$"
