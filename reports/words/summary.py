"""
The executives' page in words: one object that page, PDF and mail print, so that none can differ.

Figures come from the domain; here they get their units, signs and sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.common.page import figures
from projects.domain.colors import Color
from projects.domain.origins import origin_of
from projects.domain.rhythm import is_week_before
from projects.domain.stages import Stage
from reports.domain.lines import LEFT, ProjectLine
from reports.domain.money import Sum
from reports.domain.overspend import Overspend
from reports.domain.summary import AskedDecision, DueMark, SummaryPage, Top
from reports.words import ledes
from reports.words.landing import landing_lines
from reports.words.rhythm import taken_early


class KeyFact(NamedTuple):
    """A key figure: value, what it is of, how it moved ("worse", "better" or neither)."""

    label: str
    value: str
    of: str
    change: str
    direction: str
    color: str


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
    decisions: tuple[DecisionRow, ...]
    more_decisions: int
    money: str
    money_facts: tuple[tuple[str, str], ...]
    money_note: str
    landing: tuple[tuple[str, str], ...]
    attention: tuple[AttentionRow, ...]
    more_attention: int
    missed: tuple[MarkRow, ...]
    more_missed: int
    soon: tuple[MarkRow, ...]
    more_soon: int
    risks: tuple[RiskRow, ...]
    more_risks: int
    ended: tuple[NamedRow, ...]
    more_ended: int
    new: tuple[NamedRow, ...]
    more_new: int
    on_track: tuple[NamedRow, ...]
    more_on_track: int
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
    page: SummaryPage, *, words: OfficeWords, currency: str, is_early: bool = False
) -> SummarySheet:
    comments = words.comments or {}
    return SummarySheet(
        headline=words.headline if page.is_all and words.headline else headline(page, currency),
        tone=next((one.color.value for one in page.colors if one.count), "none"),
        note=words.note if page.is_all else "",
        is_office_words=page.is_all,
        words_note=_words_note(page),
        facts=_facts(page, currency),
        decisions=tuple(_decision(one) for one in page.decisions.rows),
        more_decisions=page.decisions.more,
        money=_money_sentence(page, currency),
        money_facts=_money_facts(page, currency),
        money_note=_money_note(page),
        landing=landing_lines(page.landing, currency),
        attention=tuple(
            _attention(line, comments.get(str(line.id), ""), page, currency)
            for line in page.attention.rows
        ),
        more_attention=page.attention.more,
        missed=_marks(page.missed),
        more_missed=page.missed.more,
        soon=_marks(page.soon),
        more_soon=page.soon.more,
        risks=tuple(_risk(line) for line in page.risks.rows),
        more_risks=page.risks.more,
        ended=tuple(_named(line, _ended_how(line)) for line in page.ended.rows),
        more_ended=page.ended.more,
        new=tuple(_named(line, "new") for line in page.new.rows),
        more_new=page.new.more,
        on_track=tuple(_named(line, "") for line in page.on_track.rows),
        more_on_track=page.on_track.more,
        freshness=_freshness(page, taken_early(is_early=is_early)),
    )


def since_words(page: SummaryPage) -> str:
    """Return "last week" when the freeze before is of the week before, else its date."""
    if page.since is None:
        return ""
    return "last week" if is_week_before(page.since, page.as_of) else figures.day(page.since)


def headline(page: SummaryPage, currency: str) -> str:
    """Say the state of the portfolio in two or three sentences, by rules."""
    if not page.projects:
        return "There is no running project here that you can see."
    movement = None
    if page.since:
        movement = ledes.Movement(worse=page.worse, better=page.better, since=since_words(page))
    parts = ledes.lede(
        projects=page.projects,
        red=page.count_of(Color.RED),
        amber=page.count_of(Color.AMBER),
        silent=page.count_of(Color.NONE),
        movement=movement,
        money=_money_finding(page.money, currency),
        overspend=Overspend(
            comparable=page.money.compared,
            over=len(page.over),
            over_sum=sum(page.over, Decimal()),
            largest=page.over[:3],
        ),
        disputed=page.disputed,
        decisions=page.decisions.total,
    )
    return "".join(part.text for part in parts)


def _money_finding(money: Sum, currency: str) -> ledes.MoneyFinding | None:
    if not money.variance or money.share is None:
        return None
    return ledes.MoneyFinding(
        amount=figures.money(abs(money.variance), currency),
        share=figures.signed_percent(money.share),
        is_over=money.variance > 0,
    )


def _words_note(page: SummaryPage) -> str:
    if page.is_all:
        return ""
    hidden = figures.count(page.hidden, "running project") if page.hidden else "a project"
    return (
        f"The words above are calculated from the {figures.count(page.projects, 'project')} that you"
        f" can see. The office’s own words are left out, because {hidden} in this portfolio"
        f" {'is' if page.hidden <= 1 else 'are'} hidden from you."
    )


def _facts(page: SummaryPage, currency: str) -> tuple[KeyFact, ...]:
    of = f"{page.projects:,}"
    red, amber = (next(c for c in page.colors if c.color == name) for name in ("red", "amber"))
    compared = page.since is not None
    late_before = page.late_milestones_before if compared else None
    risks_before = page.high_risks_before if compared else None
    silent = page.silent
    return (
        _moved(page, KeyFact("Red projects", f"{red.count:,}", of, "", "", "red"), red.before),
        _moved(
            page, KeyFact("Amber projects", f"{amber.count:,}", of, "", "", "amber"), amber.before
        ),
        _forecast_fact(page, currency),
        KeyFact("Late milestones", "", "", "None is recorded", "", "")
        if page.lacks_milestones
        else _moved(
            page,
            KeyFact("Late milestones", f"{page.late_milestones:,}", "", "", "", ""),
            late_before,
        ),
        KeyFact("High risks", "", "", "No risk is registered", "", "")
        if page.lacks_registers
        else _moved(
            page, KeyFact("High risks", f"{page.high_risks:,}", "", "", "", ""), risks_before
        ),
        KeyFact(
            "Reports in time",
            f"{page.reporting - silent:,}" if page.reporting else "",
            f"{page.reporting:,}" if page.reporting else "",
            _silence(page),
            "worse" if silent else "",
            "",
        ),
    )


def _silence(page: SummaryPage) -> str:
    if not page.reporting:
        return "No project owes a report"
    return f"{page.silent:,} silent" if page.silent else "None is silent"


def _moved(page: SummaryPage, fact: KeyFact, before: int | None) -> KeyFact:
    """Add to a count how it moved; more is worse. None means that there was no freeze before."""
    now = int(fact.value.replace(",", ""))
    moved = 0 if before is None else now - before
    than = _on(since_words(page))
    if before is None:
        change = "Nothing to compare with"
    elif moved:
        change = f"{abs(moved):,} {'more' if moved > 0 else 'fewer'} than {than}"
    else:
        change = f"Same as {than}"
    direction = "" if not moved else "worse" if moved > 0 else "better"
    return fact._replace(change=change, direction=direction, color=fact.color if now else "")


def _on(than: str) -> str:
    return than if than == "last week" else f"on {than}"


def _forecast_fact(page: SummaryPage, currency: str) -> KeyFact:
    """Say the whole-life forecast, or this year's where only that can be compared."""
    is_whole = page.money.variance is not None
    money = page.money if is_whole else page.year
    label = "Forecast cost" if is_whole or money.variance is None else "Forecast this year"
    if money.variance is None:
        return KeyFact(label, "", "", "No project has both amounts", "", "")
    written = figures.money(money.forecast, currency)
    if not money.variance:
        return KeyFact(label, written, "", "On budget", "", "")
    over = money.variance > 0
    change = f"{figures.money(abs(money.variance), currency)} {'over' if over else 'under'} budget"
    # money not spent in one year may only come later: no good news by itself
    under = "better" if is_whole else ""
    return KeyFact(label, written, "", change, "worse" if over else under, "")


