"""Drafts change and never collide silently; published updates never change."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.common.models import AppendOnlyError, AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError
from projects.models import ForecastEntry, Milestone, Project, StatusUpdate
from projects.services.status import (
    DraftConflictError,
    correct_update,
    discard_draft,
    publish_update,
    save_draft,
)
from reports.models import Snapshot
from tests.factories import MilestoneFactory, UserFactory

MONDAY = date(2026, 11, 16)
FRIDAY = datetime(2026, 11, 20, 16, 2, tzinfo=timezone.get_default_timezone())
GREEN = {"overall": "green", "overall_note": "On track."}
LATE = {"reason": "The inspector comes in January."}  # why a milestone stays on a day that passed
RED = {
    "overall": "red",
    "overall_note": "The permit is late.",
    "help_needed": "Approve overtime",
    "help_from": "COO",
    "help_due": date(2026, 11, 27),
}


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_first_save_opens_a_draft_of_this_week(project, manager):
    draft = save_draft(project=project, by=manager, version=0, at=FRIDAY, overall_note="Half")

    kept = StatusUpdate.objects.get()
    assert (kept.pk, kept.week, kept.revision, kept.version) == (draft.pk, MONDAY, 1, 1)
    assert (kept.state, kept.overall_note, kept.author) == ("draft", "Half", manager)
    assert kept.saved_at == FRIDAY
    assert actions() == ["status.draft_opened"]


def test_later_saves_change_the_draft_without_an_event(project, manager):
    save_draft(project=project, by=manager, version=0, at=FRIDAY, overall_note="Half")

    save_draft(project=project, by=manager, version=1, at=FRIDAY, overall_note="Whole")

    kept = StatusUpdate.objects.get()
    assert (kept.version, kept.overall_note) == (2, "Whole")
    assert actions() == ["status.draft_opened"]


def test_fields_left_out_stay_as_the_draft_has_them(project, manager):
    save_draft(project=project, by=manager, version=0, done="Slab poured", overall_note="Half")

    save_draft(project=project, by=manager, version=1, overall_note="Whole")

    assert StatusUpdate.objects.get().done == "Slab poured"


@pytest.mark.parametrize("opened_with", [0, 1, 3, -1])
def test_saving_over_somebody_else_is_refused_and_keeps_his_text(project, manager, opened_with):
    other = UserFactory()
    save_draft(project=project, by=manager, version=0, overall_note="Mine")
    save_draft(project=project, by=other, version=1, overall_note="Theirs")

    with pytest.raises(DraftConflictError) as caught:
        save_draft(project=project, by=manager, version=opened_with, overall_note="Mine again")

    kept = StatusUpdate.objects.get()
    assert (kept.version, kept.overall_note, kept.author) == (2, "Theirs", other)
    assert caught.value.current == kept


def test_saving_a_draft_that_was_published_meanwhile_shows_the_published_one(project, manager):
    save_draft(project=project, by=manager, version=0, overall_note="Mine")
    update = publish_update(project=project, by=UserFactory(), version=1, **GREEN)

    with pytest.raises(DraftConflictError) as caught:
        save_draft(project=project, by=manager, version=1, overall_note="Mine again")

    assert caught.value.current == update
    assert StatusUpdate.objects.count() == 1


def test_saving_a_draft_that_was_discarded_meanwhile_is_a_conflict_with_nothing(project, manager):
    save_draft(project=project, by=manager, version=0, overall_note="Mine")
    discard_draft(project=project, by=manager)

    with pytest.raises(DraftConflictError) as caught:
        save_draft(project=project, by=manager, version=1, overall_note="Mine again")

    assert caught.value.current is None
    assert not StatusUpdate.objects.exists()


def test_patient_data_is_refused_at_its_field_and_leaves_no_trace(project, manager):
    with pytest.raises(ValidationError) as caught:
        save_draft(project=project, by=manager, version=0, done="MRN 12345678 was moved")

    assert list(caught.value.error_dict) == ["done"]
    assert not StatusUpdate.objects.exists()
    assert actions() == []


def test_unknown_fields_are_a_fault_of_the_caller(project, manager):
    with pytest.raises(TypeError, match="does not write state"):
        save_draft(project=project, by=manager, state="published")


def test_draft_left_over_becomes_this_weeks(project, manager):
    save_draft(project=project, by=manager, version=0, at=FRIDAY, overall_note="Half")

    save_draft(project=project, by=manager, version=1, at=FRIDAY + timedelta(days=4))

    assert StatusUpdate.objects.get().week == MONDAY + timedelta(days=7)


def test_discarding_leaves_an_event_and_nothing_else(project, manager):
    save_draft(project=project, by=manager, version=0, overall_note="Half")

    discard_draft(project=project, by=manager)
    discard_draft(project=project, by=manager)

    assert not StatusUpdate.objects.exists()
    assert actions() == ["status.draft_opened", "status.draft_discarded"]


def test_publishing_takes_the_draft_and_writes_what_stood(project, manager):
    ForecastEntry.objects.create(project=project, amount=Decimal("20.50"), made_on=MONDAY)
    save_draft(project=project, by=manager, version=0, at=FRIDAY, **GREEN)

    update = publish_update(project=project, by=manager, version=1, revision=1, at=FRIDAY)

    kept = StatusUpdate.objects.get()
    assert (kept, kept.state, kept.revision, kept.published_at) == (update, "published", 1, FRIDAY)
    assert kept.forecast_finish_date == project.forecast_finish_date
    assert kept.forecast_cost == Decimal("20.50")
    assert ForecastEntry.objects.count() == 1
    assert actions() == ["status.draft_opened", "status.published"]


def test_publishing_without_a_draft_works_too(project, manager):
    publish_update(project=project, by=manager, version=0, revision=1, at=FRIDAY, **GREEN)

    assert StatusUpdate.objects.get().is_published
    assert actions() == ["status.published"]


def test_publishing_moves_dates_and_forecast_in_one_go(project, manager):
    early, late = MilestoneFactory.create_batch(2, project=project)
    untouched = MilestoneFactory(project=project)
    finish = date(2027, 2, 1)

    publish_update(
        project=project,
        by=manager,
        at=FRIDAY,
        **RED,
        forecast_cost=Decimal("20610000"),
        forecast_finish_date=finish,
        milestone_dates={
            str(early.pk): {"actual": "2026-11-19"},
            str(late.pk): {"forecast": "2026-12-18"},
            str(untouched.pk): LATE,
        },
    )

    early, late, same = Milestone.objects.order_by("pk")
    assert (early.forecast_date, early.actual_date) == (date(2026, 6, 1), date(2026, 11, 19))
    assert (late.forecast_date, late.actual_date) == (date(2026, 12, 18), None)
    assert (late.due_date, late.version, late.changed_by) == (date(2026, 12, 18), 2, manager)
    assert (same.pk, same.version) == (untouched.pk, 1)
    project.refresh_from_db()
    assert (project.forecast_finish_date, project.version) == (finish, 2)
    entry = ForecastEntry.objects.get()
    assert (entry.amount, entry.made_on) == (Decimal("20610000"), date(2026, 11, 20))
    assert actions() == [
        "milestone.changed",
        "milestone.changed",
        "project.changed",
        "forecast.made",
        "status.published",
    ]
    assert audit.faults() == []
    assert set(AuditEvent.objects.values_list("scope", flat=True)) == {
        f"projects.project:{project.pk}"
    }


def test_saying_the_same_dates_again_writes_nothing_but_the_update(project, manager):
    milestone = MilestoneFactory(project=project)

    publish_update(
        project=project,
        by=manager,
        **GREEN,
        forecast_finish_date=project.forecast_finish_date,
        milestone_dates={str(milestone.pk): {"forecast": "2026-06-01", "actual": ""} | LATE},
    )

    assert actions() == ["status.published"]
    assert Milestone.objects.get().version == 1


def test_milestones_of_another_project_are_left_alone(project, manager):
    foreign = MilestoneFactory()

    publish_update(
        project=project,
        by=manager,
        **GREEN,
        milestone_dates={str(foreign.pk): {"forecast": "2030-01-01"}},
    )

    foreign.refresh_from_db()
    assert foreign.forecast_date == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, {"overall", "overall_note"}),
        ({"overall": "green", "overall_note": "  "}, {"overall_note"}),
        (
            {"overall": "red", "overall_note": "Late."},
            {"help_needed", "help_from", "help_due"},
        ),
        (GREEN | {"forecast_cost": Decimal(-1)}, {"forecast_cost"}),
        (GREEN | {"percent_complete": 101}, {"percent_complete"}),
    ],
)
def test_incomplete_update_is_refused_field_by_field_and_leaves_no_trace(
    project, manager, fields, missing
):
    with pytest.raises(ValidationError) as caught:
        publish_update(project=project, by=manager, version=0, **fields)

    assert set(caught.value.error_dict) == missing
    assert not StatusUpdate.objects.exists()
    assert actions() == []


@pytest.mark.parametrize(
    ("dates", "field", "message"),
    [
        ({"actual": "2026-11-21"}, "actual", "A milestone cannot be done in the future."),
        ({"forecast": ""}, "forecast", "Give the milestone a forecast date."),
    ],
)
def test_impossible_milestone_date_is_refused_at_its_field(project, manager, dates, field, message):
    milestone = MilestoneFactory(project=project, baseline_date=None)

    with pytest.raises(ValidationError) as caught:
        publish_update(
            project=project,
            by=manager,
            at=FRIDAY,
            **GREEN,
            milestone_dates={str(milestone.pk): dates},
        )

    assert caught.value.message_dict == {f"m{milestone.pk}_{field}": [message]}
    assert not StatusUpdate.objects.exists()
    assert actions() == []


def test_what_somebody_moved_meanwhile_is_not_overwritten(project, manager):
    milestone = MilestoneFactory(project=project)
    ForecastEntry.objects.create(project=project, amount=Decimal(21), made_on=MONDAY)
    Project.objects.filter(pk=project.pk).update(forecast_finish_date=date(2027, 3, 1))

    with pytest.raises(ValidationError) as caught:
        publish_update(
            project=project,
            by=manager,
            at=FRIDAY,
            **GREEN,
            forecast_cost=Decimal(20),
            forecast_finish_date=date(2027, 2, 1),
            milestone_dates={str(milestone.pk): {"forecast": "2026-12-18"}},
            seen={
                "forecast_cost": Decimal(19),
                "forecast_finish_date": date(2027, 1, 4),
                f"m{milestone.pk}_forecast": date(2026, 5, 1),
            },
        )

    assert {name: errors[0].code for name, errors in caught.value.error_dict.items()} == {
        "forecast_cost": "moved",
        "forecast_finish_date": "moved",
        f"m{milestone.pk}_forecast": "moved",
    }
    assert "1 Mar 2027" in caught.value.message_dict["forecast_finish_date"][0]
    milestone.refresh_from_db()
    assert milestone.forecast_date == date(2026, 6, 1)


def test_second_publication_of_a_week_is_its_next_revision(project, manager):
    publish_update(project=project, by=manager, at=FRIDAY, **GREEN)

    second = publish_update(project=project, by=manager, at=FRIDAY, **RED)

    assert [(u.week, u.revision) for u in StatusUpdate.objects.newest_first()] == [
        (MONDAY, 2),
        (MONDAY, 1),
    ]
    assert second.revision == 2


def test_publishing_what_somebody_published_meanwhile_is_a_conflict(project, manager):
    theirs = publish_update(project=project, by=UserFactory(), at=FRIDAY, **GREEN)

    with pytest.raises(DraftConflictError) as caught:
        publish_update(project=project, by=manager, version=0, revision=1, at=FRIDAY, **RED)

    assert caught.value.current == theirs
    assert StatusUpdate.objects.count() == 1


def test_published_update_never_changes(project, manager):
    update = publish_update(project=project, by=manager, **GREEN)
    loaded = StatusUpdate.objects.get()

    for row in (update, loaded):
        row.overall_note = "Rewritten"
        with pytest.raises(AppendOnlyError):
            row.save()
        with pytest.raises(AppendOnlyError):
            row.delete()
    with pytest.raises(AppendOnlyError):
        StatusUpdate.objects.all().update(overall_note="Rewritten")
    with pytest.raises(AppendOnlyError):
        StatusUpdate.objects.all().delete()
    assert StatusUpdate.objects.get().overall_note == "On track."


def test_correction_opens_a_draft_of_the_same_week_that_says_the_same(project, manager):
    update = publish_update(
        project=project, by=manager, at=FRIDAY, **RED, done="Slab", percent_complete=58
    )

    draft = correct_update(update=update, by=manager)

    assert (draft.week, draft.revision, draft.state) == (MONDAY, 2, "draft")
    assert (draft.overall, draft.done, draft.percent_complete) == ("red", "Slab", 58)
    assert draft.forecast_finish_date is None  # follows the records until the writer touches it


def test_correction_stays_in_its_week_and_moves_no_record_of_today(project, manager):
    milestone = MilestoneFactory(project=project)
    said = GREEN | {"milestone_dates": {str(milestone.pk): LATE}}
    old = publish_update(project=project, by=manager, at=FRIDAY, **said)
    later = FRIDAY + timedelta(days=7)
    publish_update(
        project=project, by=manager, at=later, **said | {"overall_note": "The crew is back."}
    )
    draft = correct_update(update=old, by=manager)

    update = publish_update(
        project=project,
        by=manager,
        version=draft.version,
        at=later,
        **RED,
        forecast_finish_date=date(2030, 1, 1),
        milestone_dates={str(milestone.pk): {"forecast": "2030-01-01"}},
    )

    assert (update.week, update.revision) == (MONDAY, 2)
    project.refresh_from_db()
    milestone.refresh_from_db()
    assert project.forecast_finish_date == date(2027, 1, 4)
    assert milestone.forecast_date == date(2026, 6, 1)


def test_correcting_beside_an_open_draft_is_refused(project, manager):
    update = publish_update(project=project, by=manager, at=FRIDAY, **GREEN)
    save_draft(project=project, by=manager, version=0, overall_note="New")

    with pytest.raises(RefusalError, match="A draft is open already"):
        correct_update(update=update, by=manager)


def test_correcting_what_was_corrected_is_refused(project, manager):
    first = publish_update(project=project, by=manager, at=FRIDAY, **GREEN)
    publish_update(project=project, by=manager, at=FRIDAY, **RED)

    with pytest.raises(RefusalError, match=r"corrected already\. Correct its last revision"):
        correct_update(update=first, by=manager)


def test_imported_rating_needs_no_sentence_and_states_no_forecast(project):
    ForecastEntry.objects.create(project=project, amount=Decimal(21), made_on=MONDAY)

    update = publish_update(
        project=project, by=None, at=FRIDAY, overall="red", published_rating="Amber/Red"
    )

    assert (update.forecast_cost, update.forecast_finish_date) == (None, None)


def test_correction_of_an_imported_status_is_the_writers_own_word(project, manager):
    update = publish_update(
        project=project, by=None, at=FRIDAY, overall="red", published_rating="Imported from a.csv"
    )

    draft = correct_update(update=update, by=manager)

    assert (draft.overall, draft.published_rating) == ("red", "")
    with pytest.raises(ValidationError) as refused:
        publish_update(project=project, by=manager, at=FRIDAY, version=draft.version)
    assert "help_needed" in refused.value.message_dict


def test_database_refuses_a_red_update_without_an_ask(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusUpdate.objects.create(
            project=project,
            week=MONDAY,
            state="published",
            overall="red",
            saved_at=FRIDAY,
            published_at=FRIDAY,
        )


def test_publishing_refreshes_the_live_snapshot(
    project, manager, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        publish_update(project=project, by=manager, **RED)

    row = Snapshot.objects.live().get(project=project)
    assert (row.overall, row.help_needed, row.update_due) == ("red", "Approve overtime", False)
