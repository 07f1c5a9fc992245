"""Figures of the registers, and who may answer for an entry."""

from datetime import date

import pytest

from pmo.accounts.roles import Role
from risks.models import Issue, Risk
from risks.selectors import (
    Coverage,
    IssueCounts,
    RegisterFigures,
    RiskCounts,
    coverage,
    issue_counts,
    map_counts,
    owners_for,
    register_figures,
    risk_counts,
)
from tests.factories import (
    IssueFactory,
    MemberFactory,
    ProjectFactory,
    RiskFactory,
    UnitFactory,
    person,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
PAST, FUTURE = date(2026, 11, 19), date(2026, 11, 21)


def test_risk_counts_tell_threats_states_and_overdue_reviews_apart(django_assert_num_queries):
    RiskFactory(likelihood=5, impact=5, review_date=PAST)
    RiskFactory(likelihood=2, impact=4, review_date=FUTURE)
    RiskFactory(likelihood=1, impact=1)
    RiskFactory(likelihood=5, impact=5, kind="opportunity", review_date=PAST)
    RiskFactory(likelihood=5, impact=5, state="closed", review_date=PAST)
    RiskFactory(likelihood=5, impact=5, state="occurred")

    with django_assert_num_queries(1):
        counts = risk_counts(Risk.objects.all(), as_of=TODAY)

    assert counts == RiskCounts(
        total=6, open=4, occurred=1, closed=1, high=2, extreme=1, opportunities=1, overdue=2
    )


def test_map_counts_open_threats_only():
    RiskFactory(likelihood=4, impact=2)
    RiskFactory(likelihood=4, impact=2)
    RiskFactory(likelihood=1, impact=5)
    RiskFactory(likelihood=1, impact=5, state="closed")
    RiskFactory(likelihood=1, impact=5, kind="opportunity")

    assert map_counts(Risk.objects.order_by("title")) == {(4, 2): 2, (1, 5): 1}


def test_issue_counts(django_assert_num_queries):
    IssueFactory(severity=4, due_date=PAST)
    IssueFactory(severity=1, due_date=TODAY)
    IssueFactory(severity=4, state="resolved", resolution="Done.", due_date=PAST)

    with django_assert_num_queries(1):
        counts = issue_counts(Issue.objects.all(), as_of=TODAY)

    assert counts == IssueCounts(total=3, open=2, resolved=1, critical=1, overdue=1)


def test_counts_of_nothing_are_zero():
    assert risk_counts(Risk.objects.all(), as_of=TODAY) == RiskCounts(
        total=0, open=0, occurred=0, closed=0, high=0, extreme=0, opportunities=0, overdue=0
    )


def test_register_figures_take_one_query_for_any_number(django_assert_num_queries):
    busy, quiet = ProjectFactory(), ProjectFactory()
    RiskFactory(project=busy, likelihood=2, impact=2, review_date=PAST)
    RiskFactory(project=busy, likelihood=4, impact=4, title="Worst")
    RiskFactory(project=busy, likelihood=5, impact=5, state="closed")
    IssueFactory(project=busy, due_date=PAST)

    with django_assert_num_queries(1):
        found = register_figures([busy.pk, quiet.pk], as_of=TODAY)

    assert found[quiet.pk] == RegisterFigures()
    assert found[busy.pk] == RegisterFigures(
        open_risks=2,
        high_risks=1,
        top_risk="Worst",
        top_risk_score=16,
        open_issues=1,
        overdue_actions=2,
    )


def test_coverage_counts_hidden_projects_and_those_that_have_not_looked():
    RiskFactory()
    ProjectFactory()
    RiskFactory(project=ProjectFactory(is_confidential=True))

    assert coverage(person(Role.EXECUTIVE), Risk) == Coverage(projects=3, hidden=1, without=1)
    assert coverage(person(Role.PMO_LEAD), Risk) == Coverage(projects=3, hidden=0, without=1)


def test_owners_are_the_named_and_the_office_above():
    above = UnitFactory()
    project = ProjectFactory(unit=UnitFactory(parent=above))
    named = MemberFactory(project=project, role=Role.READER).user
    everywhere = person(Role.PMO_ANALYST)
    over = person(Role.PMO_LEAD, unit=above)
    person(Role.PMO_ANALYST, unit=UnitFactory())
    person(Role.EXECUTIVE)
    person(Role.ADMINISTRATOR)
    MemberFactory()
    gone = MemberFactory(project=project).user
    gone.is_active = False
    gone.save()

    assert set(owners_for(project)) == {named, everywhere, over}
    assert set(owners_for(project, and_also=gone.pk)) == {named, everywhere, over, gone}


def test_owners_of_a_confidential_project_may_all_see_it():
    project = ProjectFactory(is_confidential=True)
    lead = person(Role.PMO_LEAD)
    person(Role.PMO_ANALYST)

    assert list(owners_for(project)) == [lead]
