"""Days and hours of the week that do not fit together are refused, each with a sentence."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.organization.current import organization
from pmo.organization.models import Organization
from pmo.organization.rhythm import WeekPlan, problems_of
from pmo.organization.services import change_organization

GOOD = WeekPlan(
    due_weekday=4,
    due_time=time(17),
    remind_time=time(12),
    freeze_weekday=6,
    compile_weekday=0,
    compile_time=time(6),
)


@pytest.mark.parametrize(
    ("changes", "at_fault"),
    [
        ({}, []),
        ({"freeze_weekday": 4}, []),  # at the end of the day on which updates are due
        ({"compile_weekday": 5, "freeze_weekday": 4}, []),
        ({"remind_time": time(17)}, ["remind_time"]),
        ({"due_time": time(11)}, ["remind_time"]),
        ({"freeze_weekday": 3}, ["freeze_weekday"]),
        ({"compile_weekday": 6}, ["compile_weekday"]),
        (
            {"remind_time": time(18), "freeze_weekday": 2, "compile_weekday": 2},
            ["compile_weekday", "freeze_weekday", "remind_time"],
        ),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(changes, at_fault):
    problems = problems_of(GOOD._replace(**changes))

    assert sorted(problems) == at_fault
    assert all(sentence.endswith(".") for sentence in problems.values())


@pytest.mark.django_db
def test_the_service_refuses_what_does_not_fit_with_what_is_there():
    change_organization(by=None, version=None, freeze_weekday=4)

    with pytest.raises(ValidationError) as refused:
        change_organization(by=None, version=1, due_weekday=5)

    sentence = (
        "The week is frozen once its updates are in, and these are due on Saturday:"
        " choose that day or a later one."
    )
    assert refused.value.message_dict == {"freeze_weekday": [sentence]}
    assert organization().due_weekday == 4
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_first_save_that_does_not_fit_leaves_no_trace():
    with pytest.raises(ValidationError):
        change_organization(by=None, version=None, remind_time=time(23))

    assert not Organization.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["due_weekday", "freeze_weekday"])
def test_what_is_no_weekday_is_the_field_s_own_fault(field):
    with pytest.raises(ValidationError) as refused:
        change_organization(by=None, version=None, **{field: 9})

    assert field in refused.value.message_dict