def _decision(one: AskedDecision) -> DecisionRow:
    line = one.line
    return DecisionRow(
        project=line.id,
        color=line.color.value,
        what=line.help_needed,
        name=line.name,
        code=line.code,
        who=line.help_from,
        by=figures.short_day(line.help_due) if line.help_due else "",
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
        f"No update since {figures.day(line.updated_on)}." if line.updated_on else "No update yet."
    )
    return AttentionRow(
        project=line.id,
        color=line.color.value,
        name=line.name,
        code=line.code,
        manager=line.manager_name,
        why=line.note or (silent if line.is_silent else published),
        comment=comment,
        data_says=f"Data says {figures.color_word(line.measured)}: {line.measured_rule}"
        if line.is_disputed
        else "",
        changed=ledes.capital(
            "; ".join(changes_of(line, currency, compared=page.since is not None))
        ),
        is_worse=line.is_worse,
        over=figures.signed_money(variance, currency) if variance is not None else "",
        share=figures.signed_percent(share) if share is not None else "",
        finish=figures.day(line.forecast_finish) if line.forecast_finish else "",
        slip="" if slip is None else figures.slip(slip),
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
        said.append(f"forecast {figures.signed_money(line.forecast_moved, currency)}")
    if line.finish_moved:
        days = figures.count(abs(line.finish_moved), "day")
        said.append(f"finish {days} {'later' if line.finish_moved > 0 else 'earlier'}")
    return said or ["No change"]


def _marks(found: Top[DueMark]) -> tuple[MarkRow, ...]:
    return tuple(
        MarkRow(
            project=one.line.id,
            name=one.mark.name,
            of=one.line.name,
            day=figures.short_day(one.mark.due),
            when=_when(one.days),
            is_gate=one.mark.kind in {"gate", "go_live"},
        )
        for one in found.rows
    )


def _when(days: int) -> str:
    if days < 0:
        return f"{figures.count(-days, 'day')} overdue"
    return "today" if days == 0 else f"in {figures.count(days, 'day')}"


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
        ("Approved", figures.money(approved, currency)),
        ("Spent", figures.money(money.spent, currency)),
        ("Forecast", figures.money(money.forecast, currency)),
        ("Over or under", _difference(money, currency)),
    ]
    if year.compared:
        facts += [
            ("Budget this year", figures.money(year.approved, currency)),
            ("Forecast this year", figures.money(year.forecast, currency)),
            ("Over or under this year", _difference(year, currency)),
        ]
    return tuple(facts)


