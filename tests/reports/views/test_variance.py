import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import Job
from reports.models import VarianceReport, scope_of
from reports.services.variance import REPORT, request_variance
from tests.factories import PortfolioFactory, ProjectFactory, person
from tests.reports.documents import BEFORE, SECRET, SUNDAY, freeze, key, member, row

pytestmark = pytest.mark.django_db
ESTIMATE = (
    *("Estimate at completion", "Lowest estimate", "Highest estimate", "Estimate method"),
    *("Finish at current pace", "Why there is no estimate"),
)


@pytest.fixture
def report(portfolio, lead):
    jobs.run(
        request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=BEFORE, by=lead).pk
    )
    return VarianceReport.objects.get()


def address(report, name="variance_report"):
    return reverse(f"reports:{name}", args=[report.pk])


def text(response):
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content


def cells(response):
    book = openpyxl.load_workbook(io.BytesIO(text(response)))
    return [
        cell
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    ]


def test_the_page_says_the_finding_and_what_changed(signed_in, lead, report):
    response = signed_in(lead).get(address(report))

    sheet = response.context["sheet"]
    assert sheet.lede == (
        "Forecast cost is $25 over the approved budget (+7.1%). One project finishes later than planned."
    )
    assert [one.name for one in sheet.costs.rows] == ["Wing", f"Project {SECRET}", "Portal"]
    assert [(t.title, len(t.rows.rows)) for t in sheet.changes] == [
        ("Forecast cost moved", 2),
        ("Finish moved", 1),
        ("Status changed", 1),
    ]
    assert sheet.changes[0].rows.rows[0][2:] == ("$110", "$120", "+$10")
    assert sheet.changes_title == "What changed since last week"
    assert [(m.name, m.slip, m.moved) for m in sheet.marks.rows][:2] == [
        ("Opened", "31 days late", ""),
        ("Permit", "11 days late", "6 days later"),
    ]


def test_figures_of_a_year_alone_are_the_finding(signed_in, lead):
    portfolio = PortfolioFactory(code="NHS", name="Health")
    freeze(SUNDAY)
    project = ProjectFactory()
    member(portfolio, project)
    row(project, SUNDAY, year_budget=120, year_forecast=90, fiscal_year=2027)
    jobs.run(
        request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=None, by=lead).pk
    )

    response = signed_in(lead).get(address(VarianceReport.objects.get()))

    assert response.context["sheet"].lede == (
        "The forecast for FY2026/27 is $30 under the year’s budget (−25.0%)."
    )
    assert "Nothing to draw yet" not in text(response).decode()


def test_a_reader_sees_nothing_of_what_is_hidden(signed_in, executive, report):
    response = signed_in(executive).get(address(report))

    assert SECRET.encode() not in text(response)
    assert response.context["sheet"].lede.startswith("Forecast cost is $20 over")
    assert b"1 hidden from you" in text(response)


def test_what_is_kept_for_one_reader_is_not_shown_to_another(signed_in, executive, lead, report):
    for_lead = text(signed_in(lead).get(address(report))).decode()
    for_executive = text(signed_in(executive).get(address(report))).decode()

    assert SECRET in for_lead
    assert SECRET not in for_executive
    assert text(signed_in(lead).get(address(report))).decode().count(SECRET) == for_lead.count(
        SECRET
    )


@pytest.mark.parametrize("name", ["variance_csv", "variance_xlsx"])
def test_a_file_holds_what_its_reader_may_see(signed_in, executive, lead, report, name):
    def words(user):
        response = signed_in(user).get(address(report, name))
        if name == "variance_csv":
            return text(response).decode()
        return "\n".join(str(cell.value) for cell in cells(response))

    theirs, leads = words(executive), words(lead)

    assert SECRET not in theirs and "Wing" in theirs
    assert SECRET in leads


def test_the_workbook_keeps_numbers_as_numbers_and_runs_no_formula(signed_in, lead, portfolio):
    project = ProjectFactory(code="EVIL", name='=HYPERLINK("http://evil.example")')
    member(portfolio, project)
    row(project, SUNDAY, approved_budget=10, forecast_cost=12)
    jobs.run(
        request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=None, by=lead).pk
    )
    report = VarianceReport.objects.get()
    client = signed_in(lead)

    found = cells(client.get(address(report, "variance_xlsx")))
    lines = text(client.get(address(report, "variance_csv"))).decode().splitlines()

    assert not [cell for cell in found if cell.data_type == "f"]
    assert 12 in [cell.value for cell in found]
    assert not [line for line in lines if line.startswith(('EVIL,"=', "EVIL,="))]


def test_the_file_is_named_for_portfolio_and_day(signed_in, lead, report):
    response = signed_in(lead).get(address(report, "variance_csv"))

    assert response["Content-Disposition"] == 'attachment; filename="variance-CAP-2026-11-15.csv"'


