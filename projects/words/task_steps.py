"""The sentences of the pages of task steps."""

ADD_STEP = "Add step"
STEP_ADDED = "Step added."
EDIT_STEP = "Edit step"
SAVE_STEP = "Save step"
STEP_SAVED = "Step saved."
REMOVE_STEP_NOTE = "The other steps share its part of the work. The audit trail keeps what it said."
REMOVE_STEP = "Remove step"


def remove_step_asked(name: object) -> str:
    return f"Remove the step “{name}”?"


def step_removed(name: object) -> str:
    return f"Step “{name}” removed."
