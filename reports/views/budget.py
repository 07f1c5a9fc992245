"""Where is the overspend: approved, spent, committed and forecast, by group, down to the projects."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import formats
from pmo.common.page.charts import Chart
from pmo.common.templatetags import rounds as draw
from pmo.organization.current import category_name, organization
from projects.models import Project
from projects.selectors.funding import expiring
from projects.selectors.rollup import spent_by_ended
from projects.words.money import lapses_finding
from reports.domain.bars import CostBar
from reports.selectors import money as selectors
from reports.selectors.money import GROUPS, ForecastGap, MoneyGroup, MoneySums
from reports.selectors.visible_rows import scale_of
from reports.views.portfolio_and_day import Look, look_of
from reports.views.years import seen
from reports.words import budget as words
from reports.words import card_titles, reconciliation, years
from reports.words.forecast import money, signed
from reports.words.portfolio_and_day import NO_AMOUNTS, footnote, sees_none
from reports.words.portfolio_charts import steps_chart, variance_figure

PAGE = 25
BARS = 12
PROJECT_FIELDS = (
    "project_id",
    "code",
    "name",
    *selectors.AMOUNTS,
    "difference",
    "reasons",
)


@require_safe
@requires(Permission.PROJECT_LIST)
def budget(request: PageRequest) -> HttpResponse:
    look = look_of(request)
    by = request.GET.get("by", "")
    by = by if by in GROUPS else "unit"
    found_groups = selectors.groups_of(look.view, by)
    sums = selectors.sums_of(look.view, by, found_groups)
    # where nothing can be compared for the whole life, the fiscal year can be all there is
    of_year = not sums.comparable and bool(sums.year_comparable)
    found = sums.year_difference if of_year else sums.difference
    groups = [_named(group, by) for group in selectors.worst_first(found_groups, of_year=of_year)]
    scale = scale_of(look.view, visible=sums.projects)
    lacking = sums.projects - found.comparable
    note = footnote(scale, without=lacking, lacking=NO_AMOUNTS, moment=look.moment)
    context = {
        "title": "Budget",
        "look": look,
        "url": look.path,
        "sub": look.sub,
        "actions": _actions(look),
        "sums": sums,
        "sees_none": sees_none(scale),
        "lede": words.year_lede(sums, _year(look, sums)) if of_year else words.headline(sums),
        "lede_color": "red" if (found.variance or 0) > 0 else "green" if found.comparable else "",
        "tiles": _tiles(look, sums),
        "chart": _chart(groups, by, note, of_year=of_year),
        "missing": _missing(look, sums),
        **_lapses(look),
        "footnote": note,
        "ended": _ended(look),
        "years_url": _years_url(look),
        "year": _year(look, sums),
        **_group_table(request, look, by, groups, of_year=of_year),
        **_projects(request, look, by, groups, of_year=of_year),
    }
    return TemplateResponse(request, "reports/budget.html", context)


def _ended(look: Look) -> str:
    """Say what ended projects spent this year; only of now, for a freeze does not keep it."""
    if not look.view.period.is_now:
        return ""
    return years.ended_line(spent_by_ended(seen(look), as_of=look.view.today))


def _named(group: MoneyGroup, by: str) -> MoneyGroup:
    """Write a category's code as its words."""
    if by != "category":
        return group
    return MoneyGroup(key=group.key, name=category_name(group.key), sums=group.sums)


def _years_url(look: Look) -> str:
    return look.url(reverse("reports:fiscal_years"))


def _actions(look: Look) -> list[dict[str, str]]:
    landing = {
        "label": words.WILL_LAND,
        "url": look.url(reverse("reports:portfolio_forecast")),
        "icon": "trending-up",
    }
    fit = look.url(reverse("reports:landing_reconciliation"))
    return [
        {"label": words.BY_YEAR, "url": _years_url(look), "icon": "calendar"},
        landing,
        {"label": reconciliation.TITLE, "url": fit, "icon": "table-2"},
        {"label": "CSV", "url": look.url(reverse("reports:portfolio_csv")), "icon": "download"},
        {"label": "Excel", "url": look.url(reverse("reports:portfolio_xlsx")), "icon": "download"},
    ]


