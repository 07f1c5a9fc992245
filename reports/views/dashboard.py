"""The executives' page: how many are in trouble, is it worse, how much over, what waits for me?"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.htmx import render_page
from projects.domain.calendar import week_of
from reports.domain.key_figures import KeyFigures
from reports.filters import COLORS, HealthFilter, order_of, ordered, size_of
from reports.selectors import portfolio as selectors
from reports.selectors.key_figures import COLORS as COLOR_COUNTS
from reports.selectors.key_figures import color_counts, figures_of, with_causes
from reports.selectors.visible_rows import HiddenCount
from reports.views.portfolio_and_day import Look, look_of
from reports.words import card_titles
from reports.words import exports as export_words
from reports.words import portfolio_and_day as words
from reports.words.headline import lede, tone
from reports.words.health_rows import FIELDS, axis_columns, health_row
from reports.words.key_figures import key_facts
from reports.words.portfolio_and_day import footnote, sees_none
from reports.words.portfolio_charts import cost_chart, timeline_chart


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def dashboard(request: PageRequest) -> HttpResponse:
    look = look_of(request)
    if request.htmx:
        context = health_table(request, look)
    else:
        now = figures_of(look.view)
        context = health_table(request, look, now) | overview(look, now)
    return render_page(request, "reports/dashboard.html", context, partial="table")


def health_table(
    request: PageRequest, look: Look, totals: KeyFigures | None = None
) -> dict[str, Any]:
    """Return the table of projects with its filters; the page's totals spare it counting."""
    form = HealthFilter(request.GET, offered=look.offered)
    sort = request.GET.get("sort", "")
    rows = form.apply(look.view.rows(), look.view.rows_before())
    known = totals.colors if totals and not form.is_narrow else None
    counts = known or color_counts(rows)
    color = form.chosen("color")
    paginator = Paginator(
        ordered(form.of_color(rows), sort).with_marks().values(*FIELDS),
        size_of(request.GET.get("size")),
    )
    # the colors are counted anyway: no second count
    paginator.count = counts[color] if color else sum(counts.values())
    page: Any = paginator.get_page(request.GET.get("page"))
    columns = axis_columns(page.object_list, is_now=look.view.period.is_now)
    total = _all_of(look, form, counts, totals)
    segments = [("", "All", sum(counts.values())), *((c, w, counts[c]) for c, w in COLORS)]
    return {
        "look": look,
        "form": form,
        "fields": [form[name] for name in ("show", "unit", "category", "q")],
        "segments": [
            {
                "value": value,
                "label": label,
                "count": count,
                "icon": f"rag-{value}" if value else "",
                "checked": value == color,
            }
            for value, label, count in segments
        ],
        "keep": [
            *look.keep,
            *((n, request.GET[n]) for n in ("sort", "size") if request.GET.get(n)),
        ],
        "page": page,
        "columns": columns,
        "rows": [health_row(row, columns, today=look.view.day) for row in page.object_list],
        "is_narrow": form.is_narrow or bool(color),
        "page_url": look.url(look.path),
        "swapping": bool(request.htmx),
        "shown_count": paginator.count,
        "total_count": total,
        "files": _files(look, form, order_of(sort), shown=paginator.count, total=total),
    }


def _files(
    look: Look, form: HealthFilter, sort: str, *, shown: int, total: int
) -> list[dict[str, str]]:
    """Offer the rows shown as files, and beside them all rows."""
    narrow = form.address
    labels = export_words.links(shown=shown, total=total, is_narrow=bool(narrow))
    addresses = (narrow | {"sort": sort}, {"sort": sort})
    return [
        {
            "label": label,
            "csv": look.url(reverse("reports:portfolio_csv"), **address),
            "xlsx": look.url(reverse("reports:portfolio_xlsx"), **address),
        }
        for label, address in zip(labels, addresses, strict=True)
        if label
    ]


def _all_of(
    look: Look, form: HealthFilter, counts: dict[str, int], totals: KeyFigures | None
) -> int:
    """How many projects there are before any filter."""
    if totals:
        return totals.projects
    return look.view.rows().count() if form.is_narrow else sum(counts.values())


def overview(look: Look, now: KeyFigures) -> dict[str, Any]:
    """Return everything around the table."""
    view = look.view
    scale = HiddenCount(now.projects + now.hidden, now.hidden)
    bars = selectors.cost_bars(view, now.money)
    now = with_causes(view, now, bars)
    waiting = selectors.decisions(view)
    return {
        "title": "Portfolio health",
        "sub": _sub(look),
        "url": look.path,
        "actions": _actions() if now.projects else [],
        "totals": now,
        "sees_none": sees_none(scale),
        "lede": lede(now, look.voice),
        "lede_color": tone(now),
        "tiles": _tiles(look, now),
        "charts": [
            cost_chart(
                bars,
                now.overspend,
                currency=look.voice.currency,
                year=look.voice.year_of(now.money.fiscal_year) if now.money else "",
                footnote=footnote(
                    scale,
                    without=now.without,
                    lacking=words.NO_AMOUNTS,
                    moment=look.moment,
                ),
            ),
            timeline_chart(
                selectors.spans(view), dated=now.dated, late=now.finish_late, today=view.day
            ),
        ],
        "landing_url": look.url(reverse("reports:portfolio_forecast")),
        "landing_panel_url": look.url(reverse("reports:landing_panel")),
        "risks_url": look.url(reverse("reports:risk_panel")),
        "decisions": _decisions(look, waiting),
        "decisions_title": card_titles.decision_title(now.decisions, overdue=now.decisions_overdue),
        "decisions_more": now.decisions - len(waiting),
        "decisions_url": _list(look, show="decisions"),
        "footnote": footnote(scale, without=now.none, lacking=words.NO_UPDATE, moment=look.moment),
    }


def _sub(look: Look) -> str:
    period = look.view.period
    if period.shown and not period.is_exact:
        return words.as_of_before(look.title, look.moment, period.asked)
    if period.shown:
        return look.sub
    if period.is_too_early and period.asked:
        return words.nothing_kept(look.title, period.asked)
    return words.this_week(look.title, week_of(look.view.today), look.moment)


def _actions() -> list[dict[str, Any]]:
    return [
        {
            "label": "Weekly summary",
            "url": reverse("reports:summary_list"),
            "icon": "mail",
            "primary": True,
        },
    ]


def _list(look: Look, **filters: str) -> str:
    return look.url(look.path, anchor="#h-health", **filters)


def _tiles(look: Look, figures: KeyFigures) -> list[dict[str, str]]:
    """Return the six key figures; each links to its projects."""
    return [
        fact._asdict() | {"url": _list(look, **{_filter_of(fact.shows): fact.shows})}
        for fact in key_facts(figures, look.voice)
    ]


def _filter_of(shows: str) -> str:
    return "color" if shows in COLOR_COUNTS else "show"


def _decisions(look: Look, waiting: list[selectors.WaitingDecision]) -> list[dict[str, Any]]:
    day = look.view.day
    return [
        {
            "url": reverse("projects:project_detail", args=[one.project]),
            "color": one.color,
            "what": one.what,
            "code": one.code,
            "name": one.name,
            "who": one.who,
            "due": formats.day(one.due) if one.due else "",
            "overdue": formats.count((day - one.due).days, "day")
            if one.due and one.due < day
            else "",
        }
        for one in waiting
    ]
