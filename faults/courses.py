"""Which kinds of jobs are killed where: one course is one job, killed in attempt after attempt."""

from typing import NamedTuple


class Course(NamedTuple):
    """The phases at which the attempts at one job of a kind are killed, in order; at most four."""

    kind: str
    phases: tuple[str, ...]


# A job that writes, and says how far it is: killed with nothing done, underway, in the middle of a
# transaction, and after its last write.
ALL = ("claimed", "progress", "inside", "written")
# The same where a handler says how far it is after it committed: then nothing is left to be written.
STEPS = ("claimed", "inside", "progress", "written")
FULL = (
    Course("summary.compile", ALL),
    Course("variance.report", ALL),
    Course("summary.deliver", ("claimed", "progress", "handed")),
    Course("summary.deliver", ("claimed", "progress", "written")),
    Course("snapshots.daily", ALL),
    Course("snapshots.turn", ALL),
    Course("snapshots.early", ("claimed", "inside", "written")),
    Course("status.remind_all", STEPS),
    Course("status.reminder", ("claimed", "handed")),
    Course("status.reminder", ("claimed", "inside")),
    Course("status.reminder", ("claimed", "written")),
    Course("person.invitation", ("claimed", "handed")),
    Course("person.invitation", ("claimed", "inside")),
    Course("person.invitation", ("claimed", "written")),
    Course("person.password", ("claimed", "handed")),
    Course("person.password", ("claimed", "inside")),
    Course("person.password", ("claimed", "written")),
    Course("people_file.write", STEPS),
    Course("plan_imports.check", ALL),
    Course("plan_imports.apply", ALL),
    Course("imports.check", ALL),
    Course("imports.apply", ALL),
    Course("imports.undo", ALL),
    Course("plan.compute", STEPS),
    Course("plan.turn", STEPS),
)
FEW = (
    Course("summary.compile", ("inside", "written")),
    Course("imports.apply", ("inside",)),
    Course("plan.compute", ("written",)),
    Course("summary.deliver", ("handed",)),
    Course("person.invitation", ("handed",)),
)
