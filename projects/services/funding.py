"""Write funding sources: where money comes from, what binds it and until when it may be spent."""

from typing import Any

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, only, remove
from projects.models import FundingSource

SOURCE_FIELDS = frozenset(
    {"code", "name", "kind", "restriction", "amount", "available_from", "expires_on"}
)


@all_or_nothing
def create_source(*, by: User | None, **fields: Any) -> FundingSource:
    record = FundingSource(**only(fields, SOURCE_FIELDS))
    return add(record, by=by, action="funding_source.created")


@all_or_nothing
def change_source(
    *, source: FundingSource, version: int | None, by: User | None, **fields: Any
) -> FundingSource:
    return change(
        source,
        version=version,
        by=by,
        action="funding_source.changed",
        **only(fields, SOURCE_FIELDS),
    )


@all_or_nothing
def remove_source(*, source: FundingSource, by: User | None) -> None:
    if source.budget_lines.exists():
        raise RefusalError("Budget lines draw on this source; name another source on them first.")
    remove(source, by=by, action="funding_source.removed")
