"""Read from the address which portfolio and which day a page shows, and say it in words."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from pmo.accounts.http import PageRequest
from pmo.common.page import figures
from pmo.organization.current import organization
from portfolio.models import Portfolio
from projects.selectors.rhythm import rhythm_now
from reports.filters import LookForm
from reports.selectors.live_day import LiveDay
from reports.selectors.visible_rows import HiddenCount, VisibleRows, look
from reports.services.day_turn import freezes_and_day
from reports.words import freshness
from reports.words.key_figures import Voice, since_words
from reports.words.rhythm import first_freeze, taken_early


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a page looks at, the form that chooses it, and the day of the live figures."""

    view: VisibleRows
    form: LookForm
    live: LiveDay  # the day that "now" is of
    path: str  # of the page, without its parameters

    @property
    def keep(self) -> list[tuple[str, str]]:
        """The part of the address that every link of the page carries along."""
        kept = []
        if self.view.portfolio:
            kept.append(("portfolio", self.view.portfolio.code))
        if self.view.period.asked:
            kept.append(("as_of", self.view.period.asked.isoformat()))
        return kept

    def url(self, path: str, *, anchor: str = "", **more: str) -> str:
        """Return an address of this look with more parameters; "" takes one away."""
        query = dict(self.keep) | more
        text = urlencode({name: value for name, value in query.items() if value})
        return f"{path}?{text}{anchor}" if text else f"{path}{anchor}"

    @property
    def title(self) -> str:
        return str(self.view.portfolio) if self.view.portfolio else "All projects"

    @property
    def since(self) -> str:
        """How the freeze before is called: "last week" or its date."""
        return self.voice.since or figures.DASH

    @cached_property
    def voice(self) -> Voice:
        """How the key figures of this look are said."""
        period, said_by = self.view.period, organization()
        weekly = period.is_weekly(self.view.today)
        return Voice(
            currency=said_by.money,
            year_start=said_by.fiscal_year_start_month,
            since=since_words(period.before, is_weekly=weekly, is_now=period.is_now),
            is_open=period.is_now,
        )

    @property
    def moment(self) -> str:
        """As of when the figures are, in words."""
        shown = self.view.period.shown
        if shown is None:
            return freshness.moment(self.live)
        early = taken_early(is_early=self.view.period.is_early)
        later = freshness.taken_later(self.view.taken_on)
        return f"{shown:%A} {figures.day(shown)}{early}{later}"

    @property
    def errors(self) -> list[str]:
        """What the address asks for and cannot get, in sentences."""
        return [str(error) for errors in self.form.errors.values() for error in errors]

    @property
    def has_notice(self) -> bool:
        notices = (self.errors, self.view.is_archive, self.view.period.is_too_early, self.behind)
        return any(notices)

    @property
    def behind(self) -> str:
        """Say that "now" is the day before as yet; "" where it is not, or a frozen day is shown."""
        return freshness.behind(self.live) if self.view.period.is_now else ""

    @property
    def earlier_url(self) -> str:
        return self._day_url(self.view.period.earlier)

    @property
    def later_url(self) -> str:
        return self._day_url(self.view.period.after)

    @property
    def now_url(self) -> str:
        return "" if self.view.period.is_now else self._day_url(self.view.today)

    @property
    def first_url(self) -> str:
        return self._day_url(self.view.period.first)

    @property
    def first_label(self) -> str:
        first = self.view.period.first
        return f"Show {figures.day(first)}" if first else ""

    @property
    def early_title(self) -> str:
        return f"Nothing was frozen on or before {figures.day(self.view.period.asked)}."

    @property
    def early_text(self) -> str:
        first = self.view.period.first
        if first is None:
            return f"Nothing was frozen yet. {first_freeze(rhythm_now())}"
        return f"The first frozen day is {figures.day(first)}."

    @property
    def archive_text(self) -> str:
        return (
            f"Nothing in this portfolio reports any more, so its last imported day is shown:"
            f" {self.moment}."
        )

    def _day_url(self, day: date | None) -> str:
        if day is None:
            return ""
        # without a day, a portfolio with imported days may open on one of them instead of now
        as_of = "" if day == self.view.today and not self.view.has_imports else day.isoformat()
        return self.url(self.path, as_of=as_of)


def look_of(request: PageRequest) -> Look:
    """Return what the address asks for; a wrong value is said at its field and asks for nothing."""
    portfolios = list(Portfolio.objects.order_by("name", "pk"))
    form = LookForm(request.GET, portfolios=portfolios)
    form.is_valid()
    freezes, live = freezes_and_day()
    view = look(
        user=request.user,
        portfolios=portfolios,
        code=form.cleaned_data.get("portfolio", ""),
        asked=form.cleaned_data.get("as_of"),
        today=live.day,
        freezes=freezes,
    )
    if view.portfolio and not form.errors:
        # what was chosen for the reader stands in the form, too
        chosen = request.GET.dict() | {"portfolio": view.portfolio.code}
        form = LookForm(chosen, portfolios=portfolios)
    return Look(view=view, form=form, live=live, path=request.path)


def footnote(scale: HiddenCount, *, without: int, lacking: str, moment: str) -> str:
    """Say what a figure is made of: "Of 45 projects: 3 hidden from you, 2 without dates"."""
    parts = []
    if scale.hidden:
        parts.append(f"{scale.hidden:,} hidden from you")
    if without:
        parts.append(f"{without:,} without {lacking}")
    said = f": {', '.join(parts)}" if parts else ""
    return f"Of {figures.count(scale.total, 'project')}{said}. As of {moment}."


def sees_none(scale: HiddenCount) -> str:
    """Say that there are projects which this reader may not see; "" where there are none at all."""
    if not scale.hidden:
        return ""
    there = figures.count(scale.hidden, "project")
    return (
        f"There {'is' if scale.hidden == 1 else 'are'} {there} here that you are not named on."
        " Ask the project management office for access."
    )
