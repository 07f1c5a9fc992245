#!/usr/bin/env python3
"""Make the secret files that docker-compose.yml mounts; an existing file is left as it is."""

import secrets
import sys
from pathlib import Path

DEFAULT = Path(__file__).resolve().parent.parent / "secrets"
TOKEN_BYTES = 32


def keep(path: Path, text: str) -> str:
    """Write a secret once and return what the file holds."""
    if not path.exists():
        path.write_text(f"{text}\n", encoding="utf-8")
        # Compose mounts the file with the owner it has here, and the container's user is another
        # one: readable for all inside a directory that only its owner may enter.
        path.chmod(0o444)
    return path.read_text(encoding="utf-8").strip()


def make(folder: Path) -> None:
    """Fill the folder; the two URLs carry the passwords of the two servers."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    for name in ("secret_key", "audit_key"):
        keep(folder / name, secrets.token_hex(TOKEN_BYTES))
    database = keep(folder / "postgres_password", secrets.token_hex(TOKEN_BYTES))
    broker = keep(folder / "redis_password", secrets.token_hex(TOKEN_BYTES))
    keep(folder / "database_url", f"postgres://rounds:{database}@postgres:5432/rounds")
    keep(folder / "redis_url", f"redis://:{broker}@redis:6379/0")
    keep(folder / "email_url", "console://")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
