"""What surrounds every start: sentences instead of tracebacks, and progress. Plain Python: it runs before anything is installed."""
