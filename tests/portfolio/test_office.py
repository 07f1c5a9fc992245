"""Three kinds of office differ in what the services do, exactly as the table says."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AppendOnlyError, AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from portfolio import selectors, services
from portfolio.models import ColorValidation, Portfolio
from projects.domain.colors import Color
from projects.domain.office import OfficeKind
from projects.models import StatusUpdate
from projects.office import NO_KIND, standing_of, standings_of
from projects.selectors.change_control import ruling_for
from projects.selectors.updates_received import (
    my_projects,
    received_counts,
    received_rows,
    reporting_projects,
)
from projects.services.changes import decide_change
from projects.services.status import publish_update
from reports.selectors.building import build_snapshots
from tests.factories import PortfolioFactory, ProjectFactory, RiskFactory, UpdateFactory
from tests.factories.changes import assessed, baselined, member

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 16, 2, tzinfo=timezone.get_default_timezone())
KINDS = (None, *OfficeKind)
GREEN = {"overall": "green", "overall_note": "The permit came.", "risk_note": "A spare pump came."}


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(FRIDAY, tick=True):
        yield


def under(project, *kinds):
    """Put the project into a portfolio of each of these kinds."""
    for kind in kinds:
        portfolio = PortfolioFactory(kind=kind.value if kind else "")
        services.add_project(portfolio=portfolio, project=project, by=None)
    return project


def test_a_project_follows_the_strictest_of_its_portfolios(project):
    under(project, OfficeKind.SUPPORTIVE, OfficeKind.DIRECTIVE, None)

    standing = standing_of(project.pk)

    name = Portfolio.objects.get(kind="directive").name
    assert (standing.kind, standing.asked_by) == (OfficeKind.DIRECTIVE, (name,))
    assert standing.office == f"The directive office of {name}"


def test_a_portfolio_that_was_left_asks_nothing(project):
    under(project, OfficeKind.DIRECTIVE)
    services.end_membership(entry=project.portfolio_entries.get(), by=None)

    assert standing_of(project.pk) == NO_KIND


def test_standings_of_many_take_one_statement(project, django_assert_num_queries):
    others = [under(ProjectFactory(), OfficeKind.CONTROLLING) for _ in range(3)]
    under(project, *OfficeKind)

    with django_assert_num_queries(1):
        found = standings_of([project.pk, *(one.pk for one in others)])

    assert [one.kind for one in found.values()] == [OfficeKind.DIRECTIVE] + [
        OfficeKind.CONTROLLING
    ] * 3


@pytest.mark.parametrize(
    ("kind", "color", "is_refused"),
    [
        (None, "green", False),
        (OfficeKind.SUPPORTIVE, "green", False),
        (OfficeKind.CONTROLLING, "green", True),
        (OfficeKind.DIRECTIVE, "green", True),
        (OfficeKind.SUPPORTIVE, "red", False),
        (OfficeKind.CONTROLLING, "red", False),
        (OfficeKind.DIRECTIVE, "red", True),
    ],
)
def test_row_color(project, manager, kind, color, is_refused):
    """The data says amber: green is better, red is worse."""
    under(project, kind)
    RiskFactory(project=project, title="Pump fails", likelihood=3, impact=4)
    said = GREEN | {
        "overall": color,
        "help_needed": "A pump.",
        "help_from": "CFO",
        "help_due": FRIDAY.date(),
    }
    events = AuditEvent.objects.count()

    if not is_refused:
        assert publish_update(project=project, by=manager, at=FRIDAY, **said).overall == color
        return
    with pytest.raises(ValidationError) as caught:
        publish_update(project=project, by=manager, at=FRIDAY, **said)

    assert list(caught.value.message_dict) == ["overall"]
    assert f"The {kind.label.lower()} office of" in caught.value.message_dict["overall"][0]
    assert (StatusUpdate.objects.count(), AuditEvent.objects.count()) == (0, events)


@pytest.mark.parametrize("kind", KINDS)
def test_row_color_the_office_sets_any(project, lead, kind):
    under(project, kind)
    RiskFactory(project=project, title="Pump fails", likelihood=3, impact=4)

    assert publish_update(project=project, by=lead, at=FRIDAY, **GREEN).overall == "green"


@pytest.mark.parametrize(
    ("kind", "level", "manager_may"),
    [
        (None, "sponsor", False),
        (OfficeKind.SUPPORTIVE, "manager", True),
        (OfficeKind.CONTROLLING, "sponsor", False),
        (OfficeKind.DIRECTIVE, "pmo_lead", False),
    ],
)
def test_row_baseline(db, kind, level, manager_may):
    """4 % of the budget is above the project manager's tolerance and below the sponsor's."""
    project = under(baselined(), kind)
    manager = member(project, Role.MANAGER)
    change = assessed(project, cost=40_000, days=2)

    ruling = ruling_for(change, manager)

    assert ruling.level.value == level
    assert (ruling.refusal == "") is manager_may
    if kind in (OfficeKind.SUPPORTIVE, OfficeKind.DIRECTIVE):
        assert ruling.reasons[0].startswith(f"The {kind.label.lower()} office of")
    if not manager_may:
        with pytest.raises(RefusalError):
            decide_change(request=change, version=None, by=manager, is_approved=True)


@pytest.mark.parametrize("kind", KINDS)
def test_row_baseline_own_changes_are_recorded_only_under_a_supportive_office(db, kind):
    project = under(baselined(), kind)
    manager = member(project, Role.MANAGER)
    change = assessed(project, cost=1_000, days=1)
    type(change).objects.filter(pk=change.pk).update(raised_by=manager)
    change.refresh_from_db()

    may = ruling_for(change, manager).refusal == ""

    assert may is (kind is OfficeKind.SUPPORTIVE)


@pytest.mark.parametrize("kind", KINDS)
def test_row_status(project, manager, lead, kind):
    under(project, kind)
    later = FRIDAY + timedelta(hours=4)
    is_owed = kind is not OfficeKind.SUPPORTIVE

    mine = my_projects(manager, now=later, page=None)
    projects = reporting_projects(lead, week=date(2026, 11, 16))
    counts = received_counts(projects)
    row = received_rows(list(projects), now=later)[0]
    snapshot = build_snapshots([project.pk], as_of=later.date())[0]

    assert (mine.owed, mine.reporting, mine.rows[0].is_due) == (is_owed, is_owed, is_owed)
    assert (counts.missing, counts.optional) == (is_owed, not is_owed)
    assert row.is_late is is_owed
    assert snapshot.update_due is is_owed


@pytest.mark.parametrize("kind", KINDS)
def test_row_status_validated_only_under_a_directive_office(project, lead, kind):
    under(project, kind)
    update = UpdateFactory(project=project, week=date(2026, 11, 16))
    is_directive = kind is OfficeKind.DIRECTIVE

    waiting = list(selectors.to_validate(lead, today=FRIDAY.date()))
    assert waiting == ([update] if is_directive else [])
    if not is_directive:
        with pytest.raises(RefusalError, match="only where its kind is directive"):
            services.validate_update(update=update, color=Color.GREEN, by=lead)
        return
    record = services.validate_update(update=update, color=Color.GREEN, by=lead)

    assert (record.said, record.color, record.update) == ("green", "green", update)
    assert list(selectors.to_validate(lead, today=FRIDAY.date())) == []
    with pytest.raises(RefusalError, match="already"):
        services.validate_update(update=update, color=Color.GREEN, by=lead)


def test_the_office_sets_another_color_as_the_next_revision(project, lead):
    under(project, OfficeKind.DIRECTIVE)
    update = UpdateFactory(project=project, week=date(2026, 11, 16))

    with pytest.raises(ValidationError, match="Say why"):
        services.validate_update(update=update, color=Color.AMBER, by=lead)
    record = services.validate_update(
        update=update, color=Color.AMBER, by=lead, reason="The vendor is late."
    )

    assert (record.said, record.color) == ("green", "amber")
    assert (record.update.revision, record.update.overall) == (2, "amber")
    assert record.update.overall_note == "The vendor is late."
    update.refresh_from_db()
    assert update.overall == "green"
    with pytest.raises(RefusalError, match="corrected already"):
        services.validate_update(update=update, color=Color.GREEN, by=lead)


def test_a_validation_never_changes(project, lead):
    under(project, OfficeKind.DIRECTIVE)
    update = UpdateFactory(project=project, week=date(2026, 11, 16))
    services.validate_update(update=update, color=Color.GREEN, by=lead)

    with pytest.raises(AppendOnlyError):
        ColorValidation.objects.update(color="red")


def test_switching_shows_each_projects_changes_and_then_does_it(lead, project):
    portfolio = PortfolioFactory()
    stricter = under(ProjectFactory(), OfficeKind.DIRECTIVE)
    name = Portfolio.objects.get(kind="directive").name
    services.add_project(portfolio=portfolio, project=project, by=lead)
    services.add_project(portfolio=portfolio, project=stricter, by=lead)

    first, second = selectors.switched(portfolio, [project, stricter], OfficeKind.CONTROLLING)
    counts = selectors.switch_counts(portfolio, OfficeKind.CONTROLLING)

    assert [one.row for one in first.changes] == ["evidence", "gates", "color"]
    assert (second.changes, second.stricter) == ([], (name,))
    assert counts == (1, 1)
    assert standing_of(project.pk) == NO_KIND
    services.switch_kind(portfolio=portfolio, kind=OfficeKind.CONTROLLING, version=1, by=lead)
    assert standing_of(project.pk).kind is OfficeKind.CONTROLLING
    assert standing_of(stricter.pk).kind is OfficeKind.DIRECTIVE
    assert AuditEvent.objects.latest("sequence").action == "portfolio.kind_switched"
    with pytest.raises(EditConflictError):
        services.switch_kind(portfolio=portfolio, kind=None, version=1, by=lead)
