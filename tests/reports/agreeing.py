"""What the key figures of dashboard and documents are compared by: one scope, one day, one reader."""

from dataclasses import asdict
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from reports.selectors.key_figures import figures_of, with_causes
from reports.selectors.scopes import OfferedScopes
from reports.selectors.visible_rows import look
from reports.services.day_turn import freezes_and_day

TODAY = date(2026, 11, 21)


def noon(day):
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(settings.TIME_ZONE))


def page_figures(reader, summary):
    """Count what the dashboard of the summary's scope and day shows to this reader."""
    view = look(
        user=reader,
        portfolios=OfferedScopes(reader).portfolios,
        scope=summary.scope,
        asked=summary.date,
        today=TODAY,
        freezes=freezes_and_day()[0],
    )
    assert (view.period.shown, view.period.before) == (summary.date, summary.compared_with)
    return with_causes(view, figures_of(view))


def difference(ours, theirs):
    """Return what two ways of counting do not agree on."""
    one, other = asdict(ours), asdict(theirs)
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}
