"""
Projects that another sheet of the same workbook brings, and that are not written yet.

Rows that name one are tried as they will be written: in the try the project is written before them, and both
are taken back. Whose own row is handed back or left out is not there, and rows that name it are told so.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from projects.models import Project
from reports.imports.domain import ImportRow, Records, normalized
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.selectors import PROJECT, projects_beside
from reports.imports.services.chunks import write_rows
from reports.imports.services.lookups import Lookups
from reports.imports.services.setting import Setting
from reports.imports.words.sheets import absent

COMING = (ImportState.READY,)
BACK = (RowState.REFUSED, RowState.LEFT_OUT)


class BroughtProjects:
    """The new projects of one checked sheet, by code and by name."""

    def __init__(self, run: ImportRun, found: Records, setting: Setting) -> None:
        self._rows, self._setting = found.rows, setting
        rows = StagedRow.objects.of(run).filter(state=RowState.READY, outcome="created")
        places = set(rows.values_list("line", "column"))
        self._at: dict[str, int] = {}
        by_name: dict[str, list[int]] = {}
        for at, row in enumerate(found.rows):
            if row.place in places:
                if code := _said(row, "code"):
                    self._at.setdefault(code, at)
                by_name.setdefault(_said(row, "name"), []).append(at)
        for name, those in by_name.items():
            if name and len(those) == 1:
                self._at.setdefault(name, those[0])

    def write(self, rows: Iterable[ImportRow], lookups: Lookups) -> None:
        """Write the projects that the rows name, inside the caller's transaction, which is taken back."""
        named = dict.fromkeys(
            at
            for row in rows
            if (at := self._at.get(_said(row, "project"))) is not None
            and not lookups.knows(row, "project")
        )
        if not named:
            return
        own = self._setting.lookups
        mark = own.mark()
        wanted = [self._rows[at] for at in named]
        results = write_rows(wanted, PROJECT, self._setting, is_try=True)
        own.back_to(mark)
        keys = [result.written.project_id for result in results if result.written]
        for project in Project.objects.filter(pk__in=keys):
            lookups.add(project)


def _said(row: ImportRow, field: str) -> str:
    return normalized(str(row.values.get(field, "")))


def absent_from(run: ImportRun) -> Mapping[str, tuple[str, str]]:
    """
    Return what is said to a row that names a project whose own row is not written: what is wrong and what is right.

    Under the project's code and its name, as `normalized` writes them.
    """
    found: dict[str, tuple[str, str]] = {}
    for other in projects_beside(run):
        rows = StagedRow.objects.of(other).filter(state__in=BACK)
        for line, state, *names in rows.values_list("line", "state", "name", "code"):
            said = absent(other.sheet, line, is_left_out=state == RowState.LEFT_OUT)
            found |= dict.fromkeys(filter(None, map(normalized, names)), said)
    return found


def standing_of(projects: Sequence[ImportRun]) -> str:
    """Return what changes when other projects come with these sheets, or one of their rows does no more."""
    digest = hashlib.sha256()
    for run in projects:
        rows = StagedRow.objects.of(run).values_list("code", "name", "state", "outcome")
        for row in rows.iterator(chunk_size=2_000):
            digest.update(repr(row).encode())
    return digest.hexdigest()
