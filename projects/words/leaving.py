"""What somebody who leaves answers for on projects."""

from typing import Any

from pmo.accounts.roles import Role
from pmo.common.page import formats

TITLE = "Roles on running projects"


def held_as(row: Any) -> str:
    """Say the role; for a manager also what waits: "Project manager, 3 milestones to come"."""
    parts = [str(row.get_role_display())]
    if row.role == Role.MANAGER and row.milestones:
        parts.append(f"{formats.count(row.milestones, 'milestone')} to come")
    if row.role == Role.MANAGER and row.changes:
        parts.append(f"{formats.count(row.changes, 'change request')} to decide")
    return ", ".join(parts)
