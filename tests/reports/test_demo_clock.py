"""The demo hospital's hours."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from reports.demo.clock import happened

NOW = datetime(2026, 11, 23, 5, tzinfo=timezone.get_default_timezone())  # a Monday


@pytest.fixture(autouse=True)
def five_in_the_morning(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.parametrize("hours", [-72, -1, 0])
def test_what_lies_behind_keeps_its_hour(hours):
    assert happened(NOW + timedelta(hours=hours)) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize("hours", [1, 18])
def test_what_would_come_later_today_has_just_happened(hours):
    assert happened(NOW + timedelta(hours=hours)) == NOW
