"""Read from the address which portfolio and which day a page shows, and say it in words."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils import timezone

from pmo.accounts.http import PageRequest
from pmo.common.page import figures
from pmo.organization.current import organization
from portfolio.models import Portfolio
from projects.domain.calendar import fiscal_year_label
from projects.selectors.rhythm import rhythm_now
from reports.filters import LookForm
from reports.selectors.visible_rows import VisibleRows, look
from reports.words import portfolio_and_day as words
from reports.words.rhythm import first_freeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a page looks at, the form that chooses it, and the moment it is shown."""

    view: VisibleRows
    form: LookForm
    now: datetime
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
        return str(self.view.portfolio) if self.view.portfolio else words.ALL_PROJECTS

    @property
    def since(self) -> str:
        """How the freeze before is called: "last week" or its date."""
        period = self.view.period
        if period.is_weekly(self.view.today):
            return words.LAST_WEEK if period.is_now else words.WEEK_BEFORE
        return figures.day(period.before)

    def year_of(self, fiscal_year: int | None) -> str:
        """Return the words of a fiscal year; "" without one."""
        start = organization().fiscal_year_start_month
        return fiscal_year_label(fiscal_year, start_month=start) if fiscal_year else ""

    @property
    def moment(self) -> str:
        """As of when the figures are, in words."""
        shown = self.view.period.shown
        if shown is None:
            return figures.moment(self.now)
        return words.frozen_moment(shown, is_early=self.view.period.is_early)

    @property
    def sub(self) -> str:
        """What a page shows and as of when, as it stands under its title."""
        return words.as_of(self.title, self.moment, is_frozen=not self.view.period.is_now)

    @property
    def errors(self) -> list[str]:
        """What the address asks for and cannot get, in sentences."""
        return [str(error) for errors in self.form.errors.values() for error in errors]

    @property
    def has_notice(self) -> bool:
        return bool(self.errors) or self.view.is_archive or self.view.period.is_too_early

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
        return words.show(first) if first else ""

    @property
    def early_title(self) -> str:
        return words.too_early_title(self.view.period.asked)

    @property
    def early_text(self) -> str:
        return words.too_early_text(self.view.period.first, first_freeze(rhythm_now()))

    @property
    def archive_text(self) -> str:
        return words.archive_text(self.moment)

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
    now = timezone.localtime()
    view = look(
        user=request.user,
        portfolios=portfolios,
        code=form.cleaned_data.get("portfolio", ""),
        asked=form.cleaned_data.get("as_of"),
        today=now.date(),
    )
    if view.portfolio and not form.errors:
        # what was chosen for the reader stands in the form, too
        chosen = request.GET.dict() | {"portfolio": view.portfolio.code}
        form = LookForm(chosen, portfolios=portfolios)
    return Look(view=view, form=form, now=now, path=request.path)
