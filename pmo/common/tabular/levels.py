"""
A table of several levels: programs with their projects, and projects with their milestones, in one sheet.

A column says of each row what it is ("Project") or how deep it lies (1, 2, 3 or 1, 1.1, 1.1.1); or each level has a column for
its names, and what stands above is not said again. Each level is offered as if it were a sheet of its own; its
rows say in columns of their own what they lie below.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from pmo.common.tabular.errors import EmptyTableError
from pmo.common.tabular.headers import fit_of, words_of
from pmo.common.tabular.kinds import CellLook, look_of
from pmo.common.tabular.table import (
    Hints,
    SheetInfo,
    SourceTable,
    TableRow,
    Value,
    cell_at,
    is_blank,
    plain,
)

BESIDE = ": "  # no sheet of Excel may have a colon in its name
DEPTHS = frozenset(
    (
        "level",
        "hierarchy",
        "hierarchy level",
        "outline level",
        "row level",
        "indent",
        "indent level",
    )
)
NUMBERED = frozenset(("wbs", "wbs code", "outline number", "wbs number", "hierarchy number"))
TYPES = frozenset(
    (
        "type",
        "row type",
        "item type",
        "record type",
        "entry type",
        "work item type",
        "kind",
        "level",
    )
)
TELLING = DEPTHS | NUMBERED | TYPES
# a plan of tasks has levels too; it has an import of its own
OF_PLANS = frozenset(
    ("predecessors", "predecessor", "successors", "depends on", "dependents", "task mode", "constraint type",
     "total slack", "total float", "duration", "effort", "work", "bucket", "task number", "resource names")
)  # fmt: skip
REGISTERS = ("risk", "issue", "raid", "stakeholder")
PROGRAM, PROJECT, MILESTONE = "program", "project", "milestone"
WORDS = {
    "program": PROGRAM, "programs": PROGRAM, "programme": PROGRAM, "programmes": PROGRAM,
    "project": PROJECT, "projects": PROJECT,
    "milestone": MILESTONE, "milestones": MILESTONE, "key milestone": MILESTONE, "key date": MILESTONE,
}  # fmt: skip
LABELS = {PROGRAM: "Programs", PROJECT: "Projects", MILESTONE: "Milestones"}
RANKS = {PROGRAM: 0, PROJECT: 1, MILESTONE: 2}
BELOW_ALL, ABOVE_ALL = 3, -1  # where rows of another word lie
OUTER = frozenset(
    ("portfolio", "portfolios", "theme", "themes", "pillar", "division", "department", "organization",
     "region", "site", "hospital", "goal", "strategic goal", "initiative")
)  # fmt: skip
PARENTS = frozenset(
    ("parent", "parent name", "parent id", "parent key", "parent code", "parent task", "parent item",
     "parent project", "parent program", "belongs to", "part of")
)  # fmt: skip
# from the outermost: what levels that are only numbered most likely are
BY_DEPTH = {2: (PROJECT, MILESTONE), 3: (PROGRAM, PROJECT, MILESTONE)}
# program and project are named above a row by these headers
ABOVE = {PROGRAM: "Program above", PROJECT: "Project above"}
# the likeliest first
NAMES = (
    "name", "title", "project name", "task name", "item name", "item", "work item", "subject", "project",
    "milestone", "summary", "description",
)  # fmt: skip
# the columns of tables in which each level has its own
OWN_COLUMNS = {
    PROGRAM: frozenset(("program", "programme", "program name", "programme name")),
    PROJECT: frozenset(("project", "project name")),
    MILESTONE: frozenset(("milestone", "milestone name", "milestones", "key milestone")),
}
CODES = frozenset(
    ("code", "project code", "project id", "id", "key", "project number", "project no")
)
MOST_LEVELS = 8
NUMBERED_LEVEL = "Level "
NUMBER = re.compile(r"\d(?:\.0)?")


@dataclass(frozen=True, slots=True)
class Level:
    """Some rows of a table: what they are called, their rank from the outermost, and what they likely are."""

    label: str
    rank: int
    likely: str  # the kind of record, "" for none that is known


@dataclass(frozen=True, slots=True)
class _Found:
    """The levels of a table: `of` is position of a row -> level, `names` rank -> the column of its names."""

    of: Mapping[int, Level]
    names: Mapping[int, int]
    column: int  # that tells them
    is_nested: bool = True  # what a row lies below stands above it

    @property
    def levels(self) -> list[Level]:
        return list(dict.fromkeys(self.of.values()))


def apart(table: SourceTable, hints: Hints, level: str) -> SourceTable:
    """
    Return the rows of one level with what they lie below; a table without levels as it is.

    With an empty `level` it is the one whose rows most likely are what the hints ask for. Raises
    EmptyTableError for a level that is not there.
    """
    found = _levels_of(table) if level or _may_have_levels(table, hints) else None
    levels = found.levels if found else []
    chosen = next((one for one in levels if one.label == level), None)
    if chosen is None:
        _check_none_is_named(table, level)
    if found is None:
        return table
    wanted = hints.record or PROJECT
    chosen = chosen or next((one for one in levels if one.likely == wanted), None)
    infos = [_info(table, found, one) for one in levels]
    sheets = [
        one for sheet in table.sheets for one in (infos if sheet.name == table.sheet else [sheet])
    ]
    table = replace(table, sheets=tuple(sheets or infos))
    return _of_level(table, found, chosen) if chosen else table


def _check_none_is_named(table: SourceTable, level: str) -> None:
    """Raise EmptyTableError for the name of a level; beside text it may be of a sheet, by a saved mapping."""
    if level and table.sheet:
        raise EmptyTableError(f"There is no sheet named “{table.sheet}{BESIDE}{level}”.")
    if re.fullmatch(rf"{NUMBERED_LEVEL}\d", level):
        raise EmptyTableError(f"There is no level “{level}” in this table.")


def _may_have_levels(table: SourceTable, hints: Hints) -> bool:
    """Say whether rows may be programs, projects or milestones; a register's level is how bad something is."""
    if hints.record not in {None, PROJECT, MILESTONE}:
        return False
    own = max(fit_of(table.headers, kind) for kind in (PROJECT, MILESTONE))
    return all(fit_of(table.headers, kind) <= own for kind in REGISTERS)


