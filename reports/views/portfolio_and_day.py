"""Read from the address which scope and which day a page shows, and say it in words."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from pmo.accounts.http import PageRequest
from pmo.common.page import formats
from pmo.organization.current import organization
from projects.selectors.rhythm import rhythm_now
from reports.filters import LookForm
from reports.selectors.live_day import LiveDay
from reports.selectors.scopes import OfferedScopes
from reports.selectors.visible_rows import VisibleRows, look
from reports.services.day_turn import freezes_and_day
from reports.words import freshness
from reports.words import portfolio_and_day as words
from reports.words.key_figures import Voice, since_words
from reports.words.rhythm import first_freeze


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a page looks at, the form that chooses it, and the day of the live figures."""

    view: VisibleRows
    form: LookForm
    offered: OfferedScopes
    live: LiveDay  # the day that "now" is of
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
        return words.nothing_active(self.view.scope.kind.label.lower())

    @property
    def portfolio_url(self) -> str:
        """Where projects are put into the portfolio that is looked at; "" for any other scope."""
        key = self.view.scope.portfolio_id
        return reverse("portfolio:portfolio_detail", args=[key]) if key else ""

    @property
    def since(self) -> str:
        """How the freeze before is called: "last week" or its date."""
        return self.voice.since or formats.DASH

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
    def frozen_days(self) -> list[tuple[str, str]]:
        """The days that can be chosen, as an address has them and as they are called."""
        return [
            (one.date.isoformat(), words.frozen_day(one.date, is_early=one.is_early))
            for one in self.view.freezes
        ]

    @property
    def moment(self) -> str:
        """As of when the figures are, in words."""
        shown = self.view.period.shown
        if shown is None:
            return freshness.moment(self.live)
        said = words.frozen_moment(shown, is_early=self.view.period.is_early)
        return f"{said}{freshness.taken_later(self.view.taken_on)}"

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
    offered = OfferedScopes(request.user)
    form = LookForm(request.GET.dict(), offered=offered)
    form.is_valid()
    freezes, live = freezes_and_day()
    view = look(
        user=request.user,
        portfolios=offered.portfolios,
        scope=offered.find(form.cleaned_data.get("scope", "")),
        asked=form.cleaned_data.get("as_of"),
        today=live.day,
        freezes=freezes,
    )
    if not form.errors:
        # what was chosen for the reader stands in the form, too
        chosen = request.GET.dict() | {"scope": str(view.scope.key)}
        form = LookForm(chosen, offered=offered)
    return Look(view=view, form=form, offered=offered, live=live, path=request.path)
