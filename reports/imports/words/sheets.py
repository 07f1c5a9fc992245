"""The sheets of a workbook in words: what each looks like, and what waits for what."""

from pmo.common.page import formats

WAITS = (
    "The rows of this sheet wait for the projects of the same workbook: they are checked as soon as those are,"
    " so that none is refused for a project that is only on its way."
)
WRITTEN_LATER = (
    "Rows that name new projects of this workbook were tried with them. Write the projects first: these rows"
    " are then checked once more."
)
PROJECTS_FIRST = "Write the projects of this workbook first, or discard their import."
SUB = "Each is checked and written on its own, projects first. Nothing is written yet."
NOT_KNOWN = "No table that Rounds knows"


def named(what: str) -> dict[str, str]:
    """Return the words of the page that offers sheets, or levels of one."""
    return {
        "what": what.capitalize(),
        "title": f"Which {what}s do you want to import?",
        "go_on": f"Go on with these {what}s",
    }


def absent(sheet: str, line: int, *, is_left_out: bool) -> tuple[str, str]:
    """Say to a row that its project's own row is not written: what is wrong, and what would be right."""
    where = f"line {line:,} of “{sheet}”" if sheet else f"line {line:,}"
    if is_left_out:
        return (
            f"The row of this project, {where}, is left out.",
            "Take that row in again, or name another project.",
        )
    return (
        f"The row of this project, {where}, is handed back.",
        "Fix that row first, or name another project.",
    )


def above(rows: int) -> str:
    """Say what becomes of the level that others lie below."""
    what = "the program" if rows == 1 else "the programs"
    return f"{formats.count(rows, 'row')}: {what} that the projects below name"


def look(rows: int, label: str, product: str, known: int) -> str:
    """Say what a sheet looks like: "12 rows, looks like milestones (5 known columns)"."""
    amount = formats.count(rows, "row")
    if product:
        return f"{amount}, looks like {label.lower()} exported from {product}"
    if not label:
        return f"{amount}. {NOT_KNOWN}"
    return f"{amount}, looks like {label.lower()} ({formats.count(known, 'known column')})"
