import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.models import PortfolioProject
from reports.models.snapshots import LIVE
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, UnitFactory, person
from tests.factories.reports import SnapshotFactory, freeze

URL = "/portfolio/"
TODAY = timezone.localdate()
SUNDAY = TODAY - timedelta(days=TODAY.weekday() + 1)
WEEK_BEFORE = SUNDAY - timedelta(days=7)


def text_of(response):
    """Return the page's words without markup."""
    words = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", words)).replace("\N{NO-BREAK SPACE}", " ")


def rows_of(response):
    return re.findall(r'id="project-(\d+)"', response.content.decode())


def swap(client, query):
    return client.get(f"{URL}?{query}", headers={"HX-Request": "true"})


def test_page_says_the_finding_first_then_six_key_figures(signed_in, executive):
    freeze(SUNDAY)
    wing = SnapshotFactory(
        overall="red",
        overall_before="amber",
        approved_budget=Decimal(1_000_000),
        forecast_cost=Decimal(1_200_000),
        cost_variance=Decimal(200_000),
        spent=Decimal(400_000),
        milestones=5,
        milestones_done=1,
        milestones_late=2,
        open_risks=4,
        high_risks=3,
        help_needed="Approve the contingency draw",
        help_from="COO",
        help_due=timezone.localdate() - timedelta(days=2),
        is_disputed=False,
    )
    portal = SnapshotFactory(overall="amber", is_disputed=True, measured="red", update_due=True)
    SnapshotFactory(project=wing.project, date=SUNDAY, overall="amber")
    SnapshotFactory(project=portal.project, date=SUNDAY, overall="green")
    frozen = SnapshotFactory(date=SUNDAY, overall="amber", milestones_late=1)

    response = signed_in(executive).get(URL)

    words = text_of(response)
    assert (
        "1 of 2 projects is red. Two got worse since last week."
        " Forecast cost is $200K over budget (20.0%)."
        " In one project the data says worse than the report. One decision is waiting."
    ) in words
    tiles = [re.sub(r"\s+", " ", tile).strip() for tile in _tiles(response)]
    assert tiles == [
        "Red projects 1 of 2 1 more than last week",
        "Amber projects 1 of 2 1 fewer than last week",
        "Forecast cost $1.2M $200K over $1.0M budget",
        "Late milestones 2 of 4 open 1 more than last week",
        "High risks 3 of 4 open 3 more than last week",
        "Updates this week 1 of 2 1 missing",
    ]
    assert "Approve the contingency draw" in words
    assert "COO decides by" in words
    assert "2 days overdue" in words
    assert str(frozen.project_id) not in rows_of(response)


def _tiles(response):
    found = re.findall(r'<div class="tile[^>]*>(.*?)</div>', response.content.decode(), re.S)
    return [re.sub(r"<[^>]+>", " ", tile).replace("\N{NO-BREAK SPACE}", " ") for tile in found]


def test_key_figures_lead_to_their_projects(signed_in, executive):
    SnapshotFactory()
    portfolio = PortfolioFactory(code="CAP")
    PortfolioProject.objects.create(
        portfolio=portfolio, project=SnapshotFactory().project, added_on=date(2020, 1, 1)
    )

    page = signed_in(executive).get(f"{URL}?portfolio=CAP").content.decode()

    links = re.findall(r'class="tile__label"><a href="([^"]+)"', page)
    assert links == [
        f"/portfolio/?portfolio=CAP&amp;{query}#h-health"
        for query in (
            "color=red",
            "color=amber",
            "show=over",
            "show=late",
            "show=risks",
            "show=due",
        )
    ]


def test_rows_are_worst_first_and_then_by_money_at_risk(signed_in, executive):
    green = SnapshotFactory(overall="green")
    silent = SnapshotFactory(overall="none")
    red = SnapshotFactory(overall="red", money_at_risk=Decimal(1))
    dearer = SnapshotFactory(overall="red", money_at_risk=Decimal(2))
    SnapshotFactory(is_active=False)

    response = signed_in(executive).get(URL)

    expected = [str(row.project_id) for row in (dearer, red, silent, green)]
    assert rows_of(response) == expected


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("color=red", ["wing"]),
        ("color=none", ["beds"]),
        ("show=over", ["wing"]),
        ("show=disputed", ["portal"]),
        ("show=late&color=red", ["wing"]),
        ("show=late&color=green", []),
        ("category=ehr", ["portal"]),
        ("q=PORTAL", ["portal"]),
        ("q=cap-1", ["wing"]),
        ("q=novak", ["beds"]),
        ("color=purple&show=nonsense&unit=x", ["wing", "portal", "beds"]),
    ],
)
def test_filters_keep_exactly_these_rows(signed_in, executive, query, kept):
    rows = {
        "wing": SnapshotFactory(
            name="Wing", code="CAP-1", overall="red", cost_variance=5, milestones_late=1
        ),
        "portal": SnapshotFactory(
            name="Patient portal", overall="amber", is_disputed=True, category="ehr"
        ),
        "beds": SnapshotFactory(name="Beds", overall="none", manager_name="E. Novak"),
    }

    response = swap(signed_in(executive), query)

    assert rows_of(response) == [str(rows[name].project_id) for name in kept]


