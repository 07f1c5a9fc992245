"""Which open risks and issues a person answers for, and handing those over."""

from collections.abc import Callable
from typing import Any

from pmo.accounts.holdings import Handed, Held, Keeper, Part, register
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.search import as_read
from pmo.common.records.writing import all_or_nothing
from projects.models import Project
from risks import services
from risks.models import Issue, Risk
from risks.selectors import owners_for
from risks.words import leaving as words


def _keeper(
    order: int,
    title: str,
    model: type[Risk] | type[Issue],
    permission: Permission,
    give: Callable[[Any, User, User], Any],
) -> Keeper:
    def held(person: User) -> Any:
        return model._default_manager.filter(owner=person).open()

    def part_of(person: User, reader: User) -> Part:
        rows = held(person).visible_to(reader).select_related("project")
        found = tuple(
            Held(str(row), str(row.project), row.get_absolute_url())
            for row in rows.order_by(*as_read("project__name", "title", "pk"))
        )
        return Part(title=title, rows=found, hidden=held(person).count() - len(found))

    @all_or_nothing
    def hand_over(person: User, to: User, by: User) -> Handed:
        done = 0
        rows = held(person).filter(project__in=Project.objects.visible_to(by))
        for row in rows.select_related("project__unit"):
            may_own = owners_for(row.project).filter(pk=to.pk).exists()
            if may_own and can(by, permission, row.project).allowed:
                give(row, to, by)
                done += 1
        return Handed(done, held(person).count())

    return Keeper(order=order, part_of=part_of, hand_over=hand_over)


register(
    "risks",
    _keeper(
        2,
        words.RISKS,
        Risk,
        Permission.RISK_CHANGE,
        lambda risk, to, by: services.change_risk(risk=risk, version=None, by=by, owner=to),
    ),
)
register(
    "issues",
    _keeper(
        3,
        words.ISSUES,
        Issue,
        Permission.ISSUE_CHANGE,
        lambda issue, to, by: services.change_issue(issue=issue, version=None, by=by, owner=to),
    ),
)
