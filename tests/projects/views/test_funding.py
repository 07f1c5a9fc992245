import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import FundingSource
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    MemberFactory,
    MonthForecastFactory,
    ProjectFactory,
    person,
)

pytestmark = pytest.mark.django_db
LIST = reverse("projects:funding_source_list")
NEW = reverse("projects:funding_source_new")


def text(response):
    return " ".join(response.content.decode().split())


def url(name, source):
    return reverse(f"projects:{name}", args=[source.pk])


@pytest.fixture
def soon():
    return timezone.localdate() + timedelta(days=200)


class TestList:
    def test_says_when_there_is_none(self, signed_in, lead):
        response = signed_in(lead).get(LIST)

        assert response.context["lede"] == "No funding source is recorded."
        assert NEW in text(response)

    def test_says_what_will_lapse_and_what_is_over_allotted(self, signed_in, lead, soon):
        grant = FundingSourceFactory(name="HRSA grant", expires_on=soon, amount=2_000_000)
        bond = FundingSourceFactory(name="The Bond", expires_on=None, amount=100_000)
        BudgetLineFactory(funding_source=grant, amount=Decimal(1_200_000))
        BudgetLineFactory(funding_source=bond, amount=Decimal(150_000))

        response = signed_in(lead).get(LIST)

        day = f"{soon.day} {soon:%b %Y}"
        assert response.context["lede"] == (
            f"$1.2M of the HRSA grant will lapse on {day} unless spent."
            " The Bond is over-allotted by $50K."
        )
        assert [one.source for one in response.context["page"]] == [grant, bond]

    def test_puts_sources_as_their_names_are_read(self, signed_in, lead, soon):
        names = ["Access", "AI", "Äpfel", "Zebra"]
        for name in reversed(names):
            FundingSourceFactory(name=f"{name} fund", expires_on=None, amount=1000)
            lapsing = FundingSourceFactory(name=f"{name} grant", expires_on=soon, amount=1000)
            BudgetLineFactory(funding_source=lapsing, amount=Decimal(1000))

        response = signed_in(lead).get(LIST)

        assert [one.source.name for one in response.context["page"]] == [
            *(f"{name} grant" for name in names),
            *(f"{name} fund" for name in names),
        ]

    def test_counts_several_that_will_lapse(self, signed_in, lead, soon):
        for name, days, amount in (("B", 5, 10_000), ("A", 0, 20_000)):
            source = FundingSourceFactory(name=name, expires_on=soon + timedelta(days=days))
            BudgetLineFactory(funding_source=source, amount=Decimal(amount))

        lede = signed_in(lead).get(LIST).context["lede"].replace("\N{NO-BREAK SPACE}", " ")

        assert lede == (
            "$30K of 2 funding sources will lapse unless spent,"
            f" first $20K of the A on {soon.day} {soon:%b %Y}."
        )

    def test_offers_changes_only_to_those_who_may(self, signed_in):
        response = signed_in(person(Role.EXECUTIVE)).get(LIST)

        assert response.status_code == 200
        assert NEW not in text(response)

    @pytest.mark.parametrize("role", [Role.STAFF, Role.UNIT_HEAD])
    def test_is_not_for_everybody(self, signed_in, role):
        assert signed_in(person(role)).get(LIST).status_code == 403

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, lead, django_assert_num_queries, django_assert_max_num_queries
    ):
        client = signed_in(lead)

        def fill():
            line = BudgetLineFactory(funding_source=FundingSourceFactory())
            CostEntryFactory(project=line.project, line=line)

        fill()
        client.get(LIST)  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(9) as first:
            client.get(LIST)
        fill()
        fill()
        with django_assert_num_queries(len(first)):
            client.get(LIST)


class TestPage:
    def test_shows_who_draws_on_it(self, signed_in, lead, soon):
        source = FundingSourceFactory(name="HRSA grant", expires_on=soon, amount=500_000)
        line = BudgetLineFactory(funding_source=source, amount=Decimal(300_000))
        CostEntryFactory(project=line.project, line=line, amount=Decimal(300_000))

        response = signed_in(lead).get(source.get_absolute_url())

        assert response.context["lede"].replace("\N{NO-BREAK SPACE}", " ") == (
            f"As planned, all that is allotted will be spent by {soon.day} {soon:%b %Y}."
            " $200K of the source is allotted to no project."
        )
        assert [row.project for row in response.context["rows"]] == [line.project]

    def test_says_how_much_more_than_is_allotted_will_be_spent(self, signed_in, lead, soon):
        source = FundingSourceFactory(name="HRSA grant", expires_on=soon, amount=1000)
        line = BudgetLineFactory(funding_source=source, amount=Decimal(1000))
        CostEntryFactory(project=line.project, line=line, amount=Decimal(1200))
        this_month = timezone.localdate().replace(day=1)
        MonthForecastFactory(project=line.project, line=line, month=this_month, amount=Decimal(100))

        assert signed_in(lead).get(source.get_absolute_url()).context["lede"] == (
            f"As planned, all that is allotted will be spent by {soon.day} {soon:%b %Y}. What is"
            " spent and to come is $300 more than is allotted. All of it is allotted."
        )

    def test_says_what_lapsed(self, signed_in, lead):
        source = FundingSourceFactory(name="Old grant", expires_on=date(2020, 9, 30), amount=1000)
        BudgetLineFactory(funding_source=source, amount=Decimal(1000))

        assert signed_in(lead).get(source.get_absolute_url()).context["lede"] == (
            "$1,000 of the Old grant lapsed on 30 Sep 2020. All of it is allotted."
        )

    def test_gives_nothing_of_a_confidential_project_away(self, signed_in, soon):
        source = FundingSourceFactory(expires_on=soon, amount=1_000_000)
        secret = ProjectFactory(is_confidential=True, name="Merger with Mercy", code="SECRET-1")
        line = BudgetLineFactory(project=secret, funding_source=source, amount=Decimal(654_321))
        CostEntryFactory(project=secret, line=line, amount=Decimal(123_456))
        client = signed_in(person(Role.EXECUTIVE))

        for address in (LIST, source.get_absolute_url()):
            page = text(client.get(address))
            # amounts: the number of a person and a random token hold such digits, too
            assert re.findall(r"Mercy|SECRET-1|\$(?:654|123|346|531)", page) == []
        assert "Projects you cannot see draw on it too." in page
        assert "No project you can see draws on it" in page

    def test_shows_a_confidential_project_to_those_named_on_it(self, signed_in, soon):
        source = FundingSourceFactory(expires_on=soon)
        secret = ProjectFactory(is_confidential=True)
        BudgetLineFactory(project=secret, funding_source=source)
        reader = person(Role.EXECUTIVE)
        MemberFactory(project=secret, user=reader, role=Role.READER)

        rows = signed_in(reader).get(source.get_absolute_url()).context["rows"]

        assert [row.project for row in rows] == [secret]

    def test_that_does_not_exist(self, signed_in, lead):
        assert signed_in(lead).get("/projects/funding/987654/").status_code == 404


