"""Pages, files and the API look at the whole hospital, a program or a unit, beside portfolios."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import Job
from reports.domain.scope import HOSPITAL
from reports.models import Subscription, scope_of
from reports.models.snapshots import LIVE
from reports.services.summaries import COMPILE, compile_summary
from reports.words.mails import RULE
from tests.factories import PortfolioFactory, ProgramFactory, ProjectFactory, UnitFactory, person
from tests.reports.documents import BEFORE, SUNDAY, key, member, row, two_weeks

pytestmark = pytest.mark.django_db
DASHBOARD = "/portfolio/"


@pytest.fixture
def unit():
    return UnitFactory(name="Lakeside")


@pytest.fixture
def program():
    return ProgramFactory(code="CARE", name="Care at home")


@pytest.fixture
def live(unit, program):
    """Ramp in a ward of Lakeside and in two portfolios, Nurse line in a program, Loose in neither."""
    ward = UnitFactory(name="Ward", parent=unit)
    ramp, nurse = ProjectFactory(name="Ramp", unit=ward), ProjectFactory(name="Nurse line")
    row(ramp, LIVE, "red")
    row(nurse, LIVE, program=program, program_name=program.name)
    row(ProjectFactory(name="Loose"), LIVE)
    for _ in range(2):
        member(PortfolioFactory(), ramp)
    return {"unit": key(unit), "program": key(program), "ward": key(ward)}


def names(response):
    return [one["name"] for one in response.context["rows"]]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", 3), ("hospital", 3), ("unit", 1), ("ward", 1), ("program", 1)],
)
def test_the_dashboard_shows_each_project_of_a_scope_once(signed_in, lead, live, asked, shown):
    page = signed_in(lead).get(DASHBOARD, {"scope": live.get(asked, asked)})

    assert page.context["totals"].projects == shown
    assert len(page.context["rows"]) == shown


def test_links_and_files_of_a_page_keep_its_scope(signed_in, lead, live):
    client = signed_in(lead)

    page = client.get(DASHBOARD, {"scope": live["unit"], "unit": "", "color": "red"})
    shown, *_ = page.context["files"]
    lines = b"".join(client.get(shown["csv"]).streaming_content).decode().splitlines()

    assert page.context["look"].title == "Lakeside"
    assert page.context["landing_url"].endswith(f"?scope={live['unit']}")
    assert f"scope={live['unit']}" in shown["csv"]
    assert len(lines) == 2 and "Ramp" in lines[1]


@pytest.mark.parametrize("path", ["/budget/", "/budget/years/", "/portfolio/forecast/"])
def test_other_pages_look_at_a_program_too(signed_in, lead, live, path):
    page = signed_in(lead).get(path, {"scope": live["program"]})

    assert page.status_code == 200
    assert page.context["look"].title == "Care at home"


def test_a_scope_that_somebody_may_not_look_at_is_said_and_shows_nothing_of_it(signed_in, live):
    stranger = person(Role.UNIT_HEAD, unit=UnitFactory(name="Elsewhere"))

    page = signed_in(stranger).get(DASHBOARD, {"scope": live["unit"]})

    assert page.context["look"].errors == [
        "There is no such portfolio, program or unit that you may look at."
    ]
    assert "Lakeside" not in page.content.decode()


def test_a_scope_without_projects_says_so(signed_in, lead):
    page = signed_in(lead).get(DASHBOARD, {"scope": key(ProgramFactory())})

    assert "No active project is in this program" in page.content.decode()


@pytest.mark.parametrize("amount", [1, 3])
def test_the_choice_costs_the_same_queries_for_any_number(
    signed_in, amount, django_assert_num_queries
):
    unit = UnitFactory()
    for _ in range(amount):
        ProjectFactory(unit=UnitFactory(parent=unit), program=ProgramFactory())
        PortfolioFactory()
    client = signed_in(person(Role.PMO_LEAD))
    client.get(reverse("reports:variance_new"))

    with django_assert_num_queries(5):
        client.get(reverse("reports:variance_new"))


class TestDocuments:
    @pytest.fixture(autouse=True)
    def frozen(self):
        two_weeks(PortfolioFactory(name="Capital"))

    def test_a_summary_of_the_hospital_is_compiled_from_the_form(self, signed_in, lead):
        data = {"scope": "hospital", "day": SUNDAY.isoformat()}

        signed_in(lead).post(reverse("reports:summary_new"), data)

        job = Job.objects.get(kind=COMPILE)
        assert (job.key, job.params["scope"]) == (f"hospital:{SUNDAY}", "hospital")
        assert job.params["title"] == "Weekly summary: Whole hospital, 15 Nov 2026"

    def test_the_list_names_the_hospital_first(self, signed_in, lead, unit):
        for scope in (scope_of(unit), HOSPITAL):
            compile_summary(scope=scope, day=SUNDAY, by=None)

        page = signed_in(lead).get(reverse("reports:summary_list"))

        assert [str(one.scope) for one in page.context["page"]] == ["Whole hospital", "Lakeside"]
        assert (
            "Weekly summary: Whole hospital"
            in signed_in(lead).get(page.context["page"][0].get_absolute_url()).content.decode()
        )

    def test_the_api_says_the_scope_beside_the_portfolio(self, signed_in, lead, program):
        for scope in (HOSPITAL, scope_of(program)):
            compile_summary(scope=scope, day=SUNDAY, by=None)
        client = signed_in(lead)

        (whole,) = client.get("/api/v1/summaries/?scope=hospital").json()["results"]
        (ours,) = client.get(f"/api/v1/summaries/?scope={key(program)}").json()["results"]
        wrong = client.get("/api/v1/summaries/?scope=program-0")

        parts = ("scope", "scope_name", "portfolio", "portfolio_name", "program", "unit")
        assert [whole[part] for part in parts] == ["hospital", "Whole hospital", *[None] * 4]
        assert [ours[part] for part in parts] == [
            *(key(program), "Care at home", None, None, program.pk, None)
        ]
        assert wrong.status_code == 400

    def test_the_api_makes_a_variance_report_of_a_scope(self, signed_in, lead):
        client = signed_in(lead)
        data = {"date": SUNDAY.isoformat(), "compared_with": BEFORE.isoformat()}

        def post(**more):
            body = data | more
            return client.post("/api/v1/variance-reports/", body, content_type="application/json")

        made, neither, gone = post(scope="hospital"), post(), post(scope="unit-0")

        assert made.status_code == 202
        assert made.json()["key"] == f"hospital:{SUNDAY}:{BEFORE}"
        assert (neither.status_code, gone.status_code) == (400, 400)
        assert neither.json() == {"scope": ["Say what the report is about, once."]}


def test_the_api_lists_the_snapshots_of_a_scope(signed_in, lead, live):
    found = signed_in(lead).get(f"/api/v1/snapshots/?scope={live['unit']}").json()["results"]

    assert [one["name"] for one in found] == ["Ramp"]


class TestSubscriptions:
    def test_somebody_gets_several_documents_of_several_scopes(self, signed_in, lead, program):
        reader = person(Role.EXECUTIVE, email="eve@example.org")
        client = signed_in(lead)

        client.post(
            reverse("reports:subscription_new"),
            {
                "address": "eve@example.org",
                "scopes": ["hospital", key(program)],
                "documents": ["summary", "variance"],
            },
        )
        page = client.get(reverse("reports:subscription_list"))

        assert {(str(one.scope), one.document) for one in reader.subscriptions.all()} == {
            ("Whole hospital", "summary"),
            ("Whole hospital", "variance"),
            ("Care at home", "summary"),
            ("Care at home", "variance"),
        }
        assert [str(one.scope) for one in page.context["page"]] == [
            *("Whole hospital", "Care at home") * 2
        ]
        assert RULE in page.content.decode()

    def test_nothing_chosen_is_said_at_its_field(self, signed_in, lead):
        person(Role.EXECUTIVE, email="eve@example.org")

        page = signed_in(lead).post(
            reverse("reports:subscription_new"), {"address": "eve@example.org"}
        )

        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"scopes", "documents"}
        assert not Subscription.objects.exists()
