#!/usr/bin/env python3
"""Make secrets where there are none: one key for `make run`, or all the files that compose mounts."""

import argparse
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from starting.examples import known_example  # noqa: E402 - the project's root has to be on the path first
from starting.telling import told  # noqa: E402 - the same

DEFAULT = ROOT / "secrets"
TOKEN_BYTES = 32
OWNER_ONLY = 0o600
# Compose mounts a file with the owner that it has here, and the container's user is another one:
# readable for all, inside a directory that only its owner may enter.
MOUNTED = 0o444


def keep(path: Path, text: str, mode: int) -> str:
    """Write a secret once, never readable for others on the way, and return what the file holds."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=OWNER_ONLY, exist_ok=False)
        draft.write_text(f"{text}\n", encoding="utf-8")
        draft.chmod(mode)
        draft.rename(path)
    return path.read_text(encoding="utf-8").strip()


def make_key(path: Path) -> None:
    """Make the one key of a bare machine, unless the environment brings it."""
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    keep(path, secrets.token_hex(TOKEN_BYTES), OWNER_ONLY)


def make_all(folder: Path) -> None:
    """Fill the folder; the two URLs carry the passwords of the two servers."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    for name in ("secret_key", "audit_key"):
        keep(folder / name, secrets.token_hex(TOKEN_BYTES), MOUNTED)
    database = keep(folder / "postgres_password", secrets.token_hex(TOKEN_BYTES), MOUNTED)
    broker = keep(folder / "redis_password", secrets.token_hex(TOKEN_BYTES), MOUNTED)
    url = f"postgres://rounds:{database}@postgres:5432/rounds"
    keep(folder / "database_url", url, MOUNTED)
    keep(folder / "redis_url", f"redis://:{broker}@redis:6379/0", MOUNTED)
    keep(folder / "email_url", "console://", MOUNTED)


def main() -> int:
    """Make the one key when its file is named, all secrets otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--key", type=Path, help="make only this key file, in an example's folder")
    arguments = parser.parse_args()
    with told():
        if arguments.key:
            known_example(arguments.key.parent.name)
            make_key(arguments.key)
        else:
            make_all(DEFAULT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
