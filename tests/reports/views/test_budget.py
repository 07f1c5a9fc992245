import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from tests.factories import (
    BudgetLineFactory,
    FundingSourceFactory,
    PortfolioFactory,
    ProjectFactory,
    UnitFactory,
    person,
)
from tests.factories.reports import SnapshotFactory, freeze

URL = "/budget/"
LATER = timezone.localdate() + timedelta(days=90)
SUNDAY = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1)


@pytest.fixture
def executive(db):
    return person(Role.EXECUTIVE)


def money(approved=None, forecast=None, **more):
    both = approved is not None and forecast is not None
    return {
        "approved_budget": None if approved is None else Decimal(approved),
        "forecast_cost": None if forecast is None else Decimal(forecast),
        "cost_variance": Decimal(forecast - approved) if both else None,
        **more,
    }


def plain(markup):
    words = re.sub(r"<(script|style).*?</\1>", " ", markup, flags=re.S)
    words = re.sub(r"<[^>]+>", " ", words).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", words).strip()


def table_of(page, heading):
    part = page[page.index(f'id="{heading}"') :]
    body = part[part.index("<tbody>") : part.index("</tbody>")]
    return [plain(row) for row in re.findall(r"<tr.*?</tr>", body, re.S)]


def tiles_of(page):
    return [plain(tile) for tile in re.findall(r'<div class="tile.*?</div>', page, re.S)]


@pytest.fixture
def three(db):
    """Two projects of Radiology, one of them without a forecast, and one of the Laboratory."""
    radiology, laboratory = UnitFactory(name="Radiology"), UnitFactory(name="Laboratory")
    return {
        "scanner": SnapshotFactory(
            project=ProjectFactory(name="Scanner", unit=radiology),
            manager_name="A. Lind",
            program_name="Imaging",
            category="device",
            fiscal_year=2027,
            year_budget=Decimal(500_000),
            year_forecast=Decimal(600_000),
            spent=Decimal(250_000),
            **money(1_000_000, 1_250_000),
        ),
        "archive": SnapshotFactory(
            project=ProjectFactory(name="Archive", unit=radiology),
            manager_name="",
            category="ehr",
            reasons={"forecast_cost": "Exempt under section 43"},
            **money(2_000_000),
        ),
        "analyzer": SnapshotFactory(
            project=ProjectFactory(name="Analyzer", unit=laboratory),
            manager_name="A. Lind",
            category="device",
            **money(400_000, 380_000),
        ),
    }


def test_a_sum_says_from_how_many_projects_it_is(signed_in, executive, three):
    SnapshotFactory(project=ProjectFactory(name="Unpriced"))

    page = signed_in(executive).get(URL).content.decode()

    assert tiles_of(page)[0] == "Approved budget $3.4 M 3 of 4 projects"


def test_page_says_the_finding_and_sums_what_is_known(signed_in, executive, three):
    page = signed_in(executive).get(URL).content.decode()

    assert (
        "The forecast is $230 k over the approved budget (+16.4%). 1 of 2 projects is over."
        in plain(page)
    )
    assert tiles_of(page) == [
        "Approved budget $3.4 M 3 projects",
        "Spent $250 k 7% of approved",
        "Committed – No project has this amount.",
        "Forecast cost $1.6 M At completion",
        "Over or under +$230 k +16.4%",
        "Forecast FY2026/27 $600 k +$100 k against $500 k",
    ]
    assert "Of 3 projects: 1 without a budget or a forecast. As of" in plain(page)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (
            "unit",
            [
                (
                    "Radiology 1 without a budget or a forecast 2 $3.0 M $250 k – No project here has"
                    " this amount. $1.3 M +$250 k +25.0% $500 k $600 k"
                ),
                (
                    "Laboratory 1 $400 k – No project here has this amount. – No project here has this"
                    " amount. $380 k −$20 k −5.0% – No project here has this amount. – No project here"
                    " has this amount."
                ),
            ],
        ),
        ("category", ["Devices and AI 2", "Health records and clinical IT 1"]),
        ("manager", ["A. Lind 2", "No manager named 1"]),
        ("program", ["Imaging 1", "In no program 1"]),
        ("nonsense", ["Radiology 1", "Laboratory 1"]),
    ],
)
def test_groups_stand_furthest_over_first(signed_in, executive, three, by, rows):
    page = signed_in(executive).get(f"{URL}?by={by}").content.decode()

    found = table_of(page, "h-groups")
    assert len(found) == len(rows)
    assert all(row.startswith(start) for row, start in zip(found, rows, strict=True))


