"""
The executives' page in words: one object that page, PDF and mail print, so that none can differ.

Figures come from the domain; here they get their units, signs and sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.accounts.models import marked
from pmo.common.page import formats
from projects.domain.colors import Color
from projects.domain.origins import origin_of
from projects.domain.rhythm import is_week_before
from projects.domain.stages import Stage
from reports.domain.lines import LEFT, ProjectLine
from reports.domain.money import Sum
from reports.domain.summary import AskedDecision, DueMark, SummaryPage, Top
from reports.words import card_titles
from reports.words.headline import headline, tone
from reports.words.key_figures import KeyFact, Voice, key_facts, since_words
from reports.words.landing import landing_lines
from reports.words.rhythm import taken_early


class DecisionRow(NamedTuple):
    project: int
    color: str
    what: str
    name: str
    code: str
    who: str
    by: str
    is_overdue: bool


class AttentionRow(NamedTuple):
    project: int
    color: str
    name: str
    code: str
    manager: str
    why: str
    comment: str
    data_says: str
    changed: str
    is_worse: bool
    over: str
    share: str
    finish: str
    slip: str
    is_late: bool


class MarkRow(NamedTuple):
    project: int
    name: str
    of: str
    day: str
    when: str
    is_gate: bool


class RiskRow(NamedTuple):
    project: int
    title: str
    name: str
    score: int
    change: str


class NamedRow(NamedTuple):
    project: int
    name: str
    code: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySheet:
    """Everything that is printed, in the order in which it is printed."""

    headline: str
    tone: str
    note: str
    is_office_words: bool
    words_note: str
    facts: tuple[KeyFact, ...]
    decisions: Top[DecisionRow]
    money: str
    money_facts: tuple[tuple[str, str], ...]
    money_note: str
    landing: tuple[tuple[str, str], ...]
    attention: Top[AttentionRow]
    missed: Top[MarkRow]
    soon: Top[MarkRow]
    risks: Top[RiskRow]
    ended: Top[NamedRow]
    new: Top[NamedRow]
    owing: Top[NamedRow]
    unsent: Top[NamedRow]
    on_track: Top[NamedRow]
    freshness: str

    @property
    def first_sentence(self) -> str:
        return self._sentences[0]

    @property
    def other_sentences(self) -> str:
        return self._sentences[1]

    @property
    def _sentences(self) -> tuple[str, str]:
        first, stop, others = self.headline.partition(". ")
        return first + stop.strip(), others


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWords:
    """What the office wrote; printed only for readers who may see every project."""

    headline: str = ""
    note: str = ""
    comments: Mapping[str, str] | None = None


def sheet_of(
    page: SummaryPage, *, words: OfficeWords, voice: Voice, is_early: bool = False
) -> SummarySheet:
    comments, currency = words.comments or {}, voice.currency
    return SummarySheet(
        headline=words.headline
        if page.is_all and words.headline
        else headline(page.figures, voice),
        tone=tone(page.figures),
        note=words.note if page.is_all else "",
        is_office_words=page.is_all,
        words_note=_words_note(page),
        facts=key_facts(page.figures, voice),
        decisions=page.decisions.written(_decision),
        money=_money_sentence(page.forecast_moved, voice),
        money_facts=_money_facts(page, currency),
        money_note=_money_note(page),
        landing=landing_lines(page.landing, currency),
        attention=page.attention.written(
            lambda line: _attention(line, comments.get(str(line.id), ""), page, currency)
        ),
        missed=page.missed.written(_mark),
        soon=page.soon.written(_mark),
        risks=page.risks.written(_risk),
        ended=page.ended.written(lambda line: _named(line, _ended_how(line))),
        new=page.new.written(lambda line: _named(line, "new")),
        owing=page.owing.written(lambda line: _named(line, _owed(line))),
        unsent=page.unsent.written(
            lambda line: _named(line, formats.count(line.late_messages, "message"))
        ),
        on_track=page.on_track.written(lambda line: _named(line, "")),
        freshness=_freshness(page, taken_early(is_early=is_early)),
    )


def _owed(line: ProjectLine) -> str:
    """Say what the approvals of a project owe."""
    late, open_ones = line.late_conditions, line.unratified
    said = []
    if late:
        said.append(formats.counted(late, "1 condition overdue", "{n} conditions overdue"))
    if open_ones:
        said.append(
            formats.counted(open_ones, "1 approval not ratified", "{n} approvals not ratified")
        )
    return ", ".join(said)


def voice_of(*, as_of: date, since: date | None, currency: str, year_start: int) -> Voice:
    """Return how the figures of a page are said; it may be read at any time, so no week is "last"."""
    is_weekly = since is not None and is_week_before(since, as_of)
    return Voice(
        currency=currency,
        year_start=year_start,
        since=since_words(since, is_weekly=is_weekly),
    )


def _words_note(page: SummaryPage) -> str:
    if page.is_all:
        return ""
    count = page.figures.hidden
    hidden = formats.count(count, "running project") if count else "a project"
    return (
        f"The words above are calculated from the {formats.count(page.figures.projects, 'project')}"
        f" that you can see. The office’s own words are left out, because {hidden} here"
        f" {'is' if count <= 1 else 'are'} hidden from you."
    )


def _decision(one: AskedDecision) -> DecisionRow:
    line = one.line
    return DecisionRow(
        project=line.id,
        color=line.color.value,
        what=line.help_needed,
        name=line.name,
        code=line.code,
        who=line.help_from,
        by=formats.short_day(line.help_due) if line.help_due else "",
        is_overdue=one.is_overdue,
    )


def _attention(line: ProjectLine, comment: str, page: SummaryPage, currency: str) -> AttentionRow:
    variance = line.cost_variance
    share = (
        variance / line.approved_budget if variance is not None and line.approved_budget else None
    )
    slip = line.finish_slip_days
    published = f"{origin_of(line.published_rating)}." if line.published_rating else ""
    silent = (
        f"No update since {formats.day(line.updated_on)}." if line.updated_on else "No update yet."
    )
    return AttentionRow(
        project=line.id,
        color=line.color.value,
        name=line.name,
        code=line.code,
        manager=marked(line.manager_name) if line.manager_left else line.manager_name,
        why=line.note or (silent if line.is_silent else published),
        comment=comment,
        data_says=f"Data says {formats.color_word(line.measured)}: {line.measured_rule}"
        if line.is_disputed
        else "",
        changed=card_titles.capital(
            "; ".join(changes_of(line, currency, compared=page.since is not None))
        ),
        is_worse=line.is_worse,
        over=formats.signed_money(variance, currency) if variance is not None else "",
        share=formats.signed_percent(share) if share is not None else "",
        finish=formats.day(line.forecast_finish) if line.forecast_finish else "",
        slip="" if slip is None else formats.slip(slip),
        is_late=slip is not None and slip > 0,
    )


def changes_of(line: ProjectLine, currency: str, *, compared: bool) -> list[str]:
    """Say what moved in one project since the freeze before, the color first."""
    if not compared:
        return []
    if line.is_new:
        return ["New here"]
    said = []
    now, before = line.color, Color(line.overall_before or Color.NONE)
    if line.is_worse:
        said.append(f"Worse, was {before.label}")
    elif line.is_better:
        said.append(f"Better, was {before.label}")
    elif now != before:
        said.append("Reports again" if before == Color.NONE else f"No report, was {before.label}")
    if line.forecast_moved:
        said.append(f"forecast {formats.signed_money(line.forecast_moved, currency)}")
    if line.finish_moved:
        days = formats.count(abs(line.finish_moved), "day")
        said.append(f"finish {days} {'later' if line.finish_moved > 0 else 'earlier'}")
    return said or ["No change"]


def _mark(one: DueMark) -> MarkRow:
    return MarkRow(
        project=one.line.id,
        name=one.mark.name,
        of=one.line.name,
        day=formats.short_day(one.mark.due_date),
        when=_when(one.days),
        is_gate=one.mark.kind in {"gate", "go_live"},
    )


def _when(days: int) -> str:
    if days < 0:
        return f"{formats.count(-days, 'day')} overdue"
    return "today" if days == 0 else f"in {formats.count(days, 'day')}"


def _risk(line: ProjectLine) -> RiskRow:
    score, before = line.top_risk_score or 0, line.top_risk_score_before
    if before is None or not line.was_active:
        change = ""
    elif score == before:
        change = "no change"
    else:
        change = f"{'up' if score > before else 'down'} from {before}"
    return RiskRow(project=line.id, title=line.top_risk, name=line.name, score=score, change=change)


def _named(line: ProjectLine, what: str) -> NamedRow:
    return NamedRow(project=line.id, name=line.name, code=line.code, what=what)


def _ended_how(line: ProjectLine) -> str:
    return "no longer here" if line.stage == LEFT else Stage(line.stage).label.lower()


def _money_facts(page: SummaryPage, currency: str) -> tuple[tuple[str, str], ...]:
    money, year = page.money, page.year
    approved = money.approved if money.compared else money.known_approved
    facts = [
        ("Approved", formats.money(approved, currency)),
        ("Spent", formats.money(money.spent, currency)),
        ("Forecast", formats.money(money.forecast, currency)),
        ("Over or under", _difference(money, currency)),
    ]
    if year.compared:
        facts += [
            ("Budget this year", formats.money(year.approved, currency)),
            ("Forecast this year", formats.money(year.forecast, currency)),
            ("Over or under this year", _difference(year, currency)),
        ]
    return tuple(facts)


def _difference(money: Sum, currency: str) -> str:
    written = formats.signed_money(money.variance, currency)
    return (
        f"{written} ({formats.signed_percent(money.share)})" if money.share is not None else written
    )


def _money_sentence(moved: Decimal | None, voice: Voice) -> str:
    if moved is None or not voice.since:
        return ""
    if not moved:
        return f"The forecast has not moved since {voice.since}."
    way = "rose" if moved > 0 else "fell"
    return f"The forecast {way} by {formats.money(abs(moved), voice.currency)} since {voice.since}."


def _money_note(page: SummaryPage) -> str:
    note = _left_out(page.money)
    if not page.year.without or not page.year.compared:
        return note
    return f"{note} This year: from {page.year.compared:,} of {page.year.projects:,}."


def _left_out(money: Sum) -> str:
    if not money.without:
        every = "all " if money.projects > 1 else ""
        return f"From {every}{formats.count(money.projects, 'project')}." if money.projects else ""
    shown = [f"{reason.rstrip('.')} ({count:,})" for reason, count in money.left_out[:3]]
    rest = len(money.left_out) - len(shown)
    tail = f", and {formats.count(rest, 'more reason')}" if rest else ""
    return (
        f"From {money.compared:,} of {formats.count(money.projects, 'project')}."
        f" Left out: {', '.join(shown)}{tail}."
    )


def _freshness(page: SummaryPage, early: str) -> str:
    projects, hidden, without = page.figures.projects, page.figures.hidden, page.figures.none
    said = [formats.count(projects, "running project")]
    if hidden:
        said.append(f"{hidden:,} more hidden from you")
    if projects:
        said.append(f"{without:,} without an update" if without else "none without an update")
    text = "; ".join(said)
    compared = f" Compared with {weekday(page.since)}." if page.since else ""
    return f"{text[0].upper()}{text[1:]}. Data as of {weekday(page.as_of)}{early}.{compared}"


def weekday(day: date) -> str:
    return f"{day:%A} {formats.day(day)}"
