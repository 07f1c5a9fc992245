import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from projects.domain.calendar import fiscal_year, fiscal_year_label
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    FundingSourceFactory,
    PortfolioFactory,
    ProgramFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
    person,
)
from tests.factories.reports import SnapshotFactory, freeze

URL = "/budget/"
LATER = timezone.localdate() + timedelta(days=90)
THIS_YEAR = fiscal_year(timezone.localdate(), start_month=settings.FISCAL_YEAR_START_MONTH)
SUNDAY = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1)


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
            fiscal_year=THIS_YEAR,
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

    assert tiles_of(page)[0] == "Approved budget $3.4M 3 of 4 projects"


@pytest.mark.parametrize("by", ["category", "manager", "program", "portfolio"])
def test_the_whole_is_the_same_however_it_is_split(signed_in, executive, three, by):
    for _ in range(2):
        PortfolioProject.objects.create(
            portfolio=PortfolioFactory(), project=three["scanner"].project, added_on=SUNDAY
        )
    client = signed_in(executive)

    split = client.get(f"{URL}?by={by}").content.decode()

    assert tiles_of(split) == tiles_of(client.get(f"{URL}?by=unit").content.decode())


def test_page_says_the_finding_and_sums_what_is_known(signed_in, executive, three):
    year = fiscal_year_label(THIS_YEAR, start_month=settings.FISCAL_YEAR_START_MONTH)

    page = signed_in(executive).get(URL).content.decode()

    assert (
        "2 of 3 projects are forecast to cost $1.6M: $230K over the approved budget of $1.4M"
        " (+16.4%). 1 of 2 projects is over." in plain(page)
    )
    assert tiles_of(page) == [
        "Approved budget $3.4M 3 projects",
        "Spent $250K 7% of approved",
        "Committed – No project has this amount.",
        "Forecast cost $1.6M 2 of 3 projects, $1.4M approved",
        "Over or under +$230K +16.4%",
        f"Forecast {year} $600K +$100K against $500K",
    ]
    assert "Of 3 projects: 1 without a budget or a forecast. As of" in plain(page)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (
            "unit",
            [
                (
                    "Radiology 1 without a budget or a forecast 2 $3.0M $250K – No project here has"
                    " this amount. $1.3M +$250K +25.0% $500K $600K"
                ),
                (
                    "Laboratory 1 $400K – No project here has this amount. – No project here has this"
                    " amount. $380K −$20K −5.0% – No project here has this amount. – No project here"
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

    assert "Radiology alone is forecast over budget, by $250K" in unit
    assert "Forecast against approved budget by manager" in manager


def test_a_frozen_day_shows_its_own_amounts(signed_in, executive, three):
    freeze(SUNDAY)
    SnapshotFactory(project=three["scanner"].project, date=SUNDAY, **money(1_000_000, 1_050_000))

    page = plain(signed_in(executive).get(f"{URL}?as_of={SUNDAY}").content.decode())

    assert (
        "1 project is forecast to cost $1.1M: $50K over the approved budget of $1.0M (+5.0%)."
        in page
    )
    assert "(frozen)" in page


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (
            100,
            (
                "1 project is forecast to cost $100, exactly the approved budget."
                " None of 1 project is over."
            ),
        ),
        (
            90,
            (
                "1 project is forecast to cost $90: $10 under the approved budget of $100 (−10.0%)."
                " None of 1 project is over."
            ),
        ),
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
        assert "Approved budget $3.4M" in page
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

    with django_assert_num_queries(15):
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
        assert f"$1.2M of the HRSA grant will lapse on {day} unless spent" in plain(page)
        assert table_of(page, "h-lapses") == [f"HRSA grant {day} $1.2M $0 $1.2M"]

    def test_money_of_hidden_projects_does_not_show(self, signed_in, executive, grant):
        secret = self.draw(grant, 654_321, is_confidential=True)

        page = signed_in(executive).get(URL).content.decode()
        lead = signed_in(person(Role.PMO_LEAD)).get(URL).content.decode()

        assert "h-lapses" not in page
        assert "654" not in plain(page)
        assert table_of(lead, "h-lapses")[0].endswith("$654K $0 $654K")
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
        said = page.replace("How the figures fit together", "")
        assert "Together" not in said
        assert "together" not in said

    def test_the_projects_behind_a_row_are_listed(self, signed_in, executive, shared):
        client = signed_in(executive)

        def listed(key):
            page = client.get(f"{URL}?by=portfolio&group={key}").content.decode()
            return len(table_of(page, "h-projects"))

        assert (listed(shared.pk), listed("none")) == (1, 2)


def test_says_what_ended_projects_spent_this_year_and_where_it_is(signed_in, executive, three):
    inside = PortfolioFactory(code="CAP")
    ended = ProjectFactory(stage="cancelled")
    PortfolioProject.objects.create(
        portfolio=inside, project=ended, added_on=timezone.localdate() - timedelta(days=9)
    )
    hidden = ProjectFactory(stage="closed", is_confidential=True)
    for project, amount in ((ended, 250), (hidden, 7000), (ProjectFactory(), 90)):
        CostEntryFactory(project=project, entry_date=timezone.localdate(), amount=amount)
    CostEntryFactory(
        project=ended, entry_date=timezone.localdate() - timedelta(days=800), amount=5000
    )
    client = signed_in(executive)

    whole = client.get(URL)
    other = client.get(URL, {"portfolio": PortfolioFactory(code="IT").code})

    year = whole.context["year"]
    assert whole.context["ended"] == (
        f"$250 that 1 ended project spent in {year} is not in these sums."
    )
    assert 'It is under <a href="/budget/years/">By fiscal year</a>' in whole.content.decode()
    assert client.get(URL, {"portfolio": "CAP"}).context["ended"] == whole.context["ended"]
    assert other.context["ended"] == ""


class TestNamesakes:
    """Two managers, units or programs of one name are two rows that can be told apart."""

    @pytest.fixture
    def smiths(self, db):
        wards = [UnitFactory(name=name) for name in ("ICU", "Lab")]
        people = [UserFactory(name="John Smith", unit=unit) for unit in wards]
        programs = [ProgramFactory(name="Renewal", code=code) for code in ("R-1", "R-2")]
        return [
            SnapshotFactory(
                project=ProjectFactory(name=name, unit=UnitFactory(name="Beds", parent=unit)),
                unit_name="Beds",
                manager=person,
                manager_name="John Smith",
                program=program,
                program_name="Renewal",
                **money(100, forecast),
            )
            for name, unit, person, program, forecast in zip(
                ("Monitor", "Analyzer"), wards, people, programs, (150, 120), strict=True
            )
        ]

    @pytest.mark.parametrize(
        ("by", "names"),
        [
            ("manager", ["John Smith (ICU) 1", "John Smith (Lab) 1"]),
            ("program", ["Renewal (R-1) 1", "Renewal (R-2) 1"]),
            ("unit", ["Beds (ICU) 1", "Beds (Lab) 1"]),
        ],
    )
    def test_each_has_a_row_of_its_own(self, signed_in, executive, smiths, by, names):
        page = signed_in(executive).get(f"{URL}?by={by}").content.decode()

        assert [row.split(" $")[0] for row in table_of(page, "h-groups")] == names

    def test_a_row_opens_the_projects_of_that_person_alone(self, signed_in, executive, smiths):
        key = smiths[1].manager_id

        page = signed_in(executive).get(f"{URL}?by=manager&group={key}").content.decode()

        assert [row.split(" ")[0] for row in table_of(page, "h-projects")] == ["Analyzer"]

    def test_rows_of_before_ids_were_kept_stand_by_name(self, signed_in, executive, db):
        for name in ("Monitor", "Analyzer"):
            SnapshotFactory(project__name=name, manager_name="John Smith", **money(100, 150))
        SnapshotFactory(project__name="Alone", manager_name="", **money(100, 90))
        client = signed_in(executive)

        page = client.get(f"{URL}?by=manager").content.decode()
        opened = client.get(f"{URL}?by=manager&group=name:John+Smith").content.decode()
        alone = client.get(f"{URL}?by=manager&group=none").content.decode()

        assert [row.split(" $")[0] for row in table_of(page, "h-groups")] == [
            "John Smith 2",
            "No manager named 1",
        ]
        assert len(table_of(opened, "h-projects")) == 2
        assert [row.split(" ")[0] for row in table_of(alone, "h-projects")] == ["Alone"]


@pytest.mark.parametrize("variance", [None, 100])
def test_groups_of_one_amount_stand_as_their_names_are_read(signed_in, executive, variance):
    names = ["Access", "AI", "Äpfel", "Zebra"]
    for name in reversed(names):
        forecast = None if variance is None else 1000 + variance
        unit = UnitFactory(name=name)
        SnapshotFactory(project=ProjectFactory(unit=unit), **money(1000, forecast))

    page = signed_in(executive).get(f"{URL}?by=unit").content.decode()

    assert [row.split()[0] for row in table_of(page, "h-groups")] == names
