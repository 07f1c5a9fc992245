"""How approved budget, approved plan, forecast and calculated landing lead to one headline."""

from decimal import Decimal

from django.http import FileResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.sheets import (
    ColumnKind,
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.current import organization
from reports.selectors.landing import headline_of
from reports.selectors.reconciliation import reconciliation_of
from reports.selectors.visible_rows import scale_of
from reports.views.portfolio_and_day import Look, look_of
from reports.words import reconciliation as words
from reports.words.landing import challenge_line, headline_line
from reports.words.portfolio_and_day import as_of, footnote, sees_none

MONEY = {"Before", "After", "Difference"}
COLUMNS = [
    SheetColumn(head, ColumnKind.MONEY, 18) if head in MONEY else SheetColumn(head, width=28)
    for head in words.FILE_HEADS
]


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def landing_reconciliation(request: PageRequest) -> TemplateResponse:
    look = look_of(request)
    found = reconciliation_of(look.view)
    headline = headline_of(look.view)
    scale = scale_of(look.view, visible=found.projects)
    currency = organization().money
    context = {
        "title": words.TITLE,
        "sub": as_of(look.title, look.moment, is_frozen=not look.view.period.is_now),
        "look": look,
        "url": look.path,
        "crumbs": [
            {"label": "Portfolio", "url": look.url(reverse("reports:dashboard"))},
            {"label": "Forecast", "url": look.url(reverse("reports:portfolio_forecast"))},
        ],
        "actions": [
            _file(look, "CSV", "landing_reconciliation_csv"),
            _file(look, "Excel", "landing_reconciliation_xlsx"),
        ],
        "projects": found.projects,
        "sees_none": sees_none(scale),
        "lede": headline_line(headline, currency),
        "lede_color": "red" if (headline.variance or Decimal()) > 0 else "",
        "challenge": challenge_line(headline, currency),
        "walks": words.tables(found, currency),
        "unknown": words.unknown(found),
        "footnote": footnote(scale, without=0, lacking="", moment=look.moment),
    }
    return TemplateResponse(request, "reports/landing_reconciliation.html", context)


def _file(look: Look, label: str, name: str) -> dict[str, str]:
    return {"label": label, "url": look.url(reverse(f"reports:{name}")), "icon": "download"}


def _name(look: Look) -> str:
    scope = look.view.scope
    code = "" if scope.is_hospital else scope.code
    return file_name("rounds", "landing", code, look.view.day)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def landing_reconciliation_csv(request: PageRequest) -> StreamingHttpResponse:
    look = look_of(request)
    return csv_response(_name(look), COLUMNS, words.file_rows(reconciliation_of(look.view)))


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def landing_reconciliation_xlsx(request: PageRequest) -> FileResponse:
    look = look_of(request)
    note = words.file_note(look.title, look.moment)
    rows = words.file_rows(reconciliation_of(look.view))
    return xlsx_response(_name(look), [Sheet("Landing", COLUMNS, rows, note)])