def _lapses(look: Look) -> dict[str, Any]:
    """Return which money will lapse; only of now, for budget lines are not kept by day."""
    if not look.view.period.is_now:
        return {"lapses": []}
    shown = Project.objects.filter(pk__in=look.view.rows().order_by().values("project_id"))
    found = expiring(shown, as_of=look.view.today)
    return {
        "lapses": found,
        "lapses_title": lapses_finding(found, as_of=look.view.today).rstrip("."),
        "can_see_sources": can(look.view.user, Permission.FUNDING_VIEW).allowed,
    }


def _year(look: Look, sums: MoneySums) -> str:
    return look.voice.year_of(sums.fiscal_year) or "this fiscal year"


def _tile(label: str, value: Decimal | None, **more: str) -> dict[str, Any]:
    blank = dict.fromkeys(("of", "url", "color", "change", "direction", "icon"), "")
    return blank | {
        "label": label,
        "value": "" if value is None else money(value),
        "reason": words.NOT_KNOWN_HERE,
        **more,
    }


def _share_of(part: Decimal | None, whole: Decimal | None, of: str) -> str:
    return f"{formats.percent(part / whole, 0)} {of}" if part is not None and whole else ""


def _tiles(look: Look, sums: MoneySums) -> list[dict[str, Any]]:
    whole = sums.approved_budget
    worse = "worse" if (sums.variance or 0) > 0 else "better" if sums.variance else ""
    year, share = sums.year_variance, sums.difference.share
    return [
        _tile("Approved budget", whole, change=words.known_of(sums.budgeted, sums.projects)),
        _tile("Spent", sums.spent, change=_share_of(sums.spent, whole, "of approved")),
        _tile("Committed", sums.committed, change=_share_of(sums.committed, whole, "of approved")),
        _forecast_tile(sums),
        _tile(words.OVER_OR_UNDER, sums.variance, color="red" if worse == "worse" else "")
        | {
            "value": "" if sums.variance is None else signed(sums.variance),
            "change": "" if share is None else formats.signed_percent(share),
            "direction": worse,
        },
        _tile(f"Forecast {_year(look, sums)}", sums.year_forecast)
        | {
            "change": words.year_against(sums),
            "direction": "worse" if (year or 0) > 0 else "better" if year else "",
        },
    ]


def _forecast_tile(sums: MoneySums) -> dict[str, Any]:
    """Say the headline's forecast; where nothing can be compared, the sum of what is forecast."""
    if not sums.comparable:
        return _tile("Forecast cost", sums.forecast_cost, change="At completion")
    return _tile("Forecast cost", sums.comparable_forecast, change=words.compared(sums))


def _chart(groups: list[MoneyGroup], by: str, note: str, *, of_year: bool) -> Chart:
    known = [
        (group.name, found)
        for group in groups
        if (found := _difference(group.sums, of_year=of_year)).variance is not None
    ]
    largest = sorted(known, key=lambda one: -abs(one[1].variance or Decimal()))[:BARS]
    bars = [_bar(name, [found]) for name, found in known if (name, found) in largest]
    rest = [found for name, found in known if (name, found) not in largest]
    if rest and not GROUPS[by].overlaps:
        name = "1 other" if len(rest) == 1 else f"{len(rest):,} others"
        bars.append(_bar(name, rest))
    # a title never names a person as the cause
    named = known[0] if known and by != "manager" else None
    chart = steps_chart(
        bars,
        title=card_titles.group_title(
            noun=GROUPS[by].noun,
            over=sum((found.variance or 0) > 0 for _, found in known),
            groups=len(known) if named else 0,
            worst=named[0] if named else "",
            amount=money(named[1].variance) if named else "",
        ),
        first=GROUPS[by].noun.capitalize(),
        currency=organization().money,
        footnote=note,
    )
    if not bars or not GROUPS[by].overlaps:
        return chart
    # bars that share projects do not add up
    return replace(
        chart,
        figure=variance_figure(bars, currency=organization().money),
        sentence=words.overlapping(GROUPS[by].noun),
    )