class TestEdit:
    def typed(self, **fields):
        return {"name": "HRSA grant", "code": "GR-1", "kind": "grant", "amount": "1.5 M"} | fields

    def test_adds_a_source(self, signed_in, lead):
        response = signed_in(lead).post(NEW, self.typed(expires_on="2027-09-30"))

        source = FundingSource.objects.get()
        assert response["Location"] == source.get_absolute_url()
        assert (source.amount, source.expires_on) == (1_500_000, date(2027, 9, 30))

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"name": ""}, "Fill this in."),
            ({"amount": "much"}, "Enter an amount, for example 20,600,000 or 20.6M."),
            ({"amount": "-1"}, "The amount cannot be negative."),
            (
                {"available_from": "2027-10-01", "expires_on": "2027-09-30"},
                "The money expires before it is available.",
            ),
            ({"restriction": "Patient MRN 12345678"}, "Rounds keeps nothing of a patient"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, signed_in, lead, fields, problem):
        response = signed_in(lead).post(NEW, self.typed(**fields))

        assert response.status_code == 422
        assert problem in text(response)
        assert 'value="GR-1"' in text(response)
        assert not FundingSource.objects.exists()

    def test_is_not_overwritten_unseen(self, signed_in, lead):
        source, client = FundingSourceFactory(), signed_in(lead)

        client.post(url("funding_source_edit", source), self.typed(amount="5", version=1))
        late = client.post(url("funding_source_edit", source), self.typed(amount="6", version=1))

        assert late.status_code == 409
        assert FundingSource.objects.get().amount == 5

    def test_removes_what_nothing_draws_on(self, signed_in, lead):
        used, unused, client = FundingSourceFactory(), FundingSourceFactory(), signed_in(lead)
        BudgetLineFactory(funding_source=used)

        refused = client.post(url("funding_source_remove", used))
        client.post(url("funding_source_remove", unused))

        assert refused.status_code == 409
        assert list(FundingSource.objects.all()) == [used]

    def test_is_not_for_readers(self, signed_in):
        client, source = signed_in(person(Role.EXECUTIVE)), FundingSourceFactory()

        assert client.get(NEW).status_code == 403
        assert client.post(url("funding_source_edit", source), self.typed()).status_code == 403
        assert client.post(url("funding_source_remove", source)).status_code == 403
        assert FundingSource.objects.get().name == source.name


def test_a_budget_line_names_its_source(signed_in, lead, project):
    source, client = FundingSourceFactory(), signed_in(lead)

    client.post(
        reverse("projects:budget_line_new", args=[project.pk]),
        {"category": "Build", "kind": "capital", "amount": "5", "funding_source": source.pk},
    )

    assert list(source.budget_lines.values_list("project", "amount")) == [(project.pk, 5)]


def test_a_cost_is_paid_against_an_open_commitment(signed_in, manager, project):
    client, address = signed_in(manager), reverse("projects:cost_entry_new", args=[project.pk])
    order = CostEntryFactory(
        project=project, kind="commitment", amount=1000, note="Contract 7", entry_date="2026-03-01"
    )
    CostEntryFactory(project=project, kind="commitment", amount=-50)
    CostEntryFactory(kind="commitment")
    CostEntryFactory(project=project, commitment=order, amount=400, entry_date="2026-04-01")
    typed = {"kind": "actual", "entry_date": "2026-11-20", "commitment": order.pk}

    offered = list(client.get(address).context["form"].fields["commitment"].choices)
    late = client.post(address, typed | {"amount": "601"})
    client.post(address, typed | {"amount": "600"})

    assert [str(label) for _, label in offered] == [
        "No commitment",
        "Contract 7, 1 Mar 2026, $600 left",
    ]
    assert (late.status_code, "Of the commitment $600 is left." in text(late)) == (422, True)
    assert sum(order.payments.values_list("amount", flat=True)) == 1000
    listed = text(client.get(reverse("projects:cost_entry_list", args=[project.pk])))
    assert listed.count("paid against the commitment of 1 Mar 2026") == 2