def _difference(money: Sum, currency: str) -> str:
    written = figures.signed_money(money.variance, currency)
    return (
        f"{written} ({figures.signed_percent(money.share)})" if money.share is not None else written
    )


def _money_sentence(page: SummaryPage, currency: str) -> str:
    moved = page.forecast_moved
    since = since_words(page)
    if moved is None or not since:
        return ""
    if not moved:
        return f"The forecast has not moved since {since}."
    way = "rose" if moved > 0 else "fell"
    return f"The forecast {way} by {figures.money(abs(moved), currency)} since {since}."


def _money_note(page: SummaryPage) -> str:
    note = _left_out(page.money)
    if not page.year.without or not page.year.compared:
        return note
    return f"{note} This year: from {page.year.compared:,} of {page.year.projects:,}."


def _left_out(money: Sum) -> str:
    if not money.without:
        every = "all " if money.projects > 1 else ""
        return f"From {every}{figures.count(money.projects, 'project')}." if money.projects else ""
    shown = [f"{reason.rstrip('.')} ({count:,})" for reason, count in money.left_out[:3]]
    rest = len(money.left_out) - len(shown)
    tail = f", and {figures.count(rest, 'more reason')}" if rest else ""
    return (
        f"From {money.compared:,} of {figures.count(money.projects, 'project')}."
        f" Left out: {', '.join(shown)}{tail}."
    )


def _freshness(page: SummaryPage, early: str) -> str:
    said = [f"{figures.count(page.projects, 'running project')}"]
    if page.hidden:
        said.append(f"{page.hidden:,} more hidden from you")
    if page.projects:
        silent = f"{page.silent:,} without an update"
        said.append(silent if page.silent else "all updates current")
    text = "; ".join(said)
    compared = f" Compared with {weekday(page.since)}." if page.since else ""
    return f"{text[0].upper()}{text[1:]}. Data as of {weekday(page.as_of)}{early}.{compared}"


def weekday(day: date) -> str:
    return f"{day:%A} {figures.day(day)}"
