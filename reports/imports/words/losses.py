"""Whose export a file is, and what of it does not come along, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from pmo.common.page import formats
from reports.imports.domain import Profile
from reports.imports.models import ImportRun

IS_A_PLAN = (
    "This is a schedule in Microsoft Project’s XML, of one project. Open that project’s page Plan and choose"
    " Import a schedule there."
)
Losses = Sequence[Mapping[str, Any]]


def looks_like(profile: Profile) -> str:
    """Say whose export a file is and what its rows are taken for; "" where nobody knows."""
    if not profile.product:
        return ""
    rows = profile.kind.label.lower()
    return f"This looks like an export of {profile.product}. Its rows are taken as {rows}."


def losses_title(losses: Losses) -> str:
    """Say how many columns of the file stay behind; "" for none."""
    if not losses:
        return ""
    verb = "does" if len(losses) == 1 else "do"
    return f"{formats.count(len(losses), 'column')} {verb} not come along"


def losses_of(run: ImportRun) -> list[tuple[str, str, str]]:
    """Return header, how many cells hold something, and why, of each column that stays behind."""
    return [
        (one["header"], formats.count(one["cells"], "cell"), one["why"])
        for one in run.report.get("not_taken", [])
    ]


def told(losses: Losses) -> list[str]:
    """Say of each column that stays behind, in a line of text, how much it holds and why."""
    return [
        f"Not taken in: “{one['header']}”, {formats.count(one['cells'], 'cell')}. {one['why']}"
        for one in losses
    ]
