"""The names under which the migrations know the fields that people type into."""

from pmo.common.records.fields import Line, Prose

__all__ = ["Line", "Prose"]
