"""Write rows about the status of past weeks, one published update for each project and week."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.models import Project, StatusUpdate
from reports.imports.domain import ImportRow
from reports.imports.services.known import Known, held_projects
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.registers.base import begun_project
from reports.imports.services.setting import Setting, Written
from reports.imports.services.statuses import STATUS, publish_said


@dataclass(slots=True)
class BegunStatus:
    """A row whose project was found."""

    row: ImportRow
    project: Project


class StatusWriter:
    """Publishes what rows of one day say of different projects."""

    later = (StatusUpdate,)

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Lock and read the projects that the rows name."""
        self._held = held_projects(setting.lookups.keys(rows, "project"))

    def begin(self, row: ImportRow, setting: Setting) -> BegunStatus:
        """Find the row's project; raise one of `refusals.ERRORS`."""
        if not any(name in row.values for name in STATUS):
            raise RowRefusedError(
                "color",
                "This row says nothing of the status.",
                "A color, a sentence or a percentage.",
            )
        return BegunStatus(row, begun_project(row, self._held, setting))

    def settle(self, begun: Sequence[BegunStatus], setting: Setting) -> None:
        """Read what was said of the projects in the rows' week."""
        self._known = Known(
            [one.project for one in begun],
            setting.fields,
            day=setting.day_of(begun[0].row),
            is_dated=True,
            portfolio=None,
        )

    def finish(self, begun: BegunStatus, setting: Setting) -> Written:
        """Publish the row's status; raise one of `refusals.ERRORS`."""
        row, project = begun.row, begun.project
        changes = publish_said("status", row, project, setting, self._known)
        if not changes:
            return Written("unchanged", (), project.pk)
        outcome = "created" if self._known.said(project) is None else "updated"
        return Written(outcome, tuple(changes), project.pk)
