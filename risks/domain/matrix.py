"""
The 5 × 5 risk matrix of the UK National Patient Safety Agency ("A risk matrix for risk managers",
2008): consequence times likelihood, graded by a band per score.
"""

from dataclasses import dataclass

from projects.domain.labels import Labeled


class Band(Labeled):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    EXTREME = "extreme"


LIKELIHOODS: dict[int, str] = {
    1: "Rare",
    2: "Unlikely",
    3: "Possible",
    4: "Likely",
    5: "Almost certain",
}
IMPACTS: dict[int, str] = {1: "Minimal", 2: "Minor", 3: "Moderate", 4: "Major", 5: "Severe"}
HIGH_FROM, EXTREME_FROM = 8, 15
# a lookup and not a formula, because some hospitals grade single cells by hand
BANDS: dict[tuple[int, int], Band] = {
    (likelihood, impact): (
        Band.EXTREME
        if likelihood * impact >= EXTREME_FROM
        else Band.HIGH
        if likelihood * impact >= HIGH_FROM
        else Band.MODERATE
        if likelihood * impact >= 4  # noqa: PLR2004 - the source's moderate band is 4 to 6
        else Band.LOW
    )
    for likelihood in LIKELIHOODS
    for impact in IMPACTS
}


def score(likelihood: int, impact: int) -> int:
    return likelihood * impact


def band(likelihood: int, impact: int) -> Band:
    """Return the band of a cell; raises KeyError outside 1 to 5."""
    return BANDS[likelihood, impact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A score in words, as shown beside its number."""

    score: int
    band: Band
    likelihood: str
    impact: str


def grade(likelihood: int | None, impact: int | None) -> Grade | None:
    """Return the score with its words; None while either part is missing."""
    if likelihood is None or impact is None:
        return None
    return Grade(
        score=score(likelihood, impact),
        band=band(likelihood, impact),
        likelihood=LIKELIHOODS[likelihood],
        impact=IMPACTS[impact],
    )