@pytest.mark.parametrize(
    ("show", "kept"),
    [("worse", ["Wing"]), ("better", ["Portal"]), ("silenced", ["Beds"]), ("resumed", ["Lab"])],
)
def test_moves_keep_those_that_ran_in_both_freezes(signed_in, executive, show, kept):
    freeze(SUNDAY)
    moves = {
        "Wing": ("amber", "red"),
        "Portal": ("red", "amber"),
        "Beds": ("green", "none"),
        "Lab": ("none", "green"),
    }
    for name, (before, now) in moves.items():
        row = SnapshotFactory(name=name, overall=now, overall_before=before)
        SnapshotFactory(project=row.project, date=SUNDAY, overall=before)
        SnapshotFactory(name=f"{name} joined", overall=now, overall_before=before)

    page = swap(signed_in(executive), f"show={show}").content.decode()

    assert re.findall(r'id="project-\d+">([\w ]+)<', page) == kept


def test_without_a_freeze_before_no_project_moved(signed_in, executive):
    SnapshotFactory(overall="red", overall_before="green")

    assert rows_of(swap(signed_in(executive), "show=worse")) == []


def test_unit_filter_keeps_the_units_below(signed_in, executive):
    site = UnitFactory()
    ward = SnapshotFactory(project=ProjectFactory(unit=UnitFactory(parent=site)))
    SnapshotFactory()

    response = swap(signed_in(executive), f"unit={site.pk}")

    assert rows_of(response) == [str(ward.project_id)]


def test_a_swap_brings_the_table_and_new_counts_that_add_up(signed_in, executive):
    SnapshotFactory(overall="red", category="ehr")
    SnapshotFactory(overall="green", category="ehr")
    SnapshotFactory(overall="green")

    response = swap(signed_in(executive), "category=ehr&color=red")

    page = response.content.decode()
    assert page.count("<html") == 0
    assert page.count('<div id="health-table">') == 1
    counts = dict(re.findall(r'<span id="color-(\w+)-count" hx-swap-oob="true">(\d+)</span>', page))
    assert counts == {"all": "2", "red": "1", "amber": "0", "none": "0", "green": "1"}
    assert "1 of 3 projects" in text_of(response)
    assert response.headers["Vary"] == "HX-Request, Cookie"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Beds", "Portal", "Wing"]),
        ("-name", ["Wing", "Portal", "Beds"]),
        ("-over", ["Wing", "Beds", "Portal"]),
        ("over", ["Beds", "Wing", "Portal"]),
        ("-updated", ["Wing", "Beds", "Portal"]),
        ("nonsense", ["Portal", "Beds", "Wing"]),
    ],
)
def test_columns_sort(signed_in, executive, sort, order):
    SnapshotFactory(name="Wing", cost_variance=9, updated_on=date(2026, 11, 20))
    SnapshotFactory(name="Portal", overall="red", updated_on=None)
    SnapshotFactory(name="Beds", overall="amber", cost_variance=1, updated_on=date(2026, 11, 1))

    page = swap(signed_in(executive), f"sort={sort}").content.decode()

    assert re.findall(r'id="project-\d+">(\w+)<', page) == order


def test_pages_hold_25_rows_or_100(signed_in, executive):
    unit = UnitFactory()
    for _ in range(30):
        SnapshotFactory(project=ProjectFactory(unit=unit))
    client = signed_in(executive)

    assert len(rows_of(client.get(URL))) == 25
    assert len(rows_of(client.get(f"{URL}?page=2"))) == 5
    assert len(rows_of(client.get(f"{URL}?size=100"))) == 30
    assert len(rows_of(client.get(f"{URL}?size=7"))) == 25


