"""The sample tables that the list of first steps offers."""

from functools import partial

from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.checklist import File, file
from reports.imports.domain import RECORD_KINDS


def _table(kind: str, user: User) -> File | None:
    if not can(user, Permission.IMPORT_RUN).allowed:
        return None
    return File(
        label=RECORD_KINDS[kind].label,
        text=f"Excel. {RECORD_KINDS[kind].purpose}",
        url=reverse("reports:import_sample", args=[kind]),
        step="projects" if kind == "project" else "",
    )


for place, one in enumerate(RECORD_KINDS):
    file(one, order=10 + place)(partial(_table, one))
