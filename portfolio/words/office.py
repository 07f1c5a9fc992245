"""The sentences of the kind of office: what it asks, what another would change, and its word on colors."""

from django.utils import timezone

from pmo.common.page import formats
from portfolio.models import ColorValidation, Portfolio
from portfolio.selectors import SwitchCounts, Switched
from projects.domain.office import ROWS, OfficeKind
from projects.models import StatusUpdate
from projects.office import OfficeStanding

KIND = "Kind of office"
NOT_CHOSEN = "Not chosen"
SWITCH = "Switch the kind of office"
PREVIEW = "Show what would change"
PREVIEW_NOTE = (
    "Choose a kind to see what it would change for each project. Nothing changes before you switch."
)
SAME = "This is the kind that holds now."
TO_VALIDATE = "Updates to validate"
VALIDATE = "Validate the color"
NOTHING_TO_VALIDATE = "Nothing to validate"
NOTHING_TO_VALIDATE_NOTE = (
    "Updates of projects under a directive office are listed here until their color is validated."
)
NOT_VALIDATED = "The office has not validated this color yet."
VALIDATED = "Color validated."
COLOR_HELP = "As it was said, or another: that becomes the update's next revision."
REASON_HELP = "Needed for another color; readers see it in place of the manager's sentence."
HELP_HELP = "Red needs it."
OWN_RULES = "Rounds' own rules hold."
DESCRIBED = {
    OfficeKind.SUPPORTIVE: "Advises, offers templates and training; decides little.",
    OfficeKind.CONTROLLING: "Supports, and requires that its frameworks are followed.",
    OfficeKind.DIRECTIVE: "Steers the projects and decides.",
}


def kind_label(kind: OfficeKind | None) -> str:
    return kind.label if kind else NOT_CHOSEN


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds with what each does, least strict first, and that none is chosen."""
    kinds = [(kind.value, f"{kind.label}: {_lower(DESCRIBED[kind])}") for kind in OfficeKind]
    return [*kinds, ("", f"{NOT_CHOSEN}: {OWN_RULES}")]


def _lower(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def portfolio_sentence(portfolio: Portfolio) -> str:
    """Say which kind of office the portfolio's projects stand under."""
    if not portfolio.kind:
        return f"No kind of office is chosen: {OWN_RULES}"
    kind = OfficeKind(portfolio.kind)
    return f"{kind.label} office. {DESCRIBED[kind]}"


def project_sentence(standing: OfficeStanding) -> str:
    """Say whose rules a project follows; "" where no kind was chosen."""
    return f"{standing.office} sets the rules." if standing.kind else ""


def switched_kind(portfolio: Portfolio) -> str:
    kind = OfficeKind(portfolio.kind) if portfolio.kind else None
    return f"{portfolio}: the kind of office is now {kind_label(kind).lower()}."


def preview_lede(counts: SwitchCounts, kind: OfficeKind | None) -> str:
    """Say how many projects would follow other rules."""
    total = counts.changed + counts.kept
    if not total:
        return "No project is in this portfolio yet: nothing would change."
    if not counts.changed:
        return "No project would follow other rules."
    name = kind_label(kind).lower()
    return formats.counted(
        counts.changed,
        f"With “{name}”, 1 of {formats.count(total, 'project')} would follow other rules.",
        f"With “{name}”, {{n}} of {formats.count(total, 'project')} would follow other rules.",
    )


def row_sentences(row: Switched) -> list[tuple[str, str]]:
    """Name each rule that would be another and say what it is, or why none would; "" names no rule."""
    if row.changes:
        return [
            (ROWS[one.row], f"{one.after.label} (now: {one.before.label})") for one in row.changes
        ]
    if row.stricter:
        return [
            ("", f"Nothing: it follows the stricter office of {formats.listing(row.stricter)}.")
        ]
    return [("", "Nothing.")]


def validation_sentence(record: ColorValidation) -> str:
    """Say what the office made of the color, who and when."""
    at = formats.moment(timezone.localtime(record.validated_at))
    who = record.validated_by or "Rounds"
    color = formats.color_word(record.color)
    if record.color == record.said:
        return f"{color} was validated {at} by {who}."
    said = formats.color_word(record.said)
    return f"{color} was set {at} by {who}; the update had said {said}."


def validate_sub(update: StatusUpdate) -> str:
    said = formats.color_word(update.overall)
    return f"{formats.week(update.week)}. The update says {said}: {update.overall_note}"


def validation_lede(number: int) -> str:
    if not number:
        return "Every update of the projects under a directive office is validated."
    return formats.counted(
        number,
        "1 update is to be validated by the office.",
        "{n} updates are to be validated by the office.",
    )
