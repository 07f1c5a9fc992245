"""The registers' tables refuse what may not be in them, whoever writes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from risks.domain.matrix import Band
from risks.models import Issue, Risk
from tests.factories import IssueFactory, RiskFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("bounds: risks_risk", {"likelihood": 0}),
        ("bounds: risks_risk", {"likelihood": 6}),
        ("bounds: risks_risk", {"impact": 0}),
        ("bounds: risks_risk", {"impact": 6}),
        ("risk_title_not_blank", {"title": ""}),
    ],
)
def test_the_table_of_risks_refuses(rule, changes):
    risk = RiskFactory()

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(**changes)

    assert Risk.objects.filter(pk=risk.pk, title=risk.title, likelihood=3, impact=3).exists()


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("issue_title_not_blank", {"title": ""}),
        ("issue_resolved_says_how", {"state": "resolved"}),
    ],
)
def test_the_table_of_issues_refuses(rule, changes):
    issue = IssueFactory()

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(**changes)


@pytest.mark.parametrize("factory", [RiskFactory, IssueFactory])
def test_a_reference_is_one_record_s_in_its_project(factory):
    first = factory(external_id="R-017")
    factory(external_id="R-017")  # of another project
    factory(project=first.project)
    factory(project=first.project)

    with pytest.raises(IntegrityError), transaction.atomic():
        factory(project=first.project, external_id="R-017")


def test_the_database_multiplies_the_score():
    risk = RiskFactory(likelihood=4, impact=5)

    Risk.objects.filter(pk=risk.pk).update(impact=3)
    risk.refresh_from_db()

    assert (risk.score, risk.band) == (12, Band.HIGH)


@pytest.mark.parametrize(
    ("kind", "strategy", "said"),
    [
        ("threat", "share", "For a threat choose one of avoid, reduce, transfer and accept."),
        (
            "opportunity",
            "avoid",
            "For an opportunity choose one of exploit, enhance, share and accept.",
        ),
    ],
)
def test_a_response_that_does_not_fit_is_refused_at_its_field(kind, strategy, said):
    risk = RiskFactory.build(project=RiskFactory().project, kind=kind, strategy=strategy)

    with pytest.raises(ValidationError) as caught:
        risk.full_clean()

    assert caught.value.message_dict == {"strategy": [said]}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"inherent_likelihood": 3}, "inherent_impact"),
        ({"inherent_impact": 3}, "inherent_likelihood"),
        ({"target_likelihood": 1}, "target_impact"),
        ({"target_impact": 1}, "target_likelihood"),
    ],
)
def test_half_a_score_is_refused_at_the_missing_half(fields, named):
    risk = RiskFactory.build(project=RiskFactory().project, **fields)

    with pytest.raises(ValidationError) as caught:
        risk.full_clean()

    assert list(caught.value.message_dict) == [named]


def test_other_scores_are_products_or_unknown():
    risk = Risk(likelihood=2, impact=2, inherent_likelihood=4, inherent_impact=5)

    assert (risk.inherent_score, risk.target_score) == (20, None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"review_date": date(2026, 11, 19)}, True),
        ({"review_date": TODAY}, False),
        ({"review_date": None}, False),
        ({"review_date": date(2026, 11, 19), "state": "closed"}, False),
    ],
)
def test_a_review_is_overdue_the_day_after_its_date_while_the_risk_is_open(fields, expected):
    risk = RiskFactory(**fields)

    assert risk.is_review_overdue(TODAY) is expected
    assert Risk.objects.review_overdue(TODAY).filter(pk=risk.pk).exists() is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"due_date": date(2026, 11, 19)}, True),
        ({"due_date": TODAY}, False),
        ({"due_date": None}, False),
        ({"due_date": date(2026, 11, 19), "state": "resolved", "resolution": "Done."}, False),
    ],
)
def test_an_issue_is_overdue_the_day_after_its_date_while_it_is_open(fields, expected):
    issue = IssueFactory(**fields)

    assert issue.is_overdue(TODAY) is expected
    assert Issue.objects.overdue(TODAY).filter(pk=issue.pk).exists() is expected


def test_high_and_extreme_keep_what_the_matrix_grades_so():
    for likelihood in range(1, 6):
        for impact in range(1, 6):
            RiskFactory(likelihood=likelihood, impact=impact)

    assert {risk.band for risk in Risk.objects.high()} == {Band.HIGH, Band.EXTREME}
    assert {risk.band for risk in Risk.objects.extreme()} == {Band.EXTREME}
    assert Risk.objects.high().count() == 13
    assert Risk.objects.extreme().count() == 6


def test_records_name_themselves_and_their_page():
    risk, issue = RiskFactory(title="Pump recall"), IssueFactory(title="Pumps recalled")

    assert (str(risk), risk.get_absolute_url()) == ("Pump recall", f"/risks/{risk.pk}/")
    assert (str(issue), issue.get_absolute_url()) == (
        "Pumps recalled",
        f"/risks/issues/{issue.pk}/",
    )
