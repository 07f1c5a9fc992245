"""The risk register: what it says, what it narrows to, and what it never tells."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from risks import filters
from tests.factories import MemberFactory, ProjectFactory, RiskFactory, UserFactory, person

pytestmark = pytest.mark.django_db
URL = "/risks/"
CANARY = "Zebra-canary"


@pytest.fixture
def reader(signed_in):
    """Return a client signed in as somebody who sees every project but confidential ones."""
    return signed_in(person(Role.EXECUTIVE))


def titles(response):
    return [risk.title for risk in response.context["page"]]


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def test_the_address_is_the_place_in_the_navigation():
    assert reverse("risks:risk_list") == URL


@pytest.mark.parametrize(
    ("rows", "overdue", "lede", "color"),
    [
        ([], 0, "No risks yet.", "none"),
        ([{"state": "closed"}], 0, "No risk is open.", "none"),
        ([{}], 0, "1 high risk is open; no review is overdue.", "amber"),
        (
            [{"impact": 1}],
            0,
            "1 risk is open, and it is not high; no review is overdue.",
            "none",
        ),
        (
            [{"impact": 5}, {}, {}],
            0,
            "3 high risks are open, 1 of them extreme; no review is overdue.",
            "red",
        ),
        (
            [{"impact": 5}],
            0,
            "1 high risk is open and extreme; no review is overdue.",
            "red",
        ),
        (
            [{"impact": 1}, {"impact": 1, "kind": "opportunity"}],
            1,
            "2 risks are open, none of them high; 1 review is overdue. 1 opportunity is open too.",
            "amber",
        ),
    ],
)
def test_lede_says_the_finding(reader, rows, overdue, lede, color):
    for number, fields in enumerate(rows):
        is_late = number < overdue
        RiskFactory(**fields, **({"review_date": yesterday()} if is_late else {}))

    response = reader.get(URL)

    assert response.context["lede"] == lede
    assert response.context["color"] == color
    assert f'<section class="lede lede--{color}"' in response.content.decode()


def test_open_risks_come_first_by_score(reader):
    RiskFactory(title="Middle", likelihood=3, impact=4)
    RiskFactory(title="Low", likelihood=1, impact=1)
    RiskFactory(title="Top", likelihood=5, impact=5)
    RiskFactory(title="Over", likelihood=5, impact=5, state="closed")

    assert titles(reader.get(URL)) == ["Top", "Middle", "Low"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("score", ["B", "C", "A"]),
        ("-score", ["A", "C", "B"]),
        ("title", ["A", "B", "C"]),
        ("-title", ["C", "B", "A"]),
        ("project", ["C", "B", "A"]),
        ("owner", ["C", "A", "B"]),
        ("-owner", ["A", "C", "B"]),
        ("review", ["B", "A", "C"]),
        ("-review", ["A", "B", "C"]),
        ("nonsense", ["A", "C", "B"]),
        ("project__unit", ["A", "C", "B"]),
    ],
)
def test_sort_puts_the_unknown_last_both_ways(reader, sort, expected):
    day = timezone.localdate()
    late, early = UserFactory(name="Zoe"), UserFactory(name="Abe")
    RiskFactory(
        title="A", impact=5, project__name="Zoo", owner=late, review_date=day + timedelta(days=9)
    )
    RiskFactory(title="B", impact=1, project__name="Mid", review_date=day)
    RiskFactory(title="C", impact=3, project__name="Abc", owner=early)

    assert titles(reader.get(URL, {"sort": sort})) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"Plain", "Chance", "Late"}),
        ({"state": "closed"}, {"Closed"}),
        ({"state": "occurred"}, {"Occurred"}),
        ({"state": "all"}, {"Plain", "Chance", "Late", "Closed", "Occurred"}),
        ({"state": "nonsense"}, {"Plain", "Chance", "Late"}),
        ({"kind": "opportunity"}, {"Chance"}),
        ({"band": "extreme"}, {"Late"}),
        ({"band": "low"}, set()),
        ({"overdue": "on"}, {"Late"}),
        ({"q": "lat"}, {"Late"}),
        ({"q": "wing"}, {"Plain"}),
        ({"q": "FAC-9"}, {"Plain"}),
        ({"q": "\x00"}, {"Plain", "Chance", "Late"}),
        ({"likelihood": "5", "impact": "5"}, {"Late"}),
        ({"likelihood": "9", "impact": "x"}, {"Plain", "Chance", "Late"}),
        ({"owner": "none"}, {"Plain", "Chance"}),
        ({"owner": "me"}, set()),
        ({"owner": "0"}, {"Plain", "Chance", "Late"}),
        ({"project": "999999999999999999999999"}, {"Plain", "Chance", "Late"}),
        ({"project": "0"}, {"Plain", "Chance", "Late"}),
        ({"project": "123456"}, set()),
    ],
)
def test_filters(reader, query, expected):
    RiskFactory(title="Plain", project__name="North wing", project__code="FAC-9")
    RiskFactory(title="Chance", kind="opportunity")
    RiskFactory(title="Late", likelihood=5, impact=5, review_date=yesterday(), owner=UserFactory())
    RiskFactory(title="Closed", state="closed")
    RiskFactory(title="Occurred", state="occurred")

    assert set(titles(reader.get(URL, query))) == expected


def test_owner_and_project_filters_take_what_they_offer(client):
    user = person(Role.EXECUTIVE)
    client.force_login(user)
    mine, other = RiskFactory(title="Mine", owner=user), RiskFactory(title="Other")

    assert titles(client.get(URL, {"owner": "me"})) == ["Mine"]
    assert titles(client.get(URL, {"owner": str(user.pk)})) == ["Mine"]
    response = client.get(URL, {"project": other.project_id})
    assert titles(response) == ["Other"]
    assert response.context["counts"].total == 1
    assert mine.project_id != other.project_id


def test_map_counts_what_is_visible_and_leads_to_its_cell(reader):
    RiskFactory(title="Here", likelihood=4, impact=5)
    RiskFactory(title="Elsewhere", likelihood=4, impact=4)

    response = reader.get(URL)

    cells = {cell.label: cell for row in response.context["rows"] for cell in row.cells}
    cell = cells["1 risk, Likely, Severe"]
    assert sum(cell.count for cell in cells.values()) == 2
    assert titles(reader.get(cell.url)) == ["Here"]
    assert "Only threats rated likely with severe impact" in reader.get(cell.url).content.decode()


def test_row_shows_where_the_score_came_from(reader):
    RiskFactory(
        likelihood=3,
        impact=4,
        inherent_likelihood=4,
        inherent_impact=5,
        target_likelihood=1,
        target_impact=4,
        strategy="reduce",
        response="Second supplier.",
        review_date=yesterday(),
    )

    page = " ".join(reader.get(URL).content.decode().split())

    assert '<span class="band band--high">12 High</span>' in page
    assert "from 20, target 4" in page
    assert "Reduce" in page
    assert "Second supplier." in page
    assert '<span class="late">overdue</span>' in page


def test_an_opportunity_has_no_tint_of_a_threat(reader):
    RiskFactory(kind="opportunity", likelihood=5, impact=5)

    page = reader.get(URL, {"kind": "opportunity"}).content.decode()

    assert '<span class="tag">25 Extreme</span>' in page
    assert "band--extreme" not in page


def test_a_page_holds_25(reader):
    project = ProjectFactory()
    for number in range(27):
        RiskFactory(project=project, title=f"Risk {number:02}")

    first = reader.get(URL, {"sort": "title"})
    second = reader.get(URL, {"sort": "title", "page": 2})

    assert (len(titles(first)), titles(second)) == (25, ["Risk 25", "Risk 26"])
    assert "1–25 of 27 risks" in first.content.decode()


def test_swap_answers_the_table_only(reader):
    RiskFactory(title="Pump recall")

    part = reader.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert '<div id="risk-table">' in part
    assert 'hx-swap-oob="true"' in part
    assert "<html" not in part


def test_nothing_fits_says_so_and_offers_all(reader):
    RiskFactory()

    page = reader.get(URL, {"q": "nothing like it"}).content.decode()

    assert "No risk fits these filters" in page
    assert 'href="?state=all"' in page


def test_footnote_counts_hidden_projects_and_those_without_a_register(reader):
    RiskFactory()
    ProjectFactory()
    ProjectFactory(is_confidential=True)

    page = " ".join(reader.get(URL).content.decode().split())

    assert "Of 3 projects: 1 hidden from you, 1 without data." in page


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"state": "all"},
        {"q": CANARY},
        {"q": "CANARY-9"},
        {"overdue": "on"},
        {"owner": "none"},
        {"likelihood": "5", "impact": "5"},
    ],
)
def test_a_confidential_risk_is_nowhere(reader, query):
    secret = RiskFactory(
        title=f"{CANARY} title",
        response=f"{CANARY} response",
        likelihood=5,
        impact=5,
        review_date=yesterday(),
        owner=UserFactory(name=f"{CANARY} owner"),
        project__is_confidential=True,
        project__name=f"{CANARY} project",
        project__code="CANARY-9",
    )
    RiskFactory(likelihood=1, impact=1)

    response = reader.get(URL, {**query, "project": str(secret.project_id)})
    plain = reader.get(URL, query)

    for page in (response, plain):
        text = page.content.decode().replace(f'value="{query.get("q")}"', "")
        assert CANARY not in text
        assert "CANARY-9" not in text
    assert response.context["counts"].total == 0
    assert plain.context["counts"].total == 1
    assert sum(cell.count for row in plain.context["rows"] for cell in row.cells) == 1


def test_the_named_see_their_confidential_risk(client):
    risk = RiskFactory(title=f"{CANARY} title", project__is_confidential=True)
    named = MemberFactory(project=risk.project, role=Role.READER).user
    client.force_login(named)

    assert titles(client.get(URL)) == [f"{CANARY} title"]


def test_selects_stay_short(reader, monkeypatch):
    monkeypatch.setattr(filters, "OFFERED", 1)
    first, second = RiskFactory(owner=UserFactory()), RiskFactory(owner=UserFactory())

    response = reader.get(URL, {"project": first.project_id})

    names = [field.name for field in response.context["fields"]]
    assert "project" not in names
    assert ("project", str(first.project_id)) in response.context["keep"]
    assert titles(response) == [first.title]
    owners = next(field for field in response.context["fields"] if field.name == "owner")
    assert [value for value, _ in owners.field.choices] == ["", "me", "none"]
    assert second.title not in titles(response)


def test_new_risk_is_offered_where_one_project_is_listed_and_the_reader_may(
    signed_in, manager, project
):
    client = signed_in(manager)
    new = reverse("risks:risk_new", args=[project.pk])

    assert [a.url for a in client.get(URL, {"project": project.pk}).context["actions"]] == [new]
    assert client.get(URL).context["actions"] == []
    reader = signed_in(person(Role.EXECUTIVE))
    assert reader.get(URL, {"project": project.pk}).context["actions"] == []


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR])
def test_who_sees_no_project_sees_no_register(signed_in, role):
    assert signed_in(person(role)).get(URL).status_code == 403


def test_as_many_queries_for_one_row_as_for_three(reader):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            reader.get(URL)
        return len(queries)

    RiskFactory(owner=UserFactory(), review_date=yesterday())
    reader.get(URL)
    one = ask()
    for _ in range(2):
        RiskFactory(owner=UserFactory(), review_date=yesterday())

    assert ask() == one
