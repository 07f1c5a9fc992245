"""Measures Rounds at 10,000 projects, each page against a bare page that does the same work."""
