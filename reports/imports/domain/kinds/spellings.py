"""Words of other registers that mean one of ours whoever writes them; any other word is asked about."""

OPEN = (
    "active", "new", "live", "identified", "in progress", "in-progress", "ongoing", "on-going", "assigned", "monitoring",
    "being monitored", "under review", "in review", "investigating", "pending", "on hold", "escalated", "reopened",
    "re-opened", "not started", "to do", "raised",
)  # fmt: skip
OVER = (
    "closed", "resolved", "done", "complete", "completed", "fixed", "solved", "retired", "expired", "cancelled", "canceled",
    "no longer valid", "inactive",
)  # fmt: skip
HAPPENED = (
    "occurred", "happened", "realized", "realised", "materialized", "materialised", "triggered", "became an issue",
    "converted to issue", "issue",
)  # fmt: skip
# five steps of a scale, the lowest first
LIKELIHOOD = (
    ("very low", "rare", "remote", "very unlikely", "improbable"),
    ("low", "unlikely", "l"),
    ("medium", "med", "moderate", "possible", "m", "average"),
    ("high", "likely", "probable", "h"),
    ("very high", "almost certain", "certain", "very likely", "extreme"),
)
IMPACT = (
    ("very low", "minimal", "negligible", "insignificant", "trivial"),
    ("low", "minor", "l", "marginal"),
    ("medium", "med", "moderate", "m", "average"),
    ("high", "major", "h", "significant", "serious"),
    ("very high", "severe", "critical", "catastrophic", "extreme"),
)
SEVERITY = {
    "low": ("minor", "trivial", "l"),
    "medium": ("med", "moderate", "normal", "average", "m"),
    "high": ("major", "significant", "serious", "h"),
    "critical": ("very high", "severe", "urgent", "extreme", "blocker", "showstopper", "show stopper"),
}  # fmt: skip


def spelled(**words: tuple[str, ...]) -> dict[str, str]:
    """Return their word -> our code."""
    return {word: code for code, spellings in words.items() for word in spellings}


def scale(steps: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """Return their word -> the step, from 1."""
    return {word: str(step) for step, words in enumerate(steps, start=1) for word in words}
