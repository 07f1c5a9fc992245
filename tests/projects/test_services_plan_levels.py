"""How deep the rows of a plan may lie."""

import pytest

from pmo.common.writing import RefusalError
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