def _levels_of(table: SourceTable) -> _Found | None:
    """Return what the levels of a table are; None for most tables."""
    said = [words_of(header) for header in table.headers]
    if OF_PLANS.isdisjoint(said):
        for column, header in enumerate(said):
            if header not in TELLING:
                continue
            cells = [plain(cell) for cell in table.column(column)]
            levels: list[Level] = []
            if header in DEPTHS and all(NUMBER.fullmatch(cell) for cell in cells):
                levels = _by_number([int(cell[0]) for cell in cells])
            elif header in NUMBERED:
                levels = _by_number(_depths(cells))
            elif header in TYPES and all(cells):
                levels = _by_word([cell.casefold() for cell in cells])
            if levels:
                of = {row.position: one for row, one in zip(table.rows, levels, strict=True)}
                names = dict.fromkeys((one.rank for one in levels), _name_column(table, column))
                is_nested = header not in TYPES or _lie_below(levels, said)
                if is_nested or any(one.likely == MILESTONE for one in levels):
                    return _Found(of, names, column, is_nested)
        return _by_column(table)
    return None


def _lie_below(levels: Sequence[Level], headers: Collection[str]) -> bool:
    """
    Say whether rows of another word lie below those that stand above them.

    Not where a column says what each belongs to, nor where the rows are sorted by what they are.
    """
    ranks = [one.rank for one in levels if one.likely]
    runs = [rank for rank, _ in groupby(ranks)]
    is_sorted = len(runs) == len(set(runs)) and ranks.count(runs[0]) > 1
    return PARENTS.isdisjoint(headers) and ranks[0] == min(ranks) and not is_sorted


def _by_column(table: SourceTable) -> _Found | None:
    """
    Tell levels by which column of names is filled; None where rows say it all again.

    Then it is a list of milestones, each with its project.
    """
    columns = {kind: at for kind in LABELS if (at := _column(table, OWN_COLUMNS[kind])) is not None}
    if not {PROJECT, MILESTONE} <= columns.keys():
        return None
    of: dict[int, Level] = {}
    parted = set()
    for row in table.rows:
        filled = [kind for kind, at in columns.items() if not is_blank(row.cells[at])]
        if not filled:
            return None
        of[row.position] = Level(LABELS[filled[-1]], RANKS[filled[-1]], filled[-1])
        parted.add(tuple(filled))
    has_projects = any(one[-1] == PROJECT for one in parted)
    has_bare_milestones = any(one[-1] == MILESTONE and PROJECT not in one for one in parted)
    if not (has_projects and has_bare_milestones):
        return None
    return _Found(of, {RANKS[kind]: at for kind, at in columns.items()}, columns[PROJECT])


def _depths(numbers: Sequence[str]) -> list[int]:
    """Return how deep 1, 1.1 and 1.1.2 lie; none where one does not lie below what stands just above it."""
    seen: set[str] = set()
    previous = ""
    for one in numbers:
        above, _, last = one.rpartition(".")
        is_below = not above or f"{previous}.".startswith(f"{above}.")
        if not last.isdecimal() or not is_below or one in seen:
            return []
        seen.add(one)
        previous = one
    return [one.count(".") + 1 for one in numbers]


def _by_number(depths: Sequence[int]) -> list[Level]:
    """Return the level of each row; none where depths do not lie in one another."""
    known = sorted(set(depths))
    likely = BY_DEPTH.get(len(known))
    steps = (after - before for before, after in pairwise(depths))
    is_nested = depths[:1] == known[:1] and all(step <= 1 for step in steps)
    if not depths or likely is None or not is_nested or known[-1] - known[0] != len(known) - 1:
        return []
    return [
        Level(f"{NUMBERED_LEVEL}{one}", one - known[0], likely[one - known[0]]) for one in depths
    ]


