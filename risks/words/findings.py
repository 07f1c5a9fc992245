"""The sentences of the registers: what the counts say, in words that can be repeated."""

from datetime import date

from pmo.common.page.formats import counted, day, money
from pmo.organization.current import organization
from risks.domain.matrix import Band
from risks.models import Issue, IssueState, Risk, RiskKind, RiskState, Severity
from risks.selectors import IssueCounts, RiskCounts


def risks_title(counts: RiskCounts) -> str:
    """Say how many high threats are open: "9 high risks are open, 2 of them extreme"."""
    if not counts.total:
        return "No risks yet"
    if not counts.open:
        return "No risk is open"
    if not counts.high:
        return counted(
            counts.open,
            "1 risk is open, and it is not high",
            "{n} risks are open, none of them high",
        )
    if counts.extreme == counts.high:
        return counted(
            counts.high,
            "1 high risk is open and extreme",
            "{n} high risks are open and extreme",
        )
    high = counted(counts.high, "1 high risk is open", "{n} high risks are open")
    return f"{high}, {counts.extreme:,} of them extreme" if counts.extreme else high


def risks_lede(counts: RiskCounts) -> str:
    """Add the reviews that are overdue and the opportunities."""
    if not counts.open:
        return f"{risks_title(counts)}."
    title, reviews = risks_title(counts), reviews_title(counts)
    lede = f"{title}; {reviews[0].lower()}{reviews[1:]}."
    if not counts.opportunities:
        return lede
    chances = counted(
        counts.opportunities, "1 opportunity is open too.", "{n} opportunities are open too."
    )
    return f"{lede} {chances}"


def risks_color(counts: RiskCounts) -> str:
    """Return the color of the sentence: only what is bad has one."""
    if counts.extreme:
        return "red"
    return "amber" if counts.high or counts.overdue else "none"


def reviews_title(counts: RiskCounts) -> str:
    if not counts.overdue:
        return "No review is overdue"
    return counted(counts.overdue, "1 review is overdue", "{n} reviews are overdue")


def risk_lede(risk: Risk, *, as_of: date) -> str:
    """Say score, band, where it is meant to go, and whether anybody has to look at it."""
    score = f"scores {risk.score} ({risk.band.label.lower()})"
    if risk.state != RiskState.OPEN:
        return f"This {risk.kind} is {risk.get_state_display().lower()}. It {score}."
    target = "" if risk.target_score is None else f" and is meant to come to {risk.target_score}"
    return f"This {risk.kind} {score}{target}. {_review(risk, as_of)}"


def _review(risk: Risk, as_of: date) -> str:
    if risk.review_date is None:
        return "No review date is set."
    if risk.is_review_overdue(as_of):
        return f"Its review is overdue since {day(risk.review_date)}."
    return f"It is looked at again on {day(risk.review_date)}."


def risk_color(risk: Risk) -> str:
    """Return the color that an open threat gives its project; none for anything else."""
    if risk.state != RiskState.OPEN or risk.kind != RiskKind.THREAT:
        return "none"
    return {Band.EXTREME: "red", Band.HIGH: "amber"}.get(risk.band, "none")


def risk_facts(risk: Risk) -> list[tuple[str, str]]:
    return [
        ("Project", str(risk.project)),
        ("Owner", str(risk.owner) if risk.owner else ""),
        ("Response", risk.get_strategy_display()),
        ("Next review", day(risk.review_date) if risk.review_date else ""),
        ("May happen from", day(risk.proximity_date) if risk.proximity_date else ""),
        ("Cost if it happens", _money(risk)),
        *reference(risk),
    ]


def reference(record: Risk | Issue) -> list[tuple[str, str]]:
    """Return its number in somebody's own register; nothing where it has none."""
    return [("Reference", record.external_id)] if record.external_id else []


def _money(risk: Risk) -> str:
    return "" if risk.cost_impact is None else money(risk.cost_impact, organization().money)


def issues_title(counts: IssueCounts) -> str:
    """Say how many issues are open: "7 issues are open, 2 of them critical"."""
    if not counts.total:
        return "No issues yet"
    if not counts.open:
        return "No issue is open"
    if counts.critical == counts.open:
        return counted(
            counts.open, "1 issue is open and critical", "{n} issues are open and critical"
        )
    open_issues = counted(counts.open, "1 issue is open", "{n} issues are open")
    return (
        f"{open_issues}, {counts.critical:,} of them critical" if counts.critical else open_issues
    )


def issues_lede(counts: IssueCounts) -> str:
    """Add those that are overdue."""
    if not counts.open:
        return f"{issues_title(counts)}."
    if not counts.overdue:
        return f"{issues_title(counts)}; none is overdue."
    overdue = counted(counts.overdue, "1 is overdue", "{n} are overdue")
    return f"{issues_title(counts)}; {overdue}."


def issues_color(counts: IssueCounts) -> str:
    """Return the color of the sentence: only what is bad has one."""
    if counts.critical:
        return "red"
    return "amber" if counts.overdue else "none"


def panel_title(risks: RiskCounts, issues: IssueCounts) -> str:
    """Say both registers of one project in one line."""
    first, second = risks_title(risks), issues_title(issues)
    return f"{first}; {second[0].lower()}{second[1:]}"


def issue_lede(issue: Issue, *, as_of: date) -> str:
    """Say how severe it is, whose, and by when."""
    if issue.state == IssueState.RESOLVED:
        return f"This {issue.get_severity_display().lower()} issue is resolved."
    if issue.due_date is None:
        due = "has no date to be solved by"
    elif issue.is_overdue(as_of):
        due = f"was to be solved by {day(issue.due_date)}"
    else:
        due = f"is to be solved by {day(issue.due_date)}"
    whose = f"{issue.owner} answers for it" if issue.owner else "No owner yet"
    return f"This {issue.get_severity_display().lower()} issue is open and {due}. {whose}."


def issue_color(issue: Issue, *, as_of: date) -> str:
    """Return the color of the sentence: only what is bad has one."""
    if issue.state == IssueState.OPEN and issue.severity == Severity.CRITICAL:
        return "red"
    return "amber" if issue.is_overdue(as_of) else "none"


def issue_facts(issue: Issue) -> list[tuple[str, str]]:
    return [
        ("Project", str(issue.project)),
        ("Severity", issue.get_severity_display()),
        ("Owner", str(issue.owner) if issue.owner else ""),
        ("To be solved by", day(issue.due_date) if issue.due_date else ""),
        *reference(issue),
    ]
