"""All projects of a portfolio and day as files: the rows the reader may see, nothing summed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.models import Attribution
from pmo.common.page.sheets import (
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.current import category_names
from reports.domain.fields import Use, used_in
from reports.views.portfolio_and_day import Look, look_of
from reports.words.columns import column_of, writer_of

CHUNK = 2000

EXPORTED = used_in(Use.FILE)
MISSING = SheetColumn("Why amounts are missing", width=50)
COLUMNS = (*map(column_of, EXPORTED), MISSING)


def export_rows(look: Look) -> Iterator[list[Any]]:
    """Return the visible rows, worst first, to be read some at a time."""
    # asked for now: a file is sent after its request has forgotten the organization
    return _rows(look, category_names())


def _rows(look: Look, categories: Mapping[str, str]) -> Iterator[list[Any]]:
    names = [one.name for one in EXPORTED]
    words = [(place, write) for place, one in enumerate(EXPORTED) if (write := writer_of(one))]
    category = names.index("category")
    rows = look.view.rows().worst_first().values_list(*names, "reasons")
    for found in rows.iterator(chunk_size=CHUNK):
        row = list(found)
        for place, write in words:
            row[place] = write(row[place])
        row[category] = categories.get(row[category], row[category])
        reasons = row[-1]
        row[-1] = "; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in reasons.items())
        yield row


def _name(look: Look) -> str:
    portfolio = look.view.portfolio
    return file_name("rounds", portfolio.code if portfolio else "portfolio", look.view.day)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_csv(request: PageRequest) -> StreamingHttpResponse:
    look = look_of(request)
    return csv_response(_name(look), COLUMNS, export_rows(look))


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_xlsx(request: PageRequest) -> FileResponse:
    look = look_of(request)
    sources = list(Attribution.objects.order_by("pk").values_list("text", flat=True))
    note = " ".join([f"{look.title}. As of {look.moment}.", *sources])
    return xlsx_response(_name(look), [Sheet("Projects", COLUMNS, export_rows(look), note)])
