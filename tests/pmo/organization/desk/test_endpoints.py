"""The settings over the API: the page's rules and sentences."""

import pytest

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.organization import locks
from pmo.organization.models import Organization
from pmo.organization.services import change_organization
from tests.factories import BudgetLineFactory, person
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db
LIST, ONE = "/api/v1/organization/", "/api/v1/organization/1/"


@pytest.fixture
def administrator(db):
    return api(person(Role.ADMINISTRATOR))


def test_there_is_one_before_anybody_saved_it(administrator):
    listed = administrator.get(LIST).data

    assert listed["count"] == 1
    assert listed["results"] == [administrator.get(ONE).data]
    assert (listed["results"][0]["name"], listed["results"][0]["version"]) == (
        "St. Brigid Health",
        0,
    )
    assert administrator.get("/api/v1/organization/2/").status_code == 404


def test_a_change_is_saved_with_one_event_and_needs_its_version(administrator):
    assert administrator.patch(ONE, {"name": "Hill"}, format="json").status_code == 400

    first = administrator.patch(ONE, {"name": "Hill", "version": 0}, format="json")
    second = administrator.patch(ONE, {"name": "Valley", "version": 0}, format="json")

    assert (first.status_code, first.data["name"], first.data["version"]) == (200, "Hill", 1)
    assert (second.status_code, second.data["version"]) == (409, 1)
    assert administrator.get(ONE).data == first.data
    assert AuditEvent.objects.filter(action__startswith="organization.").count() == 1


@pytest.mark.parametrize("role", [Role.PMO_LEAD, Role.PMO_ANALYST])
def test_the_office_reads_and_does_not_change(role):
    client = api(person(role))

    assert client.get(ONE).status_code == 200
    assert client.patch(ONE, {"name": "Hill", "version": 0}, format="json").status_code == 403
    assert Organization.objects.count() == 0


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.STAFF, None])
def test_others_do_not_read(role):
    client = api(person(role))

    assert (client.get(LIST).status_code, client.get(ONE).status_code) == (403, 403)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "5"),
        ("currency", ""),
        ("time_zone", "Mars/Olympus"),
        ("fiscal_year_start_month", 13),
        ("freeze_weekday", 3),
        ("compile_weekday", 6),
        ("remind_time", "18:00"),
        ("due_time", "noon"),
        ("earliest_date", "2999-01-01"),
        ("years_ahead", 2**63),
        ("name", "\x00"),
        ("bands", {}),
        ("at_first", {}),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(administrator, field, value):
    answer = administrator.patch(ONE, {field: value, "version": 0}, format="json")

    assert answer.status_code == 400
    assert set(answer.data) == {field}
    assert Organization.objects.count() == 0


def test_what_amounts_stand_on_is_locked_with_the_page_s_sentence(administrator):
    BudgetLineFactory()
    version = change_organization(by=None, version=None, name="Lakeside").version

    answer = administrator.patch(ONE, {"currency": "£", "version": version}, format="json")
    side = administrator.patch(ONE, {"currency_after": True, "version": version}, format="json")

    assert (answer.status_code, answer.data) == (400, {"currency": [locks.SENTENCES["currency"]]})
    assert (side.status_code, side.data["currency_after"]) == (200, True)


def test_a_filter_by_name_finds_it_or_nothing(administrator):
    assert administrator.get(LIST, {"name": "St. Brigid Health"}).data["count"] == 1
    assert administrator.get(LIST, {"name": "Hill"}).data["count"] == 0
    assert administrator.get(LIST, {"nam": "Hill"}).status_code == 400
