"""The sentences of the pages of tolerances."""

SAVE_TOLERANCE = "Save tolerance"
TOLERANCE_SAVED = "Tolerance saved."
CHANGE_REQUESTS = "Change requests"


def tolerance_title(level: object) -> str:
    return f"What the {level} may approve"
