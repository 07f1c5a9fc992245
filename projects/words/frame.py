"""The sentences that several pages of a project share."""

from pmo.common.page.formats import count

COMMUNICATION = "Communication"
BASELINES_AND_CHANGES = "Baselines and changes"
FROM_THE_TEMPLATE = "From the template"
RISKS_AND_ISSUES = "Risks and issues"
THIS_LINE = "this line"
THIS_MILESTONE = "this milestone"


def named_by_tasks(tasks: int, what: str) -> str:
    """Say how many tasks name a record that is about to go; "" when none does."""
    if not tasks:
        return ""
    if tasks == 1:
        return f" 1 task of the plan names {what}. It names none afterwards."
    return f" {count(tasks, 'task')} of the plan name {what}. They name none afterwards."
