"""Where a status comes from that its manager did not publish here: a table, or another publication."""

IMPORTED = "Imported from "
LONGEST = 60


def imported_from(file_name: str) -> str:
    """Return what a status out of a table is marked with, cut where the name of the file is long."""
    text = IMPORTED + file_name
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def is_imported(rating: str) -> bool:
    """True for the mark of a status that came out of a table in our own colors."""
    return rating.startswith(IMPORTED)


def origin_of(rating: str) -> str:
    """Say where a status comes from, empty for one that its manager published here."""
    if not rating or is_imported(rating):
        return rating
    return f"Published as {rating}"
