"""Read from the address which scope and which day a page shows, and say it in words."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from pmo.accounts.http import PageRequest
from pmo.common.page import figures
from pmo.organization.current import organization
from projects.domain.calendar import fiscal_year_label
from projects.selectors.rhythm import rhythm_now
from reports.filters import LookForm
from reports.selectors.scopes import OfferedScopes
from reports.selectors.visible_rows import HiddenCount, VisibleRows, look
from reports.words.rhythm import first_freeze, taken_early


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
        scope = self.view.scope
        if scope.portfolio_id:
            kept.append(("portfolio", scope.code))
        elif not scope.is_hospital:
            # not "unit": that narrows the rows of a table
            kept.append(("scope", str(scope.key)))
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
        return self.view.scope.name

    @property
    def empty_title(self) -> str:
        """What is said where a scope holds no active project."""
        return f"No active project is in this {self.view.scope.kind.label.lower()}"

    @property
    def portfolio_url(self) -> str:
        """Where projects are put into the portfolio that is looked at; "" for any other scope."""
        key = self.view.scope.portfolio_id
        return reverse("portfolio:portfolio_detail", args=[key]) if key else ""

    @property
    def since(self) -> str:
        """How the freeze before is called: "last week" or its date."""
        period = self.view.period
        if period.is_weekly(self.view.today):
            return "last week" if period.is_now else "the week before"
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
        early = taken_early(is_early=self.view.period.is_early)
        return f"{shown:%A} {figures.day(shown)}{early}"

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
    offered = OfferedScopes(request.user)
    form = LookForm(request.GET.dict(), offered=offered)
    form.is_valid()
    now = timezone.localtime()
    view = look(
        user=request.user,
        portfolios=offered.portfolios,
        scope=offered.find(form.cleaned_data.get("scope", "")),
        asked=form.cleaned_data.get("as_of"),
        today=now.date(),
    )
    if not form.errors:
        # what was chosen for the reader stands in the form, too
        chosen = request.GET.dict() | {"scope": str(view.scope.key)}
        form = LookForm(chosen, offered=offered)
    return Look(view=view, form=form, now=now, path=request.path)


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
