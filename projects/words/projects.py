"""The sentences of the pages of projects."""

ADD_PROJECT = "Add project"
PROJECT_ADDED = "Project added. Add its people next."
IMPORTED_STATUS = "Imported status"
EDIT_PROJECT = "Edit project"
SAVE_PROJECT = "Save project"
PROJECT_SAVED = "Project saved."
CHANGE_STAGE = "Change stage"
STAGE_CHANGED = "Stage changed."
WRITE_STATUS_UPDATE = "Write status update"


def stage_is_final(stage: object) -> str:
    return f"This project is {stage}"


def now_in(label: object) -> str:
    return f"Now in {label}."


FROM_TEMPLATE = "Start from a template"
