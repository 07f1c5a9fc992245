"""Read settings from the environment; refuse bad values with a sentence that says what to do."""

import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def env_text(name: str, default: str) -> str:
    """Read a text; an empty one counts as not set, as in a copied example file."""
    return os.environ.get(name) or default


def env_secret(name: str, default: str = "") -> str:
    """Read `NAME`, or the file that `NAME_FILE` points at; files keep secrets out of `ps`."""
    file_name = os.environ.get(f"{name}_FILE")
    if not file_name:
        return os.environ.get(name) or default
    return secret_in(Path(file_name), f"{name}_FILE") or default


def secret_in(path: Path, setting: str) -> str:
    """Return a secret's file without the spaces around; the sentence of a refusal names the setting."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{setting} points at {path}, which cannot be read: {error.strerror}."
        ) from error
    except UnicodeError as error:
        raise ImproperlyConfigured(
            f"{setting} points at {path}, which holds no text. Write the secret as text."
        ) from error


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; set it to 1 or 0.")


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    value = os.environ.get(name)
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; set it to a whole number from {low} to {high}."
        )
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name)
    if not value:
        return default
    return [part.strip() for part in value.split(",") if part.strip()]


def env_folder(name: str) -> str:
    """Read the path of a folder that is there; "" where none is set."""
    value = env_text(name, "")
    if value and not Path(value).is_dir():
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is no folder. Make it, or unset {name}."
        )
    return value


def env_zone(name: str, default: str) -> str:
    """Read the name of a time zone that this machine has."""
    value = env_text(name, default)
    if not available_timezones():
        raise ImproperlyConfigured(
            f"This machine knows no time zones, and {name} is {value!r}. Install the package tzdata."
        )
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is no time zone. Set it to a place such as"
            " America/New_York or Europe/London, or to UTC."
        ) from error
    return value


def env_level(name: str, default: str) -> str:
    """Read how much is logged, in capitals."""
    value = env_text(name, default)
    level = value.strip().upper()
    if level not in LEVELS:
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to one of {', '.join(LEVELS)}.")
    return level