def _difference(sums: MoneySums, *, of_year: bool) -> ForecastGap:
    return sums.year_difference if of_year else sums.difference


def _bar(name: str, several: list[ForecastGap]) -> CostBar:
    base = sum((one.base or Decimal() for one in several), Decimal())
    variance = sum((one.variance or Decimal() for one in several), Decimal())
    return CostBar(name=name, approved=base, forecast=base + variance, variance=variance)


def _amounts(value: Callable[[str], Decimal | None], reason: Callable[[str], str]) -> list[str]:
    return [
        money(amount) if (amount := value(name)) is not None else draw.missing(reason(name))
        for name in selectors.AMOUNTS
    ]


def _over(variance: Decimal | None, share: Decimal | None) -> dict[str, Any]:
    return {
        "over": draw.missing(words.NO_DIFFERENCE) if variance is None else signed(variance),
        "share": formats.signed_percent(share) if share is not None else "",
        "is_over": variance is not None and variance > 0,
    }


def _group_table(
    request: PageRequest, look: Look, by: str, groups: list[MoneyGroup], *, of_year: bool
) -> dict[str, Any]:
    page: Any = Paginator(groups, PAGE).get_page(request.GET.get("page"))
    chosen = request.GET.get("group")
    return {
        "by": by,
        "by_label": GROUPS[by].noun.capitalize(),
        "choices": [(key, f"By {group.noun}", key == by) for key, group in GROUPS.items()],
        "keep": look.keep,
        "page": page,
        "plural": GROUPS[by].plural,
        "rows": [
            {
                "name": group.name,
                "url": f"{look.url(look.path, by=by)}&{urlencode({'group': group.key})}#h-projects",
                "is_chosen": group.key == chosen,
                "projects": f"{group.sums.projects:,}",
                "amounts": _amounts(
                    lambda name, sums=group.sums: getattr(sums, name),  # type: ignore[misc]  # the default binds the loop's row
                    lambda _name: words.NOT_KNOWN_IN_GROUP,
                ),
                "without": group.sums.projects - difference.comparable,
                **_over(difference.variance, difference.share),
            }
            for group in page.object_list
            for difference in [_difference(group.sums, of_year=of_year)]
        ],
    }


def _projects(
    request: PageRequest, look: Look, by: str, groups: list[MoneyGroup], *, of_year: bool
) -> dict[str, Any]:
    """Return the projects behind the chosen group, if one is chosen."""
    chosen = next((g for g in groups if g.key == request.GET.get("group")), None)
    if chosen is None:
        return {"group": None, "projects": None, "project_rows": []}
    found = selectors.rows_in(look.view, by, chosen.key, of_year=of_year).values(*PROJECT_FIELDS)
    paginator = Paginator(found, PAGE)
    paginator.count = chosen.sums.projects
    page: Any = paginator.get_page(request.GET.get("projects"))
    return {
        "group": chosen.name,
        "close_url": f"{look.url(look.path, by=by)}#h-groups",
        "projects": page,
        "project_rows": [
            _project_row(row, "year_budget" if of_year else "approved_budget")
            for row in page.object_list
        ],
    }


def _project_row(row: dict[str, Any], budget: str) -> dict[str, Any]:
    """Write one project out; `budget` names the amount that its difference is measured against."""
    variance, approved = row["difference"], row[budget]
    share = variance / approved if variance is not None and approved else None
    return {
        "url": reverse("projects:project_detail", args=[row["project_id"]]),
        "id": row["project_id"],
        "name": row["name"],
        "sub": row["code"],
        "amounts": _amounts(row.__getitem__, lambda name: row["reasons"].get(name, "Not known.")),
        **_over(variance, share),
    }


def _missing(look: Look, sums: MoneySums) -> list[dict[str, Any]]:
    """Write which amounts are not known, of how many projects, and the reasons stated."""
    return [
        {
            "label": words.LABELS[one.field],
            "count": words.lacking(one.count, sums.projects),
            "reasons": [f"{reason.rstrip('.')}: {count:,}" for reason, count in one.reasons],
        }
        for one in selectors.missing_amounts(look.view)
    ]
