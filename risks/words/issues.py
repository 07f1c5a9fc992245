"""The sentences of the pages of issues."""

ADD_ISSUE = "Add issue"
ISSUE_ADDED = "Issue added."
ISSUE_REOPENED = "Issue reopened."
REOPEN = "Reopen"
RISK_OCCURRED_TITLE = "The risk has occurred: make it an issue"
ISSUE_FROM_RISK_ADDED = "Issue added; the risk is marked as occurred."
EDIT_ISSUE = "Edit issue"
SAVE_ISSUE = "Save issue"
ISSUE_SAVED = "Issue saved."
RESOLVE_TITLE = "Resolve this issue"
RESOLVE = "Mark as resolved"
ISSUE_RESOLVED = "Issue resolved."


def issue_sub(project: object, state: object) -> str:
    return f"Issue · {project} · {state}"
