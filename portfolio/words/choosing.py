"""The sentences of the page that chooses a portfolio's projects."""

from pmo.common.page import formats


def added(number: int, already: int) -> str:
    """Say how many were added, and how many were in it before."""
    sentence = f"{formats.count(number, 'project')} added, from today on."
    if not already:
        return sentence
    if already == 1:
        return f"{sentence} 1 was in it already."
    return f"{sentence} {already:,} were in it already."
