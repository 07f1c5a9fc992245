"""When the demo's records were made: at a believable hour, and never later than now."""

from datetime import datetime

from django.utils import timezone


def happened(at: datetime) -> datetime:
    """Return the moment, or now where the demo is loaded earlier on that very day."""
    now = timezone.now()
    return min(at, now) if timezone.localdate(at) == timezone.localdate(now) else at