def _by_word(words: Sequence[str]) -> list[Level]:
    """Return the level of each row; none unless projects stand beside what lies above or below them."""
    kinds = {WORDS[word] for word in set(words) if word in WORDS}
    if PROJECT not in kinds or len(kinds) == 1 or len(set(words)) > MOST_LEVELS:
        return []
    return [_level_of(word) for word in words]


def _level_of(word: str) -> Level:
    kind = WORDS.get(word)
    if kind is None:
        return Level(word.capitalize(), ABOVE_ALL if word in OUTER else BELOW_ALL, "")
    return Level(LABELS[kind], RANKS[kind], kind)


def _info(table: SourceTable, found: _Found, level: Level) -> SheetInfo:
    headers = (*(table.headers[at] for at in _kept(table, found, level)), *_above(found, level))
    rows = sum(one == level for one in found.of.values())
    name = f"{table.sheet}{BESIDE}{level.label}" if table.sheet else level.label
    # with the line of the headers, as sheets are counted
    fit = fit_of(headers, level.likely or None)
    return SheetInfo(name, rows + 1, fit, headers=headers, likely=level.likely)


def _above(found: _Found, level: Level) -> dict[str, int]:
    """Return header -> rank of what a level's rows lie below: milestones below projects, those below programs."""
    of_projects = next(one.rank for one in found.levels if one.likely == PROJECT)
    if not found.is_nested:
        return {}
    if level.rank > of_projects:
        return {ABOVE[PROJECT]: of_projects}
    is_below = level.rank == of_projects and of_projects - 1 in found.names
    return {ABOVE[PROGRAM]: of_projects - 1} if is_below else {}


def _of_level(table: SourceTable, found: _Found, chosen: Level) -> SourceTable:
    """Keep the rows of a level, each with what it lies below."""
    above, kept = _above(found, chosen), _kept(table, found, chosen)
    code = _column(table, CODES)
    rows: list[TableRow] = []
    said: dict[int, Value] = {}
    lost = sorted((one.lines[0] for one in table.misaligned), reverse=True)
    for row in table.rows:
        while lost and lost[-1] < row.position:
            lost.pop()
            said = {}  # nobody knows what that row is, and what lies below it
        one = found.of[row.position]
        named = _named(row, one, found, code)
        other = min((rank for rank in named if said.get(rank) != named[rank]), default=one.rank)
        said = {rank: name for rank, name in said.items() if rank < other} | named
        if one == chosen:
            cells, said_here = [said.get(rank) for rank in above.values()], row.cells
            rows.append(TableRow(row.position, (*(said_here[at] for at in kept), *cells)))
    lines = {row.position for row in table.rows} - {row.position for row in rows}
    cautions = [
        replace(one, lines=own) if one.lines else one
        for one in table.cautions
        if (own := tuple(line for line in one.lines if line not in lines)) or not one.lines
    ]
    return replace(
        table,
        headers=(*(table.headers[at] for at in kept), *above),
        rows=tuple(rows),
        positions=tuple(table.positions[at] for at in (*kept, *[found.column] * len(above))),
        left_out=tuple(
            replace(one, cells=tuple(cell_at(one.cells, at) for at in kept))
            for one in table.left_out
        ),
        sheet=f"{table.sheet}{BESIDE}{chosen.label}" if table.sheet else chosen.label,
        cautions=tuple(cautions),
    )


def _kept(table: SourceTable, found: _Found, level: Level) -> list[int]:
    """Return the columns that say more of a level's rows than what they are; names of other levels are blank there."""
    others = {found.column, *found.names.values()} - {found.names[level.rank]}
    return [at for at in range(len(table.headers)) if at not in others]


def _named(row: TableRow, level: Level, found: _Found, code: int | None) -> dict[int, Value]:
    """Return rank -> what a row calls itself, a project by its code where it has one, and what it calls above."""
    named = {
        rank: row.cells[at]
        for rank, at in found.names.items()
        if rank == level.rank or (rank < level.rank and at != found.names[level.rank])
    }
    if level.likely == PROJECT and code is not None and not is_blank(row.cells[code]):
        named[level.rank] = row.cells[code]
    return {rank: cell for rank, cell in named.items() if not is_blank(cell)}


def _column(table: SourceTable, names: frozenset[str]) -> int | None:
    return next((at for at, one in enumerate(table.headers) if words_of(one) in names), None)


def _name_column(table: SourceTable, beside: int) -> int:
    """Return the column of names: by its header, else the first of words that every row fills."""
    for name in NAMES:
        if (named := _column(table, frozenset((name,)))) is not None:
            return named
    for at in range(len(table.headers)):
        if at != beside and all(look_of(cell) is CellLook.TEXT for cell in table.column(at)):
            return at
    return 0
