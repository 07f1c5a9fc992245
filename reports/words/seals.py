"""A seal as people compare it; the whole of it stands behind "Details" and in the PDF."""

SHOWN = 8


def short_seal(seal: str) -> str:
    """Write the start of a seal in two groups: "7098 b817"."""
    return f"{seal[: SHOWN // 2]} {seal[SHOWN // 2 : SHOWN]}"
