"""Remove rows that an import added, where nothing refers to them: for its undo alone."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import models

from projects.models import Project, StatusUpdate
from reports.imports.models import Spared
from reports.models import Snapshot
from reports.models.snapshots import LIVE


def _links(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield every column that may refer to records of this kind, from whatever table."""
    for link in model._meta.get_fields(include_hidden=True):
        if isinstance(link, models.ForeignObjectRel) and not link.many_to_many:
            yield link.related_model, link.field.attname


def referred(model: type[models.Model], keys: Collection[Any]) -> set[Any]:
    """Return which of these records something refers to; the live row of a project does not count."""
    found: set[Any] = set()
    for other, column in _links(model):
        rows = other._base_manager.filter(**{f"{column}__in": keys})
        if other is Snapshot:
            rows = rows.exclude(date=LIVE)
        found |= set(rows.values_list(column, flat=True))
    return found


def remove_rows(model: type[models.Model], keys: Collection[Any]) -> None:
    """Delete these rows, also from behind a fence that spares; the caller has kept what they said."""
    if not keys:
        return
    if model is Project:
        models.QuerySet(Snapshot).filter(date=LIVE, project__in=keys).delete()
    elif model is StatusUpdate:
        models.QuerySet(Snapshot).filter(date=LIVE, update__in=keys).update(update=None)
    table = model._meta.db_table
    Spared.objects.bulk_create(Spared(of_table=table, row=key) for key in keys)
    # no manager of the model: those of records that are kept for ever refuse
    models.QuerySet(model).filter(pk__in=keys)._raw_delete("default")
    Spared.objects.filter(of_table=table, row__in=keys).delete()
