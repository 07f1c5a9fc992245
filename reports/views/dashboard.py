"""The executives' page: how many are in trouble, is it worse, how much over, what waits for me?"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import figures
from pmo.common.page.htmx import render_page
from pmo.organization.current import organization
from projects.domain.calendar import week_of
from reports import charts
from reports.domain.overspend import Overspend
from reports.filters import COLORS, HealthFilter, ordered, size_of
from reports.selectors import portfolio as selectors
from reports.selectors.portfolio import Totals
from reports.selectors.visible_rows import scale_of
from reports.views.portfolio_and_day import Look, look_of
from reports.words import ledes
from reports.words import portfolio_and_day as words
from reports.words.health_rows import FIELDS, axis_columns, health_row
from reports.words.ledes import MoneyFinding, Movement
from reports.words.portfolio_and_day import footnote, sees_none


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def dashboard(request: PageRequest) -> HttpResponse:
    look = look_of(request)
    if request.htmx:
        context = health_table(request, look)
    else:
        now = selectors.totals_of(look.view)
        context = health_table(request, look, now) | overview(request, look, now)
    return render_page(request, "reports/dashboard.html", context, partial="table")


def health_table(request: PageRequest, look: Look, totals: Totals | None = None) -> dict[str, Any]:
    """Return the table of projects with its filters; the page's totals spare it counting."""
    form = HealthFilter(request.GET)
    sort = request.GET.get("sort", "")
    rows = form.apply(look.view.rows())
    known = totals.colors if totals and not form.is_narrow else None
    counts = known or selectors.color_counts(rows)
    color = form.chosen("color")
    paginator = Paginator(
        ordered(form.of_color(rows), sort).values(*FIELDS), size_of(request.GET.get("size"))
    )
    # the colors are counted anyway: no second count
    paginator.count = counts[color] if color else sum(counts.values())
    page: Any = paginator.get_page(request.GET.get("page"))
    columns = axis_columns(page.object_list, is_now=look.view.period.is_now)
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
        "total_count": _all_of(look, form, counts, totals),
    }


def _all_of(look: Look, form: HealthFilter, counts: dict[str, int], totals: Totals | None) -> int:
    """How many projects there are before any filter."""
    if totals:
        return totals.projects
    return look.view.rows().count() if form.is_narrow else sum(counts.values())


