"""How deep and how far the rows of a plan may lie, and that they never wait in a ring."""

import pytest

from pmo.common.records.writing import RefusalError
from projects.services import plan
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def test_rows_lie_at_most_twenty_levels_deep(manager):
    project = ProjectFactory()
    row = plan.create_task(project=project, name="Level 1", by=manager)
    for number in range(2, 21):
        row = plan.create_task(project=project, name=f"Level {number}", parent=row, by=manager)

    with pytest.raises(RefusalError, match="at most 20 levels"):
        plan.create_task(project=project, name="Too deep", parent=row, by=manager)

    row.refresh_from_db()
    assert row.outline == ".".join("1" * 20)
    assert project.tasks.count() == 20


def test_a_ring_is_named_from_the_row_that_stands_first_however_late_it_was_added(manager):
    project = ProjectFactory()
    draw = plan.create_task(project=project, name="Draw", by=manager)
    plan.create_task(project=project, name="Review", waits_for="1", by=manager)
    build = plan.create_task(project=project, name="Build", waits_for="2", by=manager)
    for _ in range(2):
        plan.move_task(task=build, direction="up", by=manager)
    draw.refresh_from_db()

    with pytest.raises(RefusalError, match=r"loop: 1 Build → 2 Draw → 3 Review → 1 Build\.$"):
        plan.change_task(task=draw, version=draw.version, waits_for="1", by=manager)


def test_a_plan_that_runs_over_centuries_is_refused_and_stays_as_it_was(manager):
    project = ProjectFactory()

    def grow():
        plan.create_task(project=project, name="Age 0", duration=20_000, by=manager)
        for number in range(1, 20):  # of eighty years each
            plan.create_task(
                project=project,
                name=f"Age {number}",
                waits_for=f"{number}",
                duration=20_000,
                by=manager,
            )

    with pytest.raises(RefusalError, match="far too large"):
        grow()

    ends = list(project.tasks.order_by("position").values_list("finish", flat=True))
    assert 0 < len(ends) < 20
    assert ends == sorted(ends)
    assert all(ends)
