"""Which response fits which kind of risk (PMBOK, "Plan risk responses": threats and opportunities)."""

THREAT, OPPORTUNITY = "threat", "opportunity"
FITTING: dict[str, tuple[str, ...]] = {
    THREAT: ("avoid", "reduce", "transfer", "accept"),
    OPPORTUNITY: ("exploit", "enhance", "share", "accept"),
}


def fits(kind: str, strategy: str) -> bool:
    """Say whether a risk of `kind` may be answered so; no strategy yet ("") fits both."""
    return strategy == "" or strategy in FITTING[kind]
