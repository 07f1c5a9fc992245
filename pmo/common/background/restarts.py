"""When the watchdog last started the background again: written by the supervisor, read by the pages."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

NAME = "background-restarted"


def note() -> None:
    _path().write_text(timezone.now().isoformat(), encoding="utf-8")


def last() -> datetime | None:
    """Return when it was; None when it never was, or where the note cannot be read."""
    try:
        return datetime.fromisoformat(_path().read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
