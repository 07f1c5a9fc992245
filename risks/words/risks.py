"""The sentences of the pages of risks."""

ADD_RISK = "Add risk"
RISK_ADDED = "Risk added."
EDIT_RISK = "Edit risk"
SAVE_RISK = "Save risk"
RISK_SAVED = "Risk saved."
RISK_HAPPENED = "It happened: make it an issue"
