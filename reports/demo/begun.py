"""The demo's project that was started from a template some weeks ago, and lessons of projects like it."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from pmo.accounts.models import User
from portfolio.services import add_project
from portfolio.starts.models import StartItem
from portfolio.starts.services.confirming import change_item, confirm_item, fill_role
from portfolio.starts.services.starting import StartWish, calendar_of, start_project
from projects.domain.calendar import week_of
from projects.domain.plan.calendars import networkdays
from projects.models import Project, Task
from projects.project_templates.domain.network import StartPace, laid_out
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.services.lessons import record_lesson
from projects.services.plan import reschedule
from reports.demo.organization import DemoOrganization
from reports.demo.stories import day_of, read

FILE = "begun"
DONE = 100  # percent
NEARLY = 90  # at most, of work that goes on
PROGRESS = ("actual_start", "actual_finish", "percent_complete")


class DemoBegun:
    """Writes what the file tells, by the services; its work went as the plan said."""

    def __init__(self, made: DemoOrganization, *, today: date, office: User) -> None:
        self.made, self.today, self.office = made, today, office
        self.monday = week_of(today)
        self.told = read(FILE)

    def write(self) -> None:
        self.project = self._start()
        self._work()
        self._fill_roles()
        self._confirm()
        self._lessons()

    def _start(self) -> Project:
        told, people = self.told, self.made.people
        template = ProjectTemplate.objects.select_related("current").get(code=told["template"])
        first = day_of(self.monday, told["week"])
        pace = StartPace(calendar=calendar_of(None))
        go_live = laid_out(template.document, start=first, pace=pace).go_live
        project = start_project(
            template=template,
            name=told["name"],
            unit=self.made.units[told["unit"]],
            wish=StartWish(go_live=go_live, sizes=told["sizes"]),
            by=self.office,
            manager=people[told["roles"]["pm"]],
            sponsor=people[told["roles"]["sponsor"]],
            code=told["code"],
            today=first,
            summary=told["summary"],
            program=self.made.programs[told["program"]],
        )
        portfolio = self.made.portfolios[told["portfolio"]]
        add_project(portfolio=portfolio, project=project, by=self.office, on=self.monday)
        # a plan is laid out from the day it is written on: here that was weeks ago
        reschedule(project=project, by=self.office, on=first)
        return project

    def _fill_roles(self) -> None:
        for key, person in self.told["roles"].items():
            role = StartItem.objects.get(project=self.project, section="roles", key=key)
            if role.filled_by is None:
                someone = self.made.people[person]
                fill_role(item=role, person=someone, by=self.office, names=True)

    def _confirm(self) -> None:
        manager = self.made.people[self.told["roles"]["pm"]]
        for section, names in self.told["confirmed"].items():
            for name in names:
                confirm_item(item=self._item(section, name), version=None, by=manager)
        for name, (baseline, target) in self.told["changed"].items():
            change_item(
                item=self._item("measures", name),
                version=None,
                by=manager,
                baseline=Decimal(baseline),
                target=Decimal(target),
            )

    def _item(self, section: str, name: str) -> StartItem:
        return StartItem.objects.get(project=self.project, section=section, name=name)

    def _work(self) -> None:
        begun = Task.objects.filter(
            project=self.project, is_summary=False, kind="work", start__lt=self.today
        )
        rows = list(begun)
        calendar = calendar_of(None)
        for row in rows:
            start, finish = row.start or self.today, row.finish or self.today
            is_done = finish < self.today
            row.actual_start, row.actual_finish = start, finish if is_done else None
            gone = networkdays(calendar, start, self.today) * DONE // row.duration
            row.percent_complete = DONE if is_done else min(gone, NEARLY)
        Task.objects.bulk_update(rows, PROGRESS)
        reschedule(project=self.project, by=self.office, on=self.today)

    def _lessons(self) -> None:
        template = ProjectTemplate.objects.get(code=self.told["template"])
        for code, title, category, moment, happened, next_time, ago in self.told["lessons"]:
            project = Project.objects.get(code=code)
            manager = project.members.filter(role="manager").select_related("user").first()
            record_lesson(
                project=project,
                by=manager.user if manager else self.office,
                template=template,
                title=title,
                category=category,
                moment=moment,
                what_happened=happened,
                next_time=next_time,
                recorded_on=min(self.today, timezone.localdate()) - timedelta(days=ago),
            )
