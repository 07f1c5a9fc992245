#!/usr/bin/env python
import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Ctrl-C ends it without a word until `told` can say one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from starting.telling import told


def is_loading() -> bool:
    """Say whether the packages are still being read: nothing is open yet."""
    apps = getattr(sys.modules.get("django.apps"), "apps", None)
    return not getattr(apps, "ready", False)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    with told(is_loading=is_loading):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