def overview(request: PageRequest, look: Look, now: Totals) -> dict[str, Any]:
    """Return everything around the table."""
    view = look.view
    before = selectors.before_of(view)
    scale = scale_of(view, visible=now.projects)
    money = now.money
    year = look.year_of(now.fiscal_year) if money and money.is_year else ""
    bars = selectors.cost_bars(view, money)
    overspend = selectors.overspend_of(money, bars)
    waiting = selectors.decisions(view)
    return {
        "title": "Portfolio health",
        "sub": _sub(look),
        "url": look.path,
        "actions": _actions(look) if now.projects else [],
        "totals": now,
        "sees_none": sees_none(scale),
        "lede": _lede(look, now, overspend, year=year, has_before=before is not None),
        "lede_color": "red" if now.red else "amber" if now.amber else "green" if now.green else "",
        "tiles": _tiles(look, now, before),
        "charts": [
            charts.cost_chart(
                bars,
                overspend,
                currency=organization().money,
                year=year,
                footnote=footnote(
                    scale,
                    without=now.projects - (money.comparable if money else 0),
                    lacking=words.NO_AMOUNTS,
                    moment=look.moment,
                ),
            ),
            charts.timeline_chart(
                selectors.spans(view), dated=now.dated, late=now.slipped, today=view.day
            ),
        ],
        "landing_url": look.url(reverse("reports:portfolio_forecast")),
        "landing_panel_url": look.url(reverse("reports:landing_panel")),
        "risks_url": look.url(reverse("reports:risk_panel")),
        "decisions": _decisions(look, waiting),
        "decisions_title": ledes.decision_title(now.decisions, overdue=now.decisions_late),
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


def _actions(look: Look) -> list[dict[str, Any]]:
    return [
        {"label": "CSV", "url": look.url(reverse("reports:portfolio_csv")), "icon": "download"},
        {"label": "Excel", "url": look.url(reverse("reports:portfolio_xlsx")), "icon": "download"},
        {
            "label": "Weekly summary",
            "url": reverse("reports:summary_list"),
            "icon": "mail",
            "primary": True,
        },
    ]


def _lede(look: Look, now: Totals, overspend: Overspend, *, year: str, has_before: bool) -> Any:
    money = None
    if now.money and now.money.variance and now.money.share is not None:
        money = MoneyFinding(
            amount=figures.money(abs(now.money.variance), organization().money),
            share=figures.signed_percent(now.money.share),
            is_over=now.money.variance > 0,
            year=year,
        )
    return ledes.lede(
        projects=now.projects,
        red=now.red,
        amber=now.amber,
        silent=now.none,
        movement=Movement(
            worse=now.worse, better=now.better, silenced=now.silenced, since=look.since
        )
        if has_before
        else None,
        money=money,
        overspend=overspend,
        disputed=now.disputed,
        decisions=now.decisions,
    )


def _list(look: Look, **filters: str) -> str:
    return look.url(look.path, anchor="#h-health", **filters)


def _moved(now: int, before: int | None, since: str) -> tuple[str, str]:
    """Write how a bad count moved, and whether that is worse or better."""
    if before is None:
        return "Nothing to compare with yet", ""
    if now == before:
        return f"Same as {since}", ""
    moved = f"{abs(now - before):,} {'more' if now > before else 'fewer'} than {since}"
    return moved, "worse" if now > before else "better"


def _tile(label: str, value: str, **more: str) -> dict[str, str]:
    """Fill in what the key figure does not say."""
    blank = dict.fromkeys(("of", "url", "color", "change", "direction", "reason", "icon"), "")
    return blank | {"label": label, "value": value} | more


def _counted_tile(
    look: Look, label: str, value: int, was: int | None, **more: str
) -> dict[str, str]:
    """A bad thing that is counted: more of it is worse."""
    change, direction = _moved(value, was, look.since)
    return _tile(label, f"{value:,}", change=change, direction=direction, **more)


def _tiles(look: Look, now: Totals, before: Totals | None) -> list[dict[str, str]]:
    """Return the six key figures; each links to its projects."""
    all_projects = f"{now.projects:,}"
    return [
        _counted_tile(
            look,
            "Red projects",
            now.red,
            before.red if before else None,
            of=all_projects,
            url=_list(look, color="red"),
            color="red" if now.red else "",
        ),
        _counted_tile(
            look,
            "Amber projects",
            now.amber,
            before.amber if before else None,
            of=all_projects,
            url=_list(look, color="amber"),
            color="amber" if now.amber else "",
        ),
        _cost_tile(look, now),
        _milestones_tile(look, now, before),
        _risks_tile(look, now, before),
        _updates_tile(look, now),
    ]


def _milestones_tile(look: Look, now: Totals, before: Totals | None) -> dict[str, str]:
    label, url = "Late milestones", _list(look, show="late")
    if not now.milestones_all:
        return _tile(label, "", url=url, reason="No milestone is recorded.", change="None recorded")
    return _counted_tile(
        look,
        label,
        now.milestones_late,
        before.milestones_late if before else None,
        of=f"{now.milestones_open:,} open",
        url=url,
    )


def _risks_tile(look: Look, now: Totals, before: Totals | None) -> dict[str, str]:
    label, url = "High risks open", _list(look, show="risks")
    if not now.with_register and not now.open_risks:
        return _tile(label, "", url=url, reason="No risk is registered.", change="None registered")
    return _counted_tile(
        look,
        label,
        now.high_risks,
        before.high_risks if before else None,
        of=f"{now.open_risks:,}",
        url=url,
    )


def _cost_tile(look: Look, now: Totals) -> dict[str, str]:
    sign, money = organization().money, now.money
    if money is None:
        reason = "No project has both an approved budget and a forecast cost."
        url = _list(look, show="over")
        return _tile("Forecast cost", "", url=url, reason=reason, change="No amounts to compare")
    approved = figures.money(money.approved, sign)
    side = "over" if money.variance > 0 else "under"
    change = f"{figures.money(abs(money.variance), sign)} {side} {approved}"
    year = f" {look.year_of(now.fiscal_year)}" if money.is_year else ""
    return _tile(
        f"Forecast cost{year}",
        figures.money(money.forecast, sign),
        url=_list(look, show="over_year" if money.is_year else "over"),
        change=change if money.variance else f"As approved: {approved}",
        direction="worse" if money.variance > 0 else "better" if money.variance else "",
    )


def _updates_tile(look: Look, now: Totals) -> dict[str, str]:
    silent = f"{now.none:,} without a current report" if now.none else "Every report is current"
    return _tile(
        "Updates in this week" if look.view.period.is_now else "Updates in that week",
        f"{now.updates_in:,}",
        of=f"{now.reporting:,}",
        change=silent,
        icon="clock" if now.none else "",
        url=_list(look, show="due"),
    )


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
            "due": figures.day(one.due) if one.due else "",
            "overdue": figures.count((day - one.due).days, "day")
            if one.due and one.due < day
            else "",
        }
        for one in waiting
    ]
