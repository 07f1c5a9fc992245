"""The sentences of the pages of programs."""

ADD_PROGRAM = "Add program"
PROGRAM_ADDED = "Program added."
EDIT_PROGRAM = "Edit program"
SAVE_PROGRAM = "Save program"
PROGRAM_SAVED = "Program saved."
