from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError
from projects.models import VarianceCause
from projects.services.variance import change_cause, note_cause, remove_cause

pytestmark = pytest.mark.django_db
LATE = {"measure": "finish", "cause": "delay", "days": 12, "explanation": "Late steel"}


def noted(project, by, **changes):
    return note_cause(project=project, by=by, **LATE | changes)


def last_event():
    return AuditEvent.objects.order_by("-sequence").first()


def test_noted_cause_is_kept_with_one_event(lead, project):
    cause = noted(project, lead)

    kept = VarianceCause.objects.get()
    assert (kept.days, kept.amount, kept.explanation) == (12, None, "Late steel")
    assert (last_event().action, last_event().by) == ("variance_cause.noted", lead)
    assert last_event().scope == f"projects.project:{project.pk}"
    assert cause.pk == kept.pk


@pytest.mark.parametrize(
    "changes",
    [
        {"days": None},
        {"amount": Decimal(5)},
        {"measure": "cost"},
        {"cause": "approved"},
        {"cause": "bad luck"},
    ],
)
def test_cause_in_the_wrong_unit_or_unknown_is_refused_and_leaves_no_trace(lead, project, changes):
    events = AuditEvent.objects.count()

    with pytest.raises(ValidationError):
        noted(project, lead, **changes)

    assert (VarianceCause.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_changed_cause_says_what_changed(lead, project):
    cause = noted(project, lead)

    change_cause(record=cause, version=cause.version, by=lead, days=9)

    assert VarianceCause.objects.get().days == 9
    assert last_event().action == "variance_cause.changed"


def test_second_saver_is_told(lead, project):
    cause = noted(project, lead)
    change_cause(record=cause, version=cause.version, by=lead, days=9)
    events = AuditEvent.objects.count()

    with pytest.raises(EditConflictError):
        change_cause(record=cause, version=cause.version, by=lead, days=7)

    assert (VarianceCause.objects.get().days, AuditEvent.objects.count()) == (9, events)


def test_removed_cause_leaves_what_it_said_in_the_trail(lead, project):
    cause = noted(project, lead)

    remove_cause(record=cause, by=lead)

    assert not VarianceCause.objects.exists()
    assert last_event().action == "variance_cause.removed"
    assert "Late steel" in last_event().body


def test_unknown_field_is_refused(lead, project):
    with pytest.raises(TypeError):
        noted(project, lead, secret=1)


def test_cause_is_noted_on_the_day_it_is_recorded(lead, project):
    assert noted(project, lead).noted_on == timezone.localdate()

    with pytest.raises(TypeError, match="noted_on"):
        noted(project, lead, noted_on=date(2026, 1, 1))


@pytest.mark.parametrize("days", [36_501, -36_501, 10**12])
def test_no_cause_moves_a_finish_by_more_than_a_century(lead, project, days):
    with pytest.raises(ValidationError) as refusal:
        noted(project, lead, days=days)
    cause = noted(project, lead, days=36_500)
    with pytest.raises(ValidationError) as change_refusal:
        change_cause(record=cause, version=1, by=lead, days=days)

    for error in (refusal, change_refusal):
        assert error.value.message_dict == {"days": ["Give at most 36,500 days."]}
    assert list(VarianceCause.objects.values_list("days", flat=True)) == [36_500]