def test_a_group_opens_its_projects(signed_in, executive, three):
    key = three["scanner"].unit_id

    page = signed_in(executive).get(f"{URL}?by=unit&group={key}").content.decode()

    rows = table_of(page, "h-projects")
    assert [row.split()[0] for row in rows] == ["Scanner", "Archive"]
    assert "Exempt under section 43" in rows[1]


@pytest.mark.parametrize("query", ["by=unit&group=999999", "by=unit&group=x", "by=category&group="])
def test_an_unknown_group_opens_nothing(signed_in, executive, three, query):
    page = signed_in(executive).get(f"{URL}?{query}").content.decode()

    assert 'id="h-projects"' not in page


def test_missing_amounts_are_counted_with_their_reasons(signed_in, executive, three):
    page = signed_in(executive).get(URL).content.decode()

    rows = table_of(page, "h-missing")
    assert rows[0] == "Spent 2 of 3 No reason stated: 2"
    assert "Forecast cost 1 of 3 Exempt under section 43: 1" in rows


def test_the_chart_title_names_a_unit_but_never_a_person(signed_in, executive, three):
    client = signed_in(executive)

    unit = plain(client.get(URL).content.decode())
    manager = plain(client.get(f"{URL}?by=manager").content.decode())

    assert "Radiology alone is forecast over budget, by $250 k" in unit
    assert "Forecast against approved budget by manager" in manager


def test_a_frozen_day_shows_its_own_amounts(signed_in, executive, three):
    freeze(SUNDAY)
    SnapshotFactory(project=three["scanner"].project, date=SUNDAY, **money(1_000_000, 1_050_000))

    page = plain(signed_in(executive).get(f"{URL}?as_of={SUNDAY}").content.decode())

    assert "The forecast is $50 k over the approved budget (+5.0%)." in page
    assert "(frozen)" in page


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (100, "The forecast is exactly the approved budget. None of 1 project is over."),
        (90, "The forecast is $10 under the approved budget. None of 1 project is over."),
        (None, "No project has both an approved budget and a forecast cost."),
    ],
)
def test_the_finding_of_one_project(signed_in, executive, forecast, said):
    SnapshotFactory(**money(100, forecast))

    assert said in plain(signed_in(executive).get(URL).content.decode())


def test_hidden_projects_are_neither_named_nor_summed(signed_in, executive, three):
    SnapshotFactory(
        project=ProjectFactory(
            name="Canary", is_confidential=True, unit=UnitFactory(name="Canary")
        ),
        manager_name="Canary",
        program_name="Canary",
        reasons={"spent": "Canary"},
        **money(7_000_000, 9_000_000),
    )
    client = signed_in(executive)

    for by in ("unit", "category", "manager", "program"):
        page = plain(client.get(f"{URL}?by={by}").content.decode())
        assert "Canary" not in page
        assert "Approved budget $3.4 M" in page
        assert "Of 4 projects: 1 hidden from you" in page


def test_empty_pages_say_why(signed_in, executive):
    assert "The money of your projects appears here" in plain(
        signed_in(executive).get(URL).content.decode()
    )
    SnapshotFactory()
    staff = plain(signed_in(person(Role.STAFF)).get(URL).content.decode())
    assert "You see none of these projects" in staff


def test_the_page_is_refused_without_the_permission(signed_in, db):
    assert signed_in(person(Role.ADMINISTRATOR)).get(URL).status_code == 403


@pytest.mark.parametrize("amount", [1, 3, 30])
def test_page_asks_the_same_questions_however_many_projects(
    signed_in, executive, django_assert_num_queries, amount
):
    unit = UnitFactory()
    for number in range(amount):
        row = {"project": ProjectFactory(unit=unit), **money(100, 100 + number)}
        BudgetLineFactory(
            project=row["project"], funding_source=FundingSourceFactory(expires_on=LATER)
        )
        SnapshotFactory(**row)
        SnapshotFactory(**row, date=SUNDAY)
    freeze(SUNDAY)
    client = signed_in(executive)

    with django_assert_num_queries(17):
        client.get(f"{URL}?by=unit&group={unit.pk}")


