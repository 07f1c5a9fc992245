"""Forms of templates and lessons; what they hold goes to a service."""
