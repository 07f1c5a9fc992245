import pytest

from reports.domain.scope import HOSPITAL, ReportScope, ScopeKey, ScopeKind


@pytest.mark.parametrize("text", ["hospital", "portfolio-3", "program-4", "unit-15"])
def test_a_key_reads_what_it_writes(text):
    assert str(ScopeKey.of(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "hospital-1", "portfolio", "portfolio-", "portfolio-x", "unit-05", "unit- 5", "ward-1"],
)
def test_any_other_text_is_no_key(text):
    with pytest.raises(ValueError, match=r"."):
        ScopeKey.of(text)


def test_the_hospital_alone_has_no_id():
    with pytest.raises(ValueError, match="no id"):
        ScopeKey(kind=ScopeKind.HOSPITAL, id=1)
    with pytest.raises(ValueError, match="no id"):
        ScopeKey(kind=ScopeKind.UNIT)


def test_the_hospital_comes_first_then_portfolios_programs_and_units_by_name():
    def scope(kind, number, name):
        return ReportScope(key=ScopeKey(kind=kind, id=number), name=name)

    ward, wing = scope(ScopeKind.UNIT, 1, "Ward"), scope(ScopeKind.PORTFOLIO, 9, "wings")
    record, art = scope(ScopeKind.PROGRAM, 2, "Record"), scope(ScopeKind.PORTFOLIO, 3, "Art")

    found = sorted([ward, record, wing, HOSPITAL, art], key=lambda one: one.order)

    assert found == [HOSPITAL, art, wing, record, ward]


def test_jobs_of_a_portfolio_are_named_as_in_release_0_1():
    portfolio = ReportScope(key=ScopeKey(kind=ScopeKind.PORTFOLIO, id=7), name="Capital")

    assert (portfolio.job_key, HOSPITAL.job_key) == ("7", "hospital")
