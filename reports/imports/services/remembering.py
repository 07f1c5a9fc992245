"""What somebody answered for a file's words is kept in the mapping that was saved: nobody is asked twice."""

from collections.abc import Mapping
from typing import Any

from pmo.accounts.models import Unit, User
from pmo.common.records.writing import all_or_nothing, change
from pmo.common.tabular.numbers import parse_number
from projects.models import Program
from reports.imports.domain import KEPT_IN, LEAVE, CellKind, Field, normalized, profile_from_dict
from reports.imports.domain.fields import Sort
from reports.imports.models import ImportProfile, ImportRun

Words = Mapping[str, str]  # theirs -> ours, "" for nothing
LISTED = frozenset(("project",))  # fields that name a record, beside those of a sort


@all_or_nothing
def remember_value(*, run: ImportRun, by: User, header: str, old: str, new: str) -> None:
    """Keep that a word of a column means another, where the column knows its words."""
    profile = profile_from_dict(run.document)
    wanted = normalized(header)
    for name, source in profile.sources.items():
        if wanted in map(normalized, source.headers) and _has_words(profile.kind.field(name), old):
            _keep(run, by, {name: {old: new}})


@all_or_nothing
def remember_answers(*, run: ImportRun, by: User, answers: Mapping[str, Any]) -> None:
    """Keep what the names of a file mean; who and what was added is known next time anyhow."""
    kind = profile_from_dict(run.document).kind
    said = {sort: answers.get(KEPT_IN[sort]) or {} for sort in Sort}
    words = {}
    for one in run.report.get("unknown", []):
        sort = Sort(one["sort"])
        if (ours := _called(sort, str(said[sort].get(one["key"], "")))) is not None:
            words[sort, one["name"]] = ours
    _keep(
        run,
        by,
        {
            field.name: {name: ours for (sort, name), ours in words.items() if sort is field.names}
            for field in kind.fields
            if field.names
        },
    )


def _called(sort: Sort, answer: str) -> str | None:
    """Return the name by which a file may call who was chosen; None for nothing to keep."""
    if answer == LEAVE:
        return ""
    if not answer.isdecimal():
        return None
    if sort is Sort.UNIT:
        unit = Unit.objects.filter(pk=answer).first()
        is_only = unit is not None and Unit.objects.filter(name=unit.name).count() == 1
        return unit.name if unit is not None and is_only else None
    if sort is Sort.PROGRAM:
        program = Program.objects.filter(pk=answer).first()
        return program.code if program else None
    user = User.objects.filter(pk=answer).first()
    return (user.email or user.name) if user else None


def _has_words(field: Field, old: str) -> bool:
    """Say whether a text is a word for something, not a date or an amount of one row."""
    if field.kind is CellKind.NUMBER:
        return parse_number(old) is None
    return (
        field.kind in {CellKind.CHOICE, CellKind.COLOR}
        or field.names is not None
        or field.name in LISTED
    )


def _keep(run: ImportRun, by: User, words: Mapping[str, Words]) -> None:
    """Put words into the saved mapping by which the run was read, where it is still read so."""
    saved = ImportProfile.objects.filter(name=run.document.get("name", "")).first()
    if saved is None or saved.document.get("record") != run.document.get("record"):
        return
    fields = dict(saved.document.get("fields") or {})
    before = dict(fields)
    for name, said in words.items():
        entry, used = fields.get(name), (run.document.get("fields") or {}).get(name)
        if not said or not isinstance(entry, dict) or not isinstance(used, dict):
            continue
        if entry.get("from") == used.get("from"):
            fields[name] = entry | {"values": {**(entry.get("values") or {}), **said}}
    if fields != before:
        document = saved.document | {"fields": fields}
        change(saved, version=None, by=by, action="import_profile.changed", document=document)
