"""The sentences of the pages of variance."""

EXPLAIN_DIFFERENCE = "Explain a difference"
SAVE_CAUSE = "Save cause"
CAUSE_SAVED = "Cause saved."
EDIT_CAUSE = "Edit cause"
REMOVE_CAUSE_ASKED = "Remove this cause?"
REMOVE_CAUSE_NOTE = (
    "Its part of the difference is then unexplained. The audit trail keeps what it said."
)
REMOVE_CAUSE = "Remove cause"
CAUSE_REMOVED = "Cause removed."
