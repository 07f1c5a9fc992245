"""The sentences of the pages of objectives."""

ADD_OBJECTIVE = "Add objective"
OBJECTIVE_ADDED = "Objective added."
EDIT_OBJECTIVE = "Edit objective"
SAVE_OBJECTIVE = "Save objective"
OBJECTIVE_SAVED = "Objective saved."
ALIGN_TITLE = "Add an objective to the project"
ALIGNMENT_ADDED = "The project now serves this objective."
REMOVE_ALIGNMENT_ASKED = "Remove this objective from the project?"
REMOVE_ALIGNMENT = "Remove objective"
ALIGNMENT_REMOVED = "The project no longer serves this objective."


def remove_alignment_note(project: object, objective: object) -> str:
    return f"{project} will no longer count as serving “{objective}”."
