"""Forms of starting from a template and of what came with it; what they hold goes to a service."""
