from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pmo.accounts.permissions import Permission
from pmo.accounts.roles import (
    COMMITTEE_ROLES,
    DESCRIPTIONS,
    GRANTS,
    ORGANIZATION_ROLES,
    PROJECT_ROLES,
    Role,
)


def page() -> str:
    """Return docs/permissions.md: the permission table in words and as a grid."""
    lines = [
        "# Who may do what",
        "",
        "Made by `python manage.py write_permissions` from `pmo/accounts/roles.py`; do not edit.",
        "A person may hold several roles. A role in a unit holds in the units below it. A confidential",
        "project is seen only by the people named on it and by the PMO lead. A decision about one is seen",
        "by these too, and by those before whom it was put: its decider, and the committee that has it on an",
        "agenda. The last roles come with a seat in a committee, or with what the decision says.",
    ]
    for title, roles in (
        ("Across the organization", ORGANIZATION_ROLES),
        ("On one project", PROJECT_ROLES),
        ("In one committee, and towards one decision", COMMITTEE_ROLES),
    ):
        lines += ["", f"## {title}", ""]
        lines += [f"- **{role.label}** (`{role.value}`): {DESCRIPTIONS[role]}" for role in roles]
        lines += ["", _row(["Permission", *(role.label for role in roles)])]
        lines += [_row(["---"] + [":-:"] * len(roles))]
        lines += [_row([f"`{p}`", *_marks(p, roles)]) for p in Permission]
    return "\n".join(lines) + "\n"


def _marks(permission: Permission, roles: tuple[Role, ...]) -> list[str]:
    return ["yes" if permission in GRANTS[role] else "" for role in roles]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


class Command(BaseCommand):
    help = "Write docs/permissions.md from the permission table."

    def handle(self, *_args: Any, **_options: Any) -> None:
        target = Path(settings.BASE_DIR) / "docs" / "permissions.md"
        target.write_text(page(), encoding="utf-8")
        self.stdout.write(f"Wrote {target.name}.")
