"""Template tags and filters of the design system: icons, statuses, figures, small drawings."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from pmo.common.background import leases
from pmo.common.local.currency import Currency, currency
from pmo.common.models import Job
from pmo.common.page import colors_css, formats, inline_charts
from pmo.common.templatetags.every_form import csrf_token

register = template.Library()

# typed, or a safe string and an equal unsafe one would share an answer
remembered = lru_cache(maxsize=4096, typed=True)

STRIP_STEP = 14  # drawing units between two weeks of a status trend


@register.simple_tag
@remembered
def icon(name: str, cls: str = "") -> SafeString:
    """Draw an icon of the sprite; it is decoration, so the words beside it must say the same."""
    extra = f" {cls}" if cls else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        static("icons.svg"),
        name,
    )


def _known(color: str) -> str:
    return color if color in formats.COLOR_WORDS else "none"


@register.simple_tag
@remembered
def asset(path: str) -> str:
    """Print the address of a file that is served as it is; which version holds is known at the start."""
    return static(path)


@register.simple_tag
@remembered
def rag(color: str) -> SafeString:
    """Draw a status badge: shape, word and color."""
    code = _known(color or "none")
    return format_html(
        '<span class="rag rag--{}">{}{}</span>',
        code,
        icon(f"rag-{code}"),
        formats.color_word(code),
    )


@register.simple_tag
@remembered
def dot(color: str, label: str = "") -> SafeString:
    """Draw the small status, for a labeled column only; the hidden word is "Cost: Red"."""
    code = _known(color or "none")
    word = formats.color_word(code)
    return format_html(
        '<span class="dot dot--{}">{}<span class="vh">{}</span></span>',
        code,
        icon(f"rag-{code}"),
        f"{label}: {word}" if label else word,
    )


@register.simple_tag
@remembered
def change(now: str, before: str | None) -> SafeString:
    """Say how a status moved since last week; `before` None means there was no week before."""
    if before is None or before == "":
        return mark_safe('<span class="chip">First report</span>')
    if now == before:
        return mark_safe('<span class="chip">No change</span>')
    was = formats.color_word(before)
    if now == "none":
        return format_html('<span class="chip">{}No report, was {}</span>', icon("clock"), was)
    if before == "none":
        return format_html('<span class="chip">{}Reports again</span>', icon("arrow-right"))
    order = formats.WORST_FIRST
    if order.index(_known(now)) < order.index(_known(before)):
        shape = icon("arrow-down-right")
        return format_html('<span class="chip chip--worse">{}Worse, was {}</span>', shape, was)
    shape = icon("arrow-up-right")
    return format_html('<span class="chip chip--better">{}Better, was {}</span>', shape, was)


@register.simple_tag
@remembered
def missing(reason: str = "no data") -> SafeString:
    """Print a dash for a figure that is not known, with the reason for everybody."""
    return format_html(
        '<span class="missing" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="vh">{}</span></span>',
        reason,
        formats.DASH,
        reason,
    )


@remembered
def _written(value: formats.Number, sign: str, *, after: bool, plus: bool) -> str:
    """Write an amount short, in full where the pointer rests on it; `after` tells equal signs apart."""
    of = Currency(sign, after=after)
    short, full = formats.money(value, of, plus=plus), formats.money_exact(value, of, plus=plus)
    return short if short == full else format_html('<span title="{}">{}</span>', full, short)


def _short_amount(value: formats.Number, *, plus: bool = False) -> str:
    sign = currency()
    return _written(value, str(sign), after=sign.after, plus=plus)


@register.simple_tag
def amount(value: formats.Number | None, reason: str = "no data", *, plus: bool = False) -> str:
    """Print an amount of money, or a dash with the reason why there is none."""
    return missing(reason) if value is None else _short_amount(value, plus=plus)


@register.simple_tag
def shade(name: str, theme: str = "light") -> str:
    """Print a color of the style sheet as #rrggbb, for a mail, which cannot read one."""
    return colors_css.shade(name, theme)


@register.filter
def money(value: formats.Number | None) -> str:
    """Print an amount short: "$3.3M", in full behind it; for an element's text alone."""
    return formats.DASH if value is None else _short_amount(value)


@register.filter
def signed_money(value: formats.Number | None) -> str:
    """Print a difference of amounts: "+$2.2M", in full behind it; for an element's text alone."""
    return formats.DASH if value is None else _short_amount(value, plus=True)


