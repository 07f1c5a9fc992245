"""The examples that an empty database can be filled with; known before any package is installed."""

from starting.sentences import StartError

EXAMPLES = {
    "demo": "the demo hospital",
    "nhs": "ten years of major health projects",
    "none": "nothing: an empty installation",
}


def known_example(name: str) -> str:
    """Return the name; raises StartError for any other, which would start empty without a word."""
    if name in EXAMPLES:
        return name
    known = ", ".join(f"{known} ({what})" for known, what in EXAMPLES.items())
    raise StartError(f"EXAMPLE is {name!r}, and there is no such example. Set it to {known}.")
