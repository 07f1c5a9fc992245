"""What Rounds writes of its own into records of registers that are imported."""

RESOLVED_UNSAID = "Resolved before the import; the list does not say how."