@register.filter
def money_exact(value: formats.Number | None, digits: int | None = None) -> str:
    """Print an amount in full: "$3,312,400"; `digits` keeps the amounts of a column in line."""
    return formats.money_exact(value, currency(), digits=digits)


@register.filter
def percent(value: formats.Number | None, digits: int = 1) -> str:
    """Print a ratio as a percentage: 0.053 is "5.3%"."""
    return formats.percent(value, digits)


@register.filter
def signed_percent(value: formats.Number | None, digits: int = 1) -> str:
    """Print a relative change: "+5.3%"."""
    return formats.signed_percent(value, digits)


@register.filter
def figure(value: formats.Number | None, digits: int = 0) -> str:
    """Print a number with thousands separators."""
    return formats.number(value, digits)


@register.filter
def of_many(total: int, noun: str) -> str:
    """Print a number with its noun, given as plural: "31 projects", "1 project"."""
    return formats.count(total, noun.removesuffix("s"), noun)


@register.filter
def day(value: date | None) -> str:
    """Print a date: "4 Dec 2026"."""
    return formats.day(value)


@register.filter
def short_day(value: date | None) -> str:
    """Print a date without its year: "4 Dec"."""
    return formats.short_day(value)


@register.filter
def week(value: date | None) -> str:
    """Print the working week of a date: "Week 47, 16–20 Nov 2026"."""
    return formats.week(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Print a time in the reader's zone: "Friday 20 Nov 2026, 16:00"."""
    return formats.moment(timezone.localtime(value) if value else None)


@register.filter
def stamp(value: datetime | None) -> str:
    """Print a time in the reader's zone, short enough for a column: "20 Nov 2026, 16:00"."""
    return formats.stamp(timezone.localtime(value) if value else None)


@register.filter
def last_alive(job: Job | None) -> str:
    """Say when the worker of a running job was last alive; "" for any other."""
    return leases.last_alive(job) if job else ""


@register.filter
def slip(days: int | None) -> str:
    """Print a shift in days: "24 days late"."""
    return formats.slip(days)


@register.filter
def moved(days: int | None) -> str:
    """Print how a date moved between two plans: "24 days later"."""
    return formats.moved(days)


@register.filter
def signed_exact(value: formats.Number | None, digits: int | None = None) -> str:
    """Print a difference of amounts in full: "+$2,240,000"."""
    return formats.money_exact(value, currency(), plus=True, digits=digits)


@register.filter
def color_word(color: str) -> str:
    """Print the word of a color code: "No report"."""
    return formats.color_word(color)


@register.simple_tag
def ago(value: datetime | date | None, today: date | None = None) -> str:
    """Print how old a report is, with the exact time behind it."""
    if value is None:
        return missing("never reported")
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        on, exact, stamp = local.date(), formats.moment(local), local.isoformat()
    else:
        on, exact, stamp = value, formats.day(value), value.isoformat()
    said = formats.ago(on, today or timezone.localdate())
    return mark_safe(f'<time datetime="{stamp}" title="{exact}">{said}</time>')  # noqa: S308 - no text of anybody's


@register.simple_tag
def sparkline(values: Sequence[float], label: str) -> SafeString:
    """Draw a trend line with its sentence: "Health score from 62 to 41 over 8 weeks"."""
    points = inline_charts.sparkline(values)
    if not points:
        return missing("no history yet")
    line = " ".join(f"{x},{y}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 88 24" width="88" height="24" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        label,
        line,
        *points[-1],
    )


@register.simple_tag
@remembered
def status_trend(letters: str) -> SafeString:
    """Draw the last weeks of statuses from letters, oldest first: "GGAARRNN"."""
    colors = [formats.COLOR_LETTERS.get(letter, "none") for letter in letters[-8:]]
    if not colors:
        return missing("no reports yet")
    sprite = static("icons.svg")
    shapes = format_html_join(
        "",
        '<use class="ts-{}" href="{}#rag-{}" x="{}" y="2" width="12" height="12"/>',
        ((color[0], sprite, color, i * STRIP_STEP) for i, color in enumerate(colors)),
    )
    return format_html(
        '<svg class="ts" viewBox="0 0 112 16" width="112" height="16" role="img" aria-label="{}">'
        "{}</svg>",
        formats.trend_sentence(colors),
        shapes,
    )


@register.simple_tag
def budget_bar(
    spent: inline_charts.Amount | None,
    forecast: inline_charts.Amount | None,
    approved: inline_charts.Amount | None,
) -> SafeString:
    """Draw spent and forecast against the approved amount; a dash when nothing is approved."""
    bar = inline_charts.budget_bar(spent, forecast, approved)
    if bar is None:
        return missing("no approved budget")
    sign = currency()
    sentence = (
        f"Spent {formats.money(spent, sign) if spent is not None else 'unknown'} "
        f"of {formats.money(approved, sign)}, "
        f"forecast {formats.money(forecast, sign) if forecast is not None else 'unknown'}"
    )
    shapes = (("fc", 0.5, 5, bar.forecast, 10, 2), ("spent", 0, 8, bar.spent, 4, 0))
    # a list draws one in every row: numbers need no escaping, the sentence has the currency in it
    parts = "".join(
        f'<rect class="b-{name}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{rx}"/>'
        for name, x, y, width, height, rx in shapes
        if width
    )
    return mark_safe(  # noqa: S308 - see above
        f'<svg class="bullet{" over" if bar.is_over else ""}" viewBox="0 0 132 20" width="132"'
        f' height="20" role="img" aria-label="{escape(sentence)}">'
        f'<rect class="b-track" x="0.5" y="5" width="131" height="10" rx="2"/>{parts}'
        f'<rect class="b-target" x="{bar.approved_x}" y="1" width="2" height="18"/></svg>'
    )


def _said(placed: inline_charts.PlacedMark) -> str:
    """Say one event of a strip: "Permit, due 4 Dec 2026, 24 days late"."""
    mark = placed.mark
    if placed.state == "done":
        return f"{mark.name}, done {formats.day(mark.date)}"
    late = f", {formats.slip(mark.days_late)}" if mark.days_late else ""
    return f"{mark.name}, due {formats.day(mark.date)}{late}"


@register.inclusion_tag("components/milestone_strip.html")
def milestone_strip(
    milestones: Sequence[inline_charts.StripEvent], today: date
) -> dict[str, object]:
    """Draw dated events on a line; each has .name .date .done .days_late (see inline_charts.StripEvent)."""
    strip = inline_charts.milestone_strip(milestones, today)
    return {
        "strip": strip,
        "label": "; ".join(_said(placed) for placed in strip.marks) if strip else "",
        "today": today,
        "undated": sum(1 for mark in milestones if mark.date is None),
    }


register.simple_tag(csrf_token, takes_context=True, name="csrf_field")


@register.filter
def beside(row: Sequence[str], columns: Sequence[object]) -> list[tuple[object, str]]:
    """Pair the cells of a table row with their columns."""
    return list(zip(columns, row, strict=True))


@register.filter
def get(mapping: dict[str, Any], key: object) -> Any:
    """Look a key up; an unknown key is None."""
    return mapping.get(str(key))


@register.simple_tag(takes_context=True)
def sort_head(
    context: Context,
    key: str,
    label: str,
    cls: str = "",
    *,
    first: str = "asc",
    default: str = "",
    title: str = "",
) -> SafeString:
    """Print a column head that sorts: `?sort=key` up, `?sort=-key` down.

    `first` is the direction of the first click, `default` the order when the address names none.
    """
    request: Any = getattr(context, "request", None) or context.get("request")
    query = request.GET.copy()
    current = query.get("sort") or default
    is_up, is_down = current == key, current == f"-{key}"
    if is_up or is_down:
        target = f"-{key}" if is_up else key
    else:
        target = key if first == "asc" else f"-{key}"
    query["sort"] = target
    query.pop("page", None)
    state = ' aria-sort="ascending"' if is_up else ' aria-sort="descending"' if is_down else ""
    shape = "chevron-up" if is_up else "chevron-down" if is_down else "chevrons-up-down"
    return format_html(
        '<th scope="col" class="{}"{}><a id="sort-{}" href="?{}"{}>{}{}</a></th>',
        cls,
        mark_safe(state),  # noqa: S308 - one of three constants
        key,
        query.urlencode(),
        format_html(' title="{}"', title) if title else "",
        label,
        icon(shape),
    )
