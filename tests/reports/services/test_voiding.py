"""A freeze that should not be there: it counts no more, and stays with who voided it and why."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent, Job
from pmo.common.records.writing import RefusalError
from reports.models import Freeze, FreezeKind, Snapshot, Summary, VoidedFreeze, scope_of
from reports.selectors.building import build_snapshots
from reports.selectors.documents import freezes_of, summaries_for
from reports.services import early, snapshots
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.voiding import void_freeze
from reports.words.reading import reading_of
from tests.factories import PortfolioFactory, ProjectFactory, person
from tests.reports.clock import Clock
from tests.reports.documents import member, variance_of

pytestmark = pytest.mark.django_db
SUNDAY, NEXT = date(2026, 11, 22), date(2026, 11, 29)
WILD = date(2028, 2, 27)
WHY = "The clock had jumped to 2028"


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(NEXT, 14)
    return clock


@pytest.fixture
def portfolio(clock):
    portfolio = PortfolioFactory(name="Capital")
    member(portfolio, ProjectFactory(name="Archive"), added=SUNDAY - timedelta(days=30))
    snapshots.refresh_all()
    return portfolio


@pytest.fixture
def wild(portfolio):
    """A freeze of 2028 beside a true one."""
    snapshots.freeze_week(SUNDAY)
    return snapshots.freeze_week(WILD)


@pytest.fixture
def lead(db):
    return person(Role.PMO_LEAD, name="Grace Okonkwo")


def test_it_leaves_lists_defaults_and_comparisons(wild, portfolio, lead):
    draft = compile_summary(scope=scope_of(portfolio), day=WILD, by=None)
    assert [one.date for one in freezes_of(scope_of(portfolio))] == [WILD, SUNDAY]

    void_freeze(freeze=wild, reason=WHY, by=lead)

    assert [one.date for one in freezes_of(scope_of(portfolio))] == [SUNDAY]
    assert list(Freeze.objects.values_list("date", flat=True)) == [SUNDAY]
    assert set(
        Snapshot.objects.regular().filter(date__lt=date(9999, 1, 1)).dates("date", "day")
    ) == {SUNDAY}
    assert list(summaries_for(lead).for_list()) == []
    assert summaries_for(lead).get(pk=draft.pk).void_reason == WHY
    row = build_snapshots(
        list(Snapshot.objects.live().values_list("project", flat=True)),
        as_of=WILD + timedelta(days=9),
    )
    assert row[0].trend == "NN"


def test_what_was_frozen_stays_and_the_trail_says_who_and_why(wild, lead):
    before = list(Snapshot.objects.filter(date=WILD).values())

    void_freeze(freeze=wild, reason=f" {WHY} ", by=lead)

    assert list(Snapshot.objects.filter(date=WILD).values()) == before
    assert Freeze.with_voided.get(date=WILD).voided.reason == WHY
    event = AuditEvent.objects.get(action="freeze.voided")
    assert (event.by, WHY in event.body) == (lead, True)
    assert event.scope == f"reports.freeze:{wild.pk}"
    # live rows follow, for they compare themselves with the last freeze
    assert Job.objects.filter(kind="snapshots.daily", key=f"voided {wild.pk}").count() == 1


def test_a_draft_of_it_is_neither_reviewed_nor_issued(wild, portfolio, lead):
    draft = compile_summary(scope=scope_of(portfolio), day=WILD, by=None)
    void_freeze(freeze=wild, reason=WHY, by=lead)

    for act in (
        lambda: review_summary(summary=draft, version=draft.version, by=lead, comments={}),
        lambda: issue_summary(summary=draft, version=draft.version, by=lead),
    ):
        with pytest.raises(RefusalError, match=r"^The freeze of this draft was voided\."):
            act()
    assert Summary.objects.get().state == "draft"


def test_what_was_issued_stays_and_says_so(wild, portfolio, lead):
    summary = compile_summary(scope=scope_of(portfolio), day=WILD, by=None)
    summary = review_summary(summary=summary, version=summary.version, by=lead, comments={})
    summary = issue_summary(summary=summary, version=summary.version, by=lead)
    sealed = summary.sealed_text

    void_freeze(freeze=wild, reason=WHY, by=lead)

    listed = summaries_for(lead).for_list().get()
    assert listed.pk == summary.pk
    proof = reading_of(summaries_for(lead).get(pk=summary.pk), lead).proof
    assert proof.startswith(
        f"The freeze of these figures was voided on 29 Nov 2026: {WHY}."
        " This summary stays as it was issued. Issued "
    )
    assert Summary.objects.get().sealed_text == sealed


def test_the_week_is_not_frozen_again_but_a_person_may_freeze(clock, portfolio, lead):
    week = snapshots.freeze_week(NEXT)
    void_freeze(freeze=week, reason=WHY, by=lead)

    assert snapshots.freeze_week(NEXT) == week
    assert not snapshots.is_due(NEXT)
    assert early.request_freeze(by=lead).kind == FreezeKind.EARLY
    assert list(Freeze.objects.values_list("date", "kind")) == [(NEXT, "early")]


def test_a_second_time_an_import_and_no_reason_are_refused(wild, portfolio, lead):
    void_freeze(freeze=wild, reason=WHY, by=lead)
    imported = snapshots.freeze_import(
        portfolio=portfolio, projects=[], day=SUNDAY - timedelta(days=7)
    )
    first = Freeze.objects.get(date=SUNDAY)

    with pytest.raises(
        RefusalError, match=r"^Grace Okonkwo voided this freeze already, on 29 Nov 2026\.$"
    ):
        void_freeze(freeze=wild, reason=WHY, by=lead)
    with pytest.raises(RefusalError, match=r"^An imported day belongs to its import"):
        void_freeze(freeze=imported, reason=WHY, by=lead)
    with pytest.raises(ValidationError):
        void_freeze(freeze=first, reason="  ", by=lead)
    assert (
        VoidedFreeze.objects.count()
        == AuditEvent.objects.filter(action="freeze.voided").count()
        == 1
    )


def test_the_database_keeps_the_record(wild, lead):
    void_freeze(freeze=wild, reason=WHY, by=lead)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_voidedfreeze SET reason = 'none'")


class TestPages:
    def test_a_lead_looks_twice_and_gives_a_reason(self, signed_in, wild, portfolio, lead):
        compile_summary(scope=scope_of(portfolio), day=WILD, by=None)
        client = signed_in(lead)
        address = f"/reports/freezes/{wild.pk}/void/"

        asked = client.get(address).content.decode()
        empty = client.post(address, {"reason": " "})
        done = client.post(address, {"reason": WHY}, follow=True).content.decode()

        assert "1 draft summary leaves the lists and cannot be issued." in asked
        assert "This cannot be undone." in asked
        assert empty.status_code == 422
        assert "The freeze of 27 Feb 2028 is voided." in done
        assert WHY in done
        assert VoidedFreeze.objects.get().by == lead

    def test_a_voided_draft_says_so(self, signed_in, wild, portfolio, lead):
        draft = compile_summary(scope=scope_of(portfolio), day=WILD, by=None)
        void_freeze(freeze=wild, reason=WHY, by=lead)

        page = signed_in(lead).get(f"/summaries/{draft.pk}/").content.decode()

        assert "This freeze was voided." in page
        assert f"{WHY}. It cannot be issued." in page

    def test_a_report_of_it_says_so_on_its_page_and_in_its_workbook(
        self, signed_in, wild, portfolio, lead
    ):
        report = variance_of(scope_of(portfolio), WILD)
        client = signed_in(lead)
        before = client.get(report).content.decode()
        void_freeze(freeze=wild, reason=WHY, by=lead)

        after = client.get(report).content.decode()
        book = b"".join(client.get(report.rstrip("/") + ".xlsx").streaming_content)

        said = f"{WHY}. This report stays as it was made."
        assert "voided" not in before
        assert "This freeze was voided." in after
        assert said in after
        rows = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True)
        assert said in str(list(rows)[-1])

    @pytest.mark.parametrize("amount", [1, 3])
    def test_the_list_asks_as_often_for_three_as_for_one(
        self, signed_in, portfolio, lead, amount, django_assert_num_queries
    ):
        for number in range(amount):
            frozen = snapshots.freeze_week(SUNDAY - timedelta(days=7 * number))
            void_freeze(freeze=frozen, reason=WHY, by=lead)
        client = signed_in(lead)

        with django_assert_num_queries(6):
            client.get("/reports/freezes/")

    def test_over_the_api_it_is_voided_by_a_lead_alone_and_read_by_its_id(
        self, signed_in, wild, lead
    ):
        address = f"/api/v1/freezes/{wild.pk}/"
        refused = signed_in(person(Role.PMO_ANALYST)).post(
            f"{address}void/", {"reason": WHY}, content_type="application/json"
        )
        client = signed_in(lead)

        done = client.post(f"{address}void/", {"reason": WHY}, content_type="application/json")

        assert refused.status_code == 403, refused.content
        assert done.status_code == 200, done.content
        assert (done.status_code, done.json()["voided"]["reason"]) == (200, WHY)
        assert client.get(address).json()["voided"]["by"] == lead.pk
        dates = [row["date"] for row in client.get("/api/v1/freezes/").json()["results"]]
        assert dates == [SUNDAY.isoformat()]