def test_hidden_projects_are_a_number_and_nothing_else(signed_in, executive):
    secret = ProjectFactory(name="Canary merger", code="CANARY-1", is_confidential=True)
    for day in (LIVE, SUNDAY):
        SnapshotFactory(
            project=secret,
            date=day,
            overall="red",
            overall_before="green",
            cost_variance=Decimal(9_000_000),
            approved_budget=Decimal(1),
            forecast_cost=Decimal(9_000_001),
            help_needed="Canary decision",
            top_risk="Canary risk",
            top_risk_score=25,
            high_risks=7,
            open_risks=7,
            milestones=3,
            milestones_late=3,
            finish_slip_days=90,
            start_date=SUNDAY,
            baseline_finish=SUNDAY,
            forecast_finish=TODAY,
        )
    SnapshotFactory()
    SnapshotFactory(date=SUNDAY)
    freeze(SUNDAY)
    client = signed_in(executive)

    for query in ("", f"?as_of={SUNDAY}", "?q=canary", "?show=decisions"):
        page = text_of(client.get(f"{URL}{query}"))
        assert "anary" not in page.replace("?q=canary", ""), query
        assert "CANARY" not in page, query
    now = client.get(URL)
    assert "Of 2 projects: 1 hidden from you. As of" in text_of(now)
    assert "Red projects 0 of 1" in re.sub(r"\s+", " ", " ".join(_tiles(now)))


def test_the_project_management_office_sees_what_is_hidden_from_others(signed_in, lead):
    SnapshotFactory(project=ProjectFactory(name="Merger", is_confidential=True))

    page = text_of(signed_in(lead).get(URL))

    assert "Merger" in page
    assert "hidden" not in page


def test_somebody_named_on_no_project_learns_why_the_page_is_empty(signed_in, db):
    SnapshotFactory()
    SnapshotFactory()

    page = text_of(signed_in(person(Role.STAFF)).get(URL))

    assert "You see none of these projects" in page
    assert "There are 2 projects here that you are not named on." in page


def test_staff_see_the_project_they_are_named_on(signed_in, manager, project):
    row = SnapshotFactory(project=project)
    SnapshotFactory()

    response = signed_in(manager).get(URL)

    assert rows_of(response) == [str(row.project_id)]
    assert "Of 2 projects: 1 hidden from you." in text_of(response)


def test_an_empty_office_is_offered_its_first_project(signed_in, lead, executive):
    assert 'href="/projects/new/"' in signed_in(lead).get(URL).content.decode()
    page = signed_in(executive).get(URL).content.decode()
    assert "Your projects appear here, the ones in trouble first" in page
    assert 'href="/projects/new/"' not in page


def test_the_page_is_refused_without_the_permission(signed_in, db):
    assert signed_in(person(Role.ADMINISTRATOR)).get(URL).status_code == 403


class TestAsOf:
    @pytest.fixture(autouse=True)
    def _two_weeks(self, db):
        freeze(WEEK_BEFORE)
        freeze(SUNDAY)
        self.project = ProjectFactory(name="Name of today")
        SnapshotFactory(project=self.project, overall="red", name="Name of today")
        SnapshotFactory(project=self.project, date=SUNDAY, overall="amber", name="Name of Sunday")
        SnapshotFactory(
            project=self.project, date=WEEK_BEFORE, overall="green", name="Older name", trend="G"
        )

    def test_now_is_the_live_row(self, signed_in, executive):
        page = text_of(signed_in(executive).get(URL))

        assert "Name of today" in page
        assert "Data as of" in page
        assert "Back to now" not in page

    def test_a_frozen_day_shows_its_own_rows_and_the_way_back(self, signed_in, executive):
        response = signed_in(executive).get(f"{URL}?as_of={SUNDAY}")

        page = text_of(response)
        assert "Name of Sunday" in page
        assert "Name of today" not in page
        assert f"As of {SUNDAY:%A} {SUNDAY.day} {SUNDAY:%b %Y} (frozen)." in page
        assert "Since the week before" in page
        assert '<a class="btn btn--small" id="look-now" href="/portfolio/">' in (
            response.content.decode()
        )

    def test_a_day_between_shows_the_freeze_before_and_says_so(self, signed_in, executive):
        asked = SUNDAY - timedelta(days=1)

        page = text_of(signed_in(executive).get(f"{URL}?as_of={asked}"))

        assert "Older name" in page
        assert f"the last freeze before {asked.day} {asked:%b %Y}" in page
        assert "First report" in page

    def test_a_day_before_the_first_freeze_gets_a_sentence_and_a_link(self, signed_in, executive):
        response = signed_in(executive).get(f"{URL}?as_of=2001-01-01")

        assert "Nothing was frozen on or before 1 Jan 2001." in text_of(response)
        assert f'href="/portfolio/?as_of={WEEK_BEFORE}"' in response.content.decode()
        assert rows_of(response) == []

    def test_what_is_no_date_is_said_and_shows_now(self, signed_in, executive):
        page = text_of(signed_in(executive).get(f"{URL}?as_of=yesterday"))

        assert "Enter a day like 2026-11-15." in page
        assert "Name of today" in page

    def test_an_unknown_portfolio_is_said(self, signed_in, executive):
        page = text_of(signed_in(executive).get(f"{URL}?portfolio=NOPE"))

        assert "There is no portfolio with this code." in page

    def test_every_part_of_the_page_keeps_the_day(self, signed_in, executive):
        page = signed_in(executive).get(f"{URL}?as_of={SUNDAY}").content.decode()

        assert f'<input type="hidden" name="as_of" value="{SUNDAY}">' in page
        assert f"portfolio.csv?as_of={SUNDAY}" in page


