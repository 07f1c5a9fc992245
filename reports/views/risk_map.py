"""The card of risks: today's register as a map; on a past day, the highest risks frozen with it."""

from typing import Any

from django.urls import reverse

from reports.domain import findings
from reports.selectors import portfolio as selectors
from reports.selectors.portfolio import Totals
from reports.views.looking import Look
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM, IMPACTS, LIKELIHOODS, Band, band

LEVELS = {Band.LOW: "l", Band.MODERATE: "m", Band.HIGH: "h", Band.EXTREME: "vh"}


def risk_card(look: Look, totals: Totals) -> dict[str, Any]:
    """Return the card's title, and the map (now) or the list (a frozen day)."""
    if not look.view.period.is_now:
        title = findings.risk_title(open_risks=totals.open_risks, high=totals.high_risks)
        found = selectors.top_risks(look.view)
        return {
            "title": title,
            "rows": [],
            "impacts": [],
            "top": [
                {
                    "url": reverse("projects:project_detail", args=[risk.project]),
                    "title": risk.title,
                    "sub": f"{risk.code} {risk.name}, score {risk.score}",
                    "color": "red" if risk.score >= EXTREME_FROM else "amber",
                }
                for risk in found
                if risk.score >= HIGH_FROM
            ],
        }
    counts = selectors.risk_counts(look.view)
    return {
        "title": findings.risk_title(
            open_risks=sum(counts.values()), high=selectors.high_of(counts)
        ),
        "rows": [
            {"label": word, "cells": [_cell(counts, grade, impact) for impact in IMPACTS]}
            for grade, word in sorted(LIKELIHOODS.items(), reverse=True)
        ],
        "impacts": list(IMPACTS.values()),
        "top": [],
    }


def _cell(counts: dict[tuple[int, int], int], likelihood: int, impact: int) -> dict[str, Any]:
    grade = band(likelihood, impact)
    count = counts.get((likelihood, impact), 0)
    return {
        "count": count,
        "level": LEVELS[grade],
        "word": grade.label,
        "url": None,
        "label": f"risks, {LIKELIHOODS[likelihood]}, {IMPACTS[impact]}",
    }
