#!/usr/bin/env python
import os
import sys

from starting.telling import told

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    with told():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
