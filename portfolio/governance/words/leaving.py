"""What somebody who leaves held in committees, as titles of the parts of a hand-over."""

from portfolio.governance.models import CommitteeMember

SEATS = "Seats in committees"
DECISIONS = "Decisions to take"
CONDITIONS = "Conditions to meet"
ACTIONS = "Actions from meetings"


def as_what(member: CommitteeMember) -> str:
    """Say as what somebody sits in a committee: "Chair, CFO"."""
    said = [str(member.get_position_display()), str(member.seat)]
    return ", ".join(one for one in said if one)