def test_pages_of_groups_hold_25(signed_in, executive):
    for number in range(30):
        SnapshotFactory(manager_name=f"Manager {number}", **money(100, 100 + number))

    client = signed_in(executive)

    first = table_of(client.get(f"{URL}?by=manager").content.decode(), "h-groups")
    second = table_of(client.get(f"{URL}?by=manager&page=2").content.decode(), "h-groups")
    assert (len(first), len(second)) == (25, 5)
    assert first[0].startswith("Manager 29")


class TestLapses:
    @pytest.fixture
    def grant(self):
        return FundingSourceFactory(name="HRSA grant", expires_on=LATER)

    def draw(self, source, amount, **fields):
        row = SnapshotFactory(project=ProjectFactory(**fields))
        BudgetLineFactory(project=row.project, funding_source=source, amount=Decimal(amount))
        return row.project

    def test_card_says_which_money_will_lapse(self, signed_in, executive, grant):
        self.draw(grant, 1_200_000)
        self.draw(FundingSourceFactory(expires_on=None), 5_000)

        page = signed_in(executive).get(URL).content.decode()

        day = f"{LATER.day} {LATER:%b %Y}"
        assert f"$1.2 M of the HRSA grant will lapse on {day} unless spent" in plain(page)
        assert table_of(page, "h-lapses") == [f"HRSA grant {day} $1.2 M $0 $1.2 M"]

    def test_money_of_hidden_projects_does_not_show(self, signed_in, executive, grant):
        secret = self.draw(grant, 654_321, is_confidential=True)

        page = signed_in(executive).get(URL).content.decode()
        lead = signed_in(person(Role.PMO_LEAD)).get(URL).content.decode()

        assert "h-lapses" not in page
        assert "654" not in plain(page)
        assert table_of(lead, "h-lapses")[0].endswith("$654 k $0 $654 k")
        assert secret.name not in plain(page)

    def test_the_past_has_none(self, signed_in, executive, grant):
        self.draw(grant, 5_000)
        freeze(SUNDAY)

        assert "h-lapses" not in signed_in(executive).get(f"{URL}?as_of={SUNDAY}").content.decode()

    def test_the_source_is_linked_only_for_those_who_may_see_it(self, signed_in, executive, grant):
        project = self.draw(grant, 5_000)
        head = person(Role.UNIT_HEAD, unit=project.unit)

        assert grant.get_absolute_url() in signed_in(executive).get(URL).content.decode()
        page = signed_in(head).get(URL).content.decode()
        assert "HRSA grant" in page
        assert grant.get_absolute_url() not in page


class TestByPortfolio:
    @pytest.fixture
    def shared(self):
        """One project in two portfolios, one that left the first, and one in none."""
        north, south = PortfolioFactory(name="North"), PortfolioFactory(name="South")
        both, left, _ = (SnapshotFactory(**money(100, 140)) for _ in range(3))
        for portfolio in (north, south):
            self.join(portfolio, both)
        self.join(north, left, removed_on=SUNDAY)
        return north

    def join(self, portfolio, row, **fields):
        PortfolioProject.objects.create(
            portfolio=portfolio, project=row.project, added_on=SUNDAY, **fields
        )

    def test_a_project_in_two_portfolios_is_in_both_rows_and_once_in_the_sums(
        self, signed_in, executive, shared
    ):
        page = signed_in(executive).get(f"{URL}?by=portfolio").content.decode()

        rows = sorted(row.split(" $")[0] for row in table_of(page, "h-groups"))
        assert rows == ["In no portfolio 2", "North 1", "South 1"]
        assert tiles_of(page)[0].startswith("Approved budget $300")
        assert "the figures above count it once" in plain(page)
        assert "By fiscal year" in plain(page)
        # the bars share a project, so nothing says that they add up
        assert "Together" not in page
        assert "together" not in page

    def test_the_projects_behind_a_row_are_listed(self, signed_in, executive, shared):
        client = signed_in(executive)

        def listed(key):
            page = client.get(f"{URL}?by=portfolio&group={key}").content.decode()
            return len(table_of(page, "h-projects"))

        assert (listed(shared.pk), listed("none")) == (1, 2)