def test_a_portfolio_keeps_its_own_list_of_the_past(signed_in, executive):
    portfolio = PortfolioFactory(code="CAP", name="Capital")
    freeze(SUNDAY)
    left, joined = ProjectFactory(), ProjectFactory()
    for project in (left, joined):
        SnapshotFactory(project=project)
        SnapshotFactory(project=project, date=SUNDAY)
    PortfolioProject.objects.create(
        portfolio=portfolio, project=left, added_on=date(2020, 1, 1), removed_on=TODAY
    )
    PortfolioProject.objects.create(portfolio=portfolio, project=joined, added_on=TODAY)
    client = signed_in(executive)

    assert rows_of(client.get(f"{URL}?portfolio=CAP")) == [str(joined.pk)]
    assert rows_of(client.get(f"{URL}?portfolio=CAP&as_of={SUNDAY}")) == [str(left.pk)]


def test_an_imported_archive_opens_on_its_last_day(signed_in, executive):
    portfolio = PortfolioFactory(code="NHS")
    project = ProjectFactory()
    PortfolioProject.objects.create(portfolio=portfolio, project=project, added_on=date(2014, 1, 1))
    for day in (date(2022, 3, 31), date(2023, 3, 31)):
        freeze(day, portfolio, "import")
        SnapshotFactory(project=project, date=day, name=f"As of {day.year}")
    SnapshotFactory(project=project, overall="none", is_stale=True)
    client = signed_in(executive)

    page = text_of(client.get(URL))
    assert "As of 2023" in page
    assert "No project here reports any more" in page
    assert "Since 31 Mar 2022" in page
    assert "As of 2022" in text_of(client.get(f"{URL}?as_of=2022-12-31"))
    now = client.get(f"{URL}?as_of={TODAY}")
    assert "No project here reports any more" not in text_of(now)


def scene(amount):
    unit = UnitFactory()
    for number in range(amount):
        project = ProjectFactory(unit=unit)
        MemberFactory(project=project)
        money = {
            "approved_budget": Decimal(1000),
            "forecast_cost": Decimal(1100),
            "cost_variance": Decimal(100),
        }
        dates = {
            "start_date": date(2026, 1, 1),
            "baseline_finish": date(2026, 12, 1),
            "forecast_finish": date(2026, 12, 9),
            "finish_slip_days": 8,
            "next_milestone": "Go-live",
            "next_milestone_date": date(2026, 12, 1),
        }
        for day in (LIVE, SUNDAY):
            SnapshotFactory(
                project=project,
                date=day,
                overall=("red", "amber", "none", "green")[number % 4],
                help_needed="Decide",
                top_risk_score=20,
                **money,
                **dates,
            )


@pytest.mark.parametrize(
    ("query", "queries"), [("", 13), (f"?as_of={SUNDAY}", 12), ("?q=project&show=over", 14)]
)
@pytest.mark.parametrize("amount", [1, 3, 40])
@pytest.mark.django_db
def test_page_asks_the_same_few_questions_however_many_projects(
    client, django_assert_num_queries, amount, query, queries
):
    scene(amount)
    freeze(SUNDAY)
    client.force_login(person(Role.EXECUTIVE))

    with django_assert_num_queries(queries):
        client.get(f"{URL}{query}")


@pytest.mark.parametrize("amount", [1, 3])
def test_a_swap_asks_fewer(signed_in, executive, django_assert_num_queries, amount):
    scene(amount)
    client = signed_in(executive)

    with django_assert_num_queries(9):
        swap(client, "color=red")