@pytest.mark.parametrize("projects", [1, 3])
def test_the_page_costs_the_same_queries_for_any_number_of_projects(
    signed_in, lead, executive, projects, django_assert_num_queries
):
    portfolio = PortfolioFactory()
    freeze(SUNDAY)
    for _ in range(projects):
        project = ProjectFactory()
        member(portfolio, project)
        row(project, SUNDAY, approved_budget=10, forecast_cost=12)
    jobs.run(
        request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=None, by=lead).pk
    )
    report = VarianceReport.objects.get()
    client = signed_in(executive)
    client.get(address(report))

    with django_assert_num_queries(5):
        client.get(address(report))


def test_asking_for_a_report_leads_to_its_job(signed_in, lead, portfolio):
    data = {
        "scope": key(portfolio),
        "day": SUNDAY.isoformat(),
        "compared_with": BEFORE.isoformat(),
    }

    response = signed_in(lead).post(reverse("reports:variance_new"), data)

    job = Job.objects.get(kind=REPORT)
    assert response["Location"] == reverse("job", args=[job.pk])
    assert job.key == f"{portfolio.pk}:2026-11-15:2026-11-08"


@pytest.mark.usefixtures("portfolio")
def test_a_later_day_to_compare_with_is_refused_at_its_field(signed_in, lead):
    data = {"scope": "hospital", "day": BEFORE.isoformat(), "compared_with": SUNDAY.isoformat()}

    response = signed_in(lead).post(reverse("reports:variance_new"), data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["compared_with"]
    assert not Job.objects.exists()


def test_a_portfolio_without_a_freeze_says_so(signed_in, lead):
    PortfolioFactory()

    response = signed_in(lead).get(reverse("reports:variance_new"))

    assert b"Nothing is frozen yet." in response.content


def test_an_executive_reads_reports_and_asks_for_none(signed_in, executive, report):
    client = signed_in(executive)

    assert client.get(reverse("reports:variance_list")).status_code == 200
    assert client.get(reverse("reports:variance_new")).status_code == 403


def test_an_administrator_reads_none(signed_in, report):
    client = signed_in(person(Role.ADMINISTRATOR))

    for name in ("variance_report", "variance_csv", "variance_xlsx"):
        assert client.get(address(report, name)).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_the_list_costs_the_same_queries_for_any_number(
    signed_in, lead, amount, django_assert_num_queries
):
    freeze(SUNDAY)
    for _ in range(amount):
        portfolio = PortfolioFactory()
        job = request_variance(scope=scope_of(portfolio), day=SUNDAY, compared_with=None, by=lead)
        jobs.run(job.pk)
    client = signed_in(lead)
    client.get(reverse("reports:variance_list"))

    with django_assert_num_queries(5):
        client.get(reverse("reports:variance_list"))


class TestLanding:
    """The report answers where it will land, for all and for each project."""

    def test_the_page_says_it_for_all_and_for_each(self, signed_in, lead, report):
        response = signed_in(lead).get(address(report))

        costs = {one.name: (one.eac, one.span) for one in response.context["sheet"].costs.rows}
        assert costs["Wing"] == ("$100", "$100 to $110; at current cost efficiency (CPI)")
        assert costs["Portal"] == ("", "")
        assert b"Wing is forecast 41 days late; at its current pace" in text(response)
        assert b"No finished project has such forecasts; 5 are needed." in text(response)

    def test_the_files_hold_estimate_range_method_and_reason(self, signed_in, lead, report):
        rows = list(
            csv.DictReader(
                io.StringIO(
                    text(signed_in(lead).get(address(report, "variance_csv"))).decode("utf-8-sig")
                )
            )
        )

        found = {row["Project"]: [row[name] for name in ESTIMATE] for row in rows}
        assert found["Wing"] == [
            *("100.00", "100.00", "110.00", "At current cost efficiency (CPI)"),
            *("2027-02-01", ""),
        ]
        assert found["Portal"] == ["", "", "", "", "", "No reason recorded."]

    def test_the_workbook_says_where_all_will_land(self, signed_in, executive, report):
        response = signed_in(executive).get(address(report, "variance_xlsx"))

        words = " ".join(str(cell.value) for cell in cells(response))
        assert (
            "2 projects are forecast to cost $320: $20 over the approved budget of $300 (+6.7%)."
            " Earned value calculates $100 (range $100 to $110) for 1 project, $20 less than their"
            " managers forecast." in words
        )

    def test_the_api_gives_the_figures_behind_the_sentences(self, client, executive, report):
        client.force_login(executive)

        found = client.get(f"/api/v1/variance-reports/{report.pk}/").json()["landing"]

        assert (found["eac"], found["eac_high"], found["projects"]) == (100.0, 110.0, 2)
