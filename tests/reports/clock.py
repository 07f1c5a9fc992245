"""Let the day be another one: for what is frozen, compiled and due."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pmo.common.background import jobs, schedule
from pmo.common.models import Heartbeat, Job
from pmo.organization.services import change_organization
from projects.models import Project


class Clock:
    """The moment it is; `monkeypatch` puts the true one back."""

    def __init__(self, monkeypatch, zone=None):
        self.zone = ZoneInfo(zone or settings.TIME_ZONE)
        self.at = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def set(self, day, hour=9, minute=0):
        self.at = datetime.combine(day, time(hour, minute), tzinfo=self.zone)
        return self.at

    def tick(self, day, hour=9, minute=0):
        """Tick on a machine that was on all the time."""
        self.set(day, hour, minute)
        Heartbeat.objects.filter(pk=1).update(at=self.at)
        schedule.tick()

    def run(self, job):
        """Run a job that was written with the true time, which may be later than this clock's."""
        Job.objects.filter(pk=job.pk).update(due_at=self.at)
        return jobs.run(job.pk)

    def live_through(self, first, last, hours=6):
        """Tick every few hours from the beginning of one day to the end of another."""
        at = self.set(first, 0)
        Heartbeat.objects.filter(pk=1).update(at=at)
        while at.date() <= last:
            self.at = at
            schedule.tick()
            at += timedelta(hours=hours)


def be_here_since(day):
    """Let every project have been here since that day."""
    made = datetime.combine(day, time(0), tzinfo=ZoneInfo(settings.TIME_ZONE))
    Project.objects.update(created_at=made)


def set_rhythm(**fields):
    """Change the organization's week as the settings page does."""
    return change_organization(by=None, version=None, **fields)
