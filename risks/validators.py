"""Rules on a risk's values that pages, API and imports share."""

from django.core.exceptions import ValidationError

from pmo.common.page.formats import listing
from risks.domain.responses import FITTING, fits


def strategy_fits(kind: str, strategy: str) -> None:
    """Refuse a response that makes no sense for a threat, or for an opportunity."""
    if kind in FITTING and not fits(kind, strategy):
        article = "an" if kind == "opportunity" else "a"
        raise ValidationError(
            {"strategy": f"For {article} {kind} choose one of {listing(FITTING[kind])}."},
            code="strategy",
        )


def both_or_neither(name: str, likelihood: int | None, impact: int | None) -> None:
    """Refuse half a score: likelihood without impact says nothing, nor the other way round."""
    if (likelihood is None) == (impact is None):
        return
    missing = "likelihood" if likelihood is None else "impact"
    raise ValidationError(
        {f"{name}_{missing}": "Give both likelihood and impact, or leave both empty."}, code="half"
    )
