"""The sentences of the pages of funding."""

ADD_FUNDING_SOURCE = "Add funding source"
FUNDING_SOURCES = "Funding sources"
ALLOWED_USES = "May be spent only on"
AVAILABLE_FROM = "Available from"
EXPIRES_ON = "Expires on"
FUNDING_SOURCE_ADDED = "Funding source added."
EDIT_FUNDING_SOURCE = "Edit funding source"
SAVE_FUNDING_SOURCE = "Save funding source"
FUNDING_SOURCE_SAVED = "Funding source saved."
KEPT_IN_TRAIL = "The audit trail keeps what it said."
REMOVE_FUNDING_SOURCE = "Remove funding source"
AT_ONCE = "At once"
NO_EXPIRY = "Does not expire"


def remove_funding_source_asked(source: object) -> str:
    return f"Remove the funding source “{source}”?"


def funding_source_removed(source: object) -> str:
    return f"Funding source “{source}” removed."
