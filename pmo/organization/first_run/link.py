"""
The set-up link: it lets the first administrator in, once, within a day, while there is none.

The database keeps the hash of its token. The token stands behind the `#` of the address, which no
browser sends and no log holds; until it is used it lies in a file that its owner alone can read.
"""

import hashlib
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from pmo.accounts.models import User
from pmo.organization.models import ONLY, Setup

TOKEN_BYTES = 32
VALID_FOR = timedelta(hours=24)
USUAL_PORT = 8000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLink:
    """An address to print, and when it stops working."""

    address: str
    expires_at: datetime


def is_needed() -> bool:
    """Say whether nobody can administer; only then does a link do anything."""
    return not User.objects.administrators().exists()


def open_link() -> Setup | None:
    """Return the link that can still be used."""
    return Setup.objects.filter(pk=ONLY, used_at=None, expires_at__gt=timezone.now()).first()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def fits(link: Setup, token: str) -> bool:
    """Say whether the token is this link's, in the same time whatever differs."""
    return constant_time_compare(link.token_hash, hash_of(token))


def token_in(text: str) -> str:
    """Return the token of what somebody pasted: itself, or the whole address."""
    return text.rpartition("#")[2].strip()


def address_of(token: str, base_url: str) -> str:
    return f"{base_url.rstrip('/')}{reverse('setup')}#{token}"


def file_of() -> Path:
    """Return where the link lies until it is used."""
    return Path(settings.DATA_DIR) / "setup-link.txt"


def kept_token() -> str:
    """Return the token of the file; "" where there is none."""
    try:
        return token_in(file_of().read_text(encoding="utf-8"))
    except OSError:
        return ""


def keep(address: str) -> None:
    """Write the link for whoever may read this installation's files."""
    path = file_of()
    try:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{address}\n")
    except OSError as error:
        # it is printed all the same
        log.warning("The set-up link could not be kept in %s: %s.", path, error.strerror)


def forget_file() -> None:
    try:
        file_of().unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s could not be removed: %s.", file_of(), error.strerror)


def commands() -> list[tuple[str, str]]:
    """Return where a new link is asked for, and with which command."""
    found = urlsplit(settings.BASE_URL)
    local = found.hostname == "127.0.0.1" and found.port not in (None, USUAL_PORT)
    port = f" --port {found.port}" if local else ""
    return [
        (
            "In the folder of Rounds",
            f"EXAMPLE={settings.EXAMPLE} .venv/bin/python manage.py rounds setup-link{port}",
        ),
        ("In containers", "docker compose exec web python manage.py rounds setup-link"),
    ]
