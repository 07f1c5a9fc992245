"""Filters that say what status updates are about: rows come from the selectors as facts."""

from django import template

from projects.words import status, updates_received

register = template.Library()
register.filter("moved_words", status.moved_words)
register.filter("my_state", updates_received.my_state)
register.filter("my_action", updates_received.my_action)
register.filter("my_said", updates_received.my_said)
register.filter("silence_words", updates_received.silence_words)
register.filter("late_words", updates_received.late_words)
register.filter("reminder_words", updates_received.reminder_words)
