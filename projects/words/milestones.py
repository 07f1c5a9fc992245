"""The sentences of the pages of milestones."""

DUE_SOON = "Due in 30 days"
ADD_MILESTONE = "Add milestone"
MILESTONE_ADDED = "Milestone added."
EDIT_MILESTONE = "Edit milestone"
SAVE_MILESTONE = "Save milestone"
MILESTONE_SAVED = "Milestone saved."
REMOVE_MILESTONE = "Remove milestone"
KEPT_IN_TRAIL = "The audit trail keeps what it said."


def saved(milestone: object) -> str:
    return f"Saved: {milestone}."


def remove_milestone_asked(name: object) -> str:
    return f"Remove the milestone “{name}”?"


def milestone_removed(name: object) -> str:
    return f"Milestone “{name}” removed."
