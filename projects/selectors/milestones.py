"""What is due, what is late and what slipped, over the milestones of many projects."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q

from projects.models import MilestoneQuerySet
from projects.selectors.figures import SOON

SLIP = ExpressionWrapper(F("due_date") - F("baseline_date"), output_field=DurationField())


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneCounts:
    """Late, soon, later and done add up to total; `worst_slip` is None when nothing slipped."""

    total: int
    late: int
    soon: int
    later: int
    done: int
    slipped: int
    worst_slip: int | None


def window(name: str, as_of: date) -> Q:
    """Return the condition of one of the counts: late, soon, later, done; anything for others."""
    undone = Q(actual_date=None) | Q(actual_date__gt=as_of)
    match name:
        case "late":
            return undone & Q(due_date__lt=as_of)
        case "soon":
            return undone & Q(due_date__gte=as_of, due_date__lte=as_of + SOON)
        case "later":
            return undone & Q(due_date__gt=as_of + SOON)
        case "done":
            return Q(actual_date__lte=as_of)
    return Q()


def counts_of(milestones: MilestoneQuerySet, *, as_of: date) -> MilestoneCounts:
    """Count in one query; slips are those of milestones that are not done."""
    slipped = Q(actual_date=None, due_date__gt=F("baseline_date"))
    found = milestones.order_by().aggregate(
        total=Count("pk"),
        late=Count("pk", filter=window("late", as_of)),
        soon=Count("pk", filter=window("soon", as_of)),
        later=Count("pk", filter=window("later", as_of)),
        done=Count("pk", filter=window("done", as_of)),
        slipped=Count("pk", filter=slipped),
        worst=Max(SLIP, filter=slipped),
    )
    worst = found.pop("worst")
    return MilestoneCounts(**found, worst_slip=worst.days if worst else None)


def late_first(milestones: MilestoneQuerySet) -> MilestoneQuerySet:
    """Order what is not done by its date, so that the late lead; then the done, latest first."""
    return milestones.order_by(F("actual_date").desc(nulls_first=True), "due_date", "pk")
