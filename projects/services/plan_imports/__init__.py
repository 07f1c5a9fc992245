"""Bring a schedule file into a project's plan, and take it back as a whole."""

from projects.services.plan_imports.background import run_apply, run_check
from projects.services.plan_imports.runs import (
    APPLY,
    CHECK,
    apply_import,
    check_again,
    discard_import,
    forget_files,
    request_apply,
    request_check,
    start_import,
    undo_import,
    upload_file,
)

__all__ = [
    "APPLY",
    "CHECK",
    "apply_import",
    "check_again",
    "discard_import",
    "forget_files",
    "request_apply",
    "request_check",
    "run_apply",
    "run_check",
    "start_import",
    "undo_import",
    "upload_file",
]
