"""What the risk map says: its axes, and each cell to who cannot see its place."""

from pmo.common.page.formats import count

AXIS = "Impact, low to high (rows: likelihood)"


def cell(number: int, likelihood: str, impact: str) -> str:
    return f"{count(number, 'risk')}, {likelihood}, {impact}"
