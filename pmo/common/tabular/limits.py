"""How large a file may be; high enough for ten thousand records, low enough for a small server."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; sizes in bytes."""

    size: int = 20 * MEGABYTE
    rows: int = 110_000
    columns: int = 2_000
    cells: int = 2_400_000
    unpacked: int = 128 * MEGABYTE
    shared_strings: int = 32 * MEGABYTE
    entries: int = 500
    ratio: int = 150
    blank_rows: int = 10_000


DEFAULT = Limits()
