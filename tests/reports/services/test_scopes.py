"""Summaries and variance reports of the whole hospital, a program and a unit, beside portfolios."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import Job
from reports.domain.scope import HOSPITAL
from reports.models import DocumentKind, Subscription, Summary, VarianceReport, scope_of
from reports.selectors.documents import freezes_of, lines_of
from reports.selectors.scopes import OfferedScopes, scope_in, weekly_scopes
from reports.services.subscriptions import subscribe, unsubscribe
from reports.services.summaries import (
    canonical_text,
    compile_summary,
    is_intact,
    issue_summary,
    request_due_summaries,
    review_summary,
)
from reports.services.variance import request_due_reports
from reports.words.reading import reading_of
from tests.factories import PortfolioFactory, ProgramFactory, ProjectFactory, UnitFactory, person
from tests.reports.documents import BEFORE, SUNDAY, freeze, key, member, row, two_weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio():
    portfolio = PortfolioFactory(name="Capital")
    portfolio.projects = two_weeks(portfolio)
    return portfolio


@pytest.fixture
def program(portfolio):
    """A program in which one project was when the second week was frozen, and is not any more."""
    made = ProgramFactory(code="CARE", name="Care at home")
    row(ProjectFactory(name="Nurse line"), SUNDAY, program=made, program_name=made.name)
    return made


def lines(scope, day=SUNDAY, before=None):
    found = lines_of(
        scope,
        frozen=next(one for one in freezes_of(scope) if one.date == day),
        compared_with=before,
        all_milestones=False,
        progress=lambda _done, _total: None,
    )
    return [line.name for line in found]


def issued(scope, lead):
    draft = compile_summary(scope=scope, day=SUNDAY, by=None)
    read = review_summary(summary=draft, version=None, by=lead, comments={})
    return issue_summary(summary=read, version=None, by=lead)


def test_a_project_in_three_portfolios_counts_once_in_the_hospital(portfolio, lead):
    wing = portfolio.projects[0]
    for _ in range(2):
        member(PortfolioFactory(), wing)

    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)
    facts = {fact.label: (fact.value, fact.of) for fact in reading_of(summary, lead).sheet.facts}

    assert [line["name"] for line in summary.content["lines"]].count("Wing") == 1
    assert facts["Red projects"] == ("1", "3")
    assert facts["Forecast cost"][0] == "$375"


def test_a_project_in_no_portfolio_is_in_the_hospital_s_summary(portfolio):
    row(ProjectFactory(name="Loose"), SUNDAY)

    assert "Loose" in lines(HOSPITAL)
    assert "Loose" not in lines(scope_of(portfolio))


def test_a_program_has_the_projects_that_were_in_it_when_they_were_frozen(portfolio, program):
    portal = portfolio.projects[1]
    portal.program = program  # since the freeze
    portal.save()

    assert lines(scope_of(program)) == ["Nurse line"]


def test_rows_that_release_0_1_froze_are_found_by_the_program_s_name(program):
    row(ProjectFactory(name="Old"), SUNDAY, program=None, program_name=program.name)

    assert lines(scope_of(program)) == ["Nurse line", "Old"]


def test_a_unit_has_the_projects_of_the_units_below_it_each_once(portfolio):
    top = UnitFactory(name="Lakeside")
    ward = UnitFactory(name="Ward", parent=top)
    ramp, roof = ProjectFactory(name="Ramp", unit=ward), ProjectFactory(name="Roof", unit=top)
    for project in (ramp, roof):
        row(project, SUNDAY)
        member(portfolio, project)
    member(PortfolioFactory(), ramp)

    assert lines(scope_of(top)) == ["Ramp", "Roof"]
    assert lines(scope_of(ward)) == ["Ramp"]


def test_each_scope_has_one_summary_of_a_freeze(portfolio, program):
    scopes = [HOSPITAL, scope_of(portfolio), scope_of(program), scope_of(UnitFactory())]
    for scope in scopes * 2:
        compile_summary(scope=scope, day=SUNDAY, by=None)

    found = Summary.objects.hospital_first()
    assert [one.scope.key for one in found] == [scope.key for scope in scopes]
    same = Summary.objects.get(scope_kind="hospital")
    same.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        same.save(force_insert=True)


@pytest.mark.parametrize(
    ("kind", "has_portfolio"), [("hospital", True), ("portfolio", False), ("program", True)]
)
def test_a_row_names_one_record_of_its_kind(portfolio, lead, kind, has_portfolio):
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(
            user=lead, scope_kind=kind, portfolio=portfolio if has_portfolio else None
        )


def test_the_seal_of_a_portfolio_s_summary_says_nothing_of_scopes(portfolio, lead):
    """What release 0.1 sealed says its portfolio, and must read the same for ever."""
    ours, whole = issued(scope_of(portfolio), lead), issued(HOSPITAL, lead)

    assert '"scope"' not in canonical_text(ours)
    assert f'"portfolio":{portfolio.pk},' in canonical_text(ours)
    assert '"scope":"hospital"' in canonical_text(whole)
    assert is_intact(ours) and is_intact(whole)


def test_a_job_of_release_0_1_names_its_portfolio_alone(portfolio):
    assert scope_in({"portfolio": portfolio.pk}) == scope_of(portfolio)
    assert scope_in({"scope": "hospital"}) == HOSPITAL


class TestEachWeek:
    def test_portfolios_are_compiled_and_what_somebody_subscribes_to(
        self, portfolio, program, lead
    ):
        assert [job.params["scope"] for job in request_due_summaries(day=SUNDAY)] == [
            key(portfolio)
        ]
        subscribe(scope=HOSPITAL, user=lead, by=lead)
        subscribe(scope=scope_of(program), user=lead, by=lead)

        asked = request_due_summaries(day=SUNDAY)

        assert [job.params["scope"] for job in asked] == ["hospital", key(program)]
        assert request_due_summaries(day=SUNDAY) == []

    def test_nothing_is_compiled_for_somebody_who_left(self, portfolio, lead):
        reader = person(Role.EXECUTIVE)
        kept = subscribe(scope=HOSPITAL, user=reader, by=lead)
        reader.is_active = False
        reader.save()

        assert weekly_scopes(SUNDAY, DocumentKind.SUMMARY) == [scope_of(portfolio)]
        unsubscribe(subscription=kept, by=lead)

    @pytest.mark.usefixtures("portfolio")
    def test_a_unit_without_projects_is_not_compiled(self, lead):
        subscribe(scope=scope_of(UnitFactory()), user=lead, by=lead)

        assert {job.params["scope"][:4] for job in request_due_summaries(day=SUNDAY)} == {"port"}

    def test_a_variance_report_is_made_where_somebody_gets_it_and_once(self, portfolio, lead):
        subscribe(scope=HOSPITAL, user=lead, by=lead, document=DocumentKind.VARIANCE)

        (job,) = request_due_reports(day=SUNDAY)
        jobs.run(job.pk)

        report = VarianceReport.objects.get()
        assert (report.scope, report.date, report.compared_with) == (HOSPITAL, SUNDAY, BEFORE)
        assert report.requested_by is None
        assert len(report.content["lines"]) == 3
        assert request_due_reports(day=SUNDAY) == []
        assert Job.objects.filter(kind=DocumentKind.VARIANCE.job).count() == 1

    def test_the_first_week_s_report_compares_with_nothing(self, portfolio, lead):
        first = date(2026, 1, 4)
        freeze(first)
        row(portfolio.projects[0], first)
        subscribe(scope=HOSPITAL, user=lead, by=lead, document=DocumentKind.VARIANCE)

        (job,) = request_due_reports(day=first)

        assert job.params["compared_with"] == ""


class TestOffered:
    @pytest.mark.usefixtures("program")
    def test_who_sees_everything_is_offered_everything(self, lead):
        UnitFactory(name="Empty")

        found = OfferedScopes(lead)

        assert [one.name for one in found.programs] == ["Care at home"]
        assert "Empty" in [one.name for one in found.units]

    def test_others_are_offered_where_they_see_a_project(self):
        top = UnitFactory(name="Lakeside")
        ward, other = UnitFactory(name="Ward", parent=top), UnitFactory(name="Other")
        seen, unseen = (ProgramFactory(code=c, name=c) for c in ("SEEN", "UNSEEN"))
        ProjectFactory(unit=ward, program=seen)
        ProjectFactory(unit=other, program=unseen)

        found = OfferedScopes(person(Role.UNIT_HEAD, unit=ward))

        assert [one.name for one in found.units] == ["Lakeside", "Ward"]
        assert [one.name for one in found.programs] == ["SEEN"]
        assert found.find(key(unseen)) is None and found.find(key(other)) is None
        assert found.find("hospital") == HOSPITAL
