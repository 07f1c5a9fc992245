"""One scene for each kind of job: what is there before, and how often its effect is there after."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from pmo.accounts import services as accounts
from pmo.accounts.lists import ListKind
from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import AuditEvent, Job
from pmo.common.records.audit import target_of
from pmo.organization.defaults import first_categories
from pmo.organization.models import Category
from portfolio.models import Portfolio
from projects.models import PlanImport, Project, Task
from projects.services import plan_imports, plan_turn, reminders
from projects.services.plan import create_task
from projects.services.projects import COMPUTE
from reports.imports.models import ImportRun
from reports.imports.services import runs, work
from reports.models import Delivery, Freeze, Snapshot, Summary, VarianceReport, scope_of
from reports.services import day_turn, early, snapshots
from reports.services.deliveries import DELIVER
from reports.services.subscriptions import subscribe
from reports.services.summaries import (
    compile_summary,
    issue_summary,
    request_summary,
    review_summary,
)
from reports.services.variance import request_variance
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, UnitFactory, person
from tests.projects.test_services_plan_imports import SMALL
from tests.reports.documents import SUNDAY, member, two_weeks
from tests.reports.imports.services.scene import started

ROWS = Task.objects


class JobScene(NamedTuple):
    """A queued job, and a function that counts what it did: 0 is lost, more than 1 is doubled."""

    job: Job
    effects: Callable[[], int]


class Hospital:
    """What all scenes share: two frozen weeks and somebody who may do everything."""

    def __init__(self) -> None:
        if not Category.objects.exists():  # a copy of tables that were emptied
            Category.objects.bulk_create(first_categories())
        self.lead = person(Role.PMO_LEAD, email="lead@faults.example")
        Membership.objects.create(user=self.lead, role=Role.ADMINISTRATOR)
        UnitFactory(name="Surgery")
        self.projects = two_weeks(PortfolioFactory(name="Capital"))
        snapshots.refresh_all()

    def scene(self, kind: str, number: int) -> JobScene:
        """Make the scene of one kind; call it in a transaction, so that no worker is faster."""
        name = f"_{kind.replace('.', '_')}"
        scene: JobScene = getattr(self, name)(number)
        return scene

    def _portfolio(self, number: int) -> Portfolio:
        portfolio: Portfolio = PortfolioFactory(name=f"Portfolio of fault {number}")
        for project in self.projects:
            member(portfolio, project)
        return portfolio

    def _summary_compile(self, number: int) -> JobScene:
        scope = scope_of(self._portfolio(number))
        job = request_summary(scope=scope, day=SUNDAY, by=self.lead)
        return JobScene(job, lambda: written(Summary.objects.of_scope(scope.key)))

    def _variance_report(self, number: int) -> JobScene:
        scope = scope_of(self._portfolio(number))
        job = request_variance(scope=scope, day=SUNDAY, compared_with=None, by=self.lead)
        return JobScene(job, lambda: written(VarianceReport.objects.of_scope(scope.key)))

    def _summary_deliver(self, number: int) -> JobScene:
        scope = scope_of(self._portfolio(number))
        reader = person(Role.EXECUTIVE, email=f"reader{number}@faults.example")
        subscribe(scope=scope, user=reader, by=self.lead)
        draft = compile_summary(scope=scope, day=SUNDAY, by=None)
        words = {"headline": "So.", "office_note": "", "comments": {}}
        read = review_summary(summary=draft, version=None, by=self.lead, **words)
        issue_summary(summary=read, version=None, by=self.lead)
        job = Delivery.objects.get(user=reader).job
        assert job is not None
        assert job.kind == DELIVER
        return JobScene(job, lambda: mails_to(reader))

    def _snapshots_daily(self, number: int) -> JobScene:
        ProjectFactory()
        job = jobs.enqueue(kind="snapshots.daily", key=f"fault {number}", params={}, by=None)
        return JobScene(job, live_rows)

    def _snapshots_turn(self, number: int) -> JobScene:
        yesterday = timezone.localdate() - timedelta(days=1)
        snapshots.refresh_all(today=yesterday)
        job = jobs.enqueue(kind=day_turn.TURN, key=f"fault {number}", params={}, by=None)

        def effects() -> int:
            left = Snapshot.objects.live().filter(judged_for=yesterday).exists()
            return 0 if left else live_rows()

        return JobScene(job, effects)

    def _snapshots_early(self, number: int) -> JobScene:
        del number  # once a day
        day = timezone.localdate()
        params = {"day": day.isoformat()}
        job = jobs.enqueue(
            kind=early.FREEZE_EARLY, key=day.isoformat(), params=params, by=self.lead
        )
        return JobScene(job, lambda: written(Freeze.objects.filter(date=day)))

    def _status_remind_all(self, number: int) -> JobScene:
        manager = self._manager(number)
        job = reminders.remind_all(by=self.lead, key=f"fault {number}")
        return JobScene(job, lambda: Job.objects.filter(params__user=manager.pk).count())

    def _status_reminder(self, number: int) -> JobScene:
        manager = self._manager(number)
        project = Project.objects.get(members__user=manager)
        (job,) = reminders.remind_managers(project=project, by=self.lead)
        return JobScene(job, lambda: mails_to(manager))

    def _manager(self, number: int) -> User:
        manager = person(Role.STAFF, email=f"manager{number}@faults.example")
        MemberFactory(project=ProjectFactory(), user=manager, role=Role.MANAGER)
        return manager

    def _person_invitation(self, number: int) -> JobScene:
        user = person(Role.STAFF, email=f"new{number}@faults.example")
        return JobScene(accounts.invite(user=user, by=self.lead), lambda: mails_to(user))

    def _person_password(self, number: int) -> JobScene:
        user = person(Role.STAFF, email=f"forgetful{number}@faults.example")
        user.set_password("as long as needed")
        user.save()
        return JobScene(accounts.ask_for_password(email=str(user.email)), lambda: mails_to(user))

    def _people_file_write(self, number: int) -> JobScene:
        email = f"listed{number}@faults.example"
        record = accounts.stage_file(
            kind=ListKind.PEOPLE,
            file_name="people.csv",
            content=f"name,email\nAda {number},{email}\n".encode(),
            by=self.lead,
        )
        saved = accounts.request_writing(record=record, by=self.lead)
        return JobScene(job_of(saved), lambda: written(User.objects.filter(email=email)))

    def _plan_imports_check(self, number: int) -> JobScene:
        del number
        run = plan_imports.upload_file(
            project=ProjectFactory(), file_name="a.xml", content=SMALL, by=self.lead
        )
        return JobScene(
            job_of(run), lambda: written(PlanImport.objects.filter(pk=run.pk, state="checked"))
        )

    def _plan_imports_apply(self, number: int) -> JobScene:
        del number
        project = ProjectFactory()
        run = plan_imports.start_import(
            project=project, file_name="a.xml", content=SMALL, by=self.lead
        )
        saved = plan_imports.request_apply(run=run, by=self.lead)
        rows = 4

        def effects() -> int:
            written_rows, left = divmod(ROWS.filter(project=project).count(), rows)
            # not what the trail says of the project: its plan is computed by a job of its own after
            return written_rows + left + twice(saved)

        return JobScene(job_of(saved), effects)

    def _imports_check(self, number: int) -> JobScene:
        run = started(f"Code,Name,Unit\nC-{number},Theater,Surgery\n", self.lead)
        asked = runs.request_check(run=run, by=self.lead)
        return JobScene(
            job_of(asked), lambda: written(ImportRun.objects.filter(pk=run.pk, state="ready"))
        )

    def _imports_apply(self, number: int) -> JobScene:
        run = started(f"Code,Name,Unit\nA-{number},Theater,Surgery\n", self.lead)
        ready = work.finish_check(run, work.check(run))
        asked = runs.request_apply(run=ready, by=self.lead)
        return JobScene(job_of(asked), lambda: written(Project.objects.filter(code=f"A-{number}")))

    def _imports_undo(self, number: int) -> JobScene:
        run = started(f"Code,Name,Unit\nU-{number},Theater,Surgery\n", self.lead)
        done = runs.apply(run=run, by=self.lead)
        asked = runs.request_undo(run=done, by=self.lead)
        gone = Project.objects.filter(code=f"U-{number}")

        def effects() -> int:
            left = gone.exists()
            return 0 if left else written(ImportRun.objects.filter(pk=run.pk, state="undone"))

        return JobScene(job_of(asked), effects)

    def _plan_compute(self, number: int) -> JobScene:
        project = ProjectFactory()
        create_task(project=project, by=None, name="Wire", duration=1)
        params = {"project": project.pk}
        job = jobs.enqueue(kind=COMPUTE, key=f"fault {number}", params=params, by=self.lead)
        return JobScene(job, lambda: events_of(project)["plan.rescheduled"])

    def _plan_turn(self, number: int) -> JobScene:
        project = ProjectFactory(start_date=timezone.localdate() - timedelta(days=9))
        create_task(project=project, by=None, name="Wire", duration=1)
        Project.objects.filter(pk=project.pk).update(
            data_date=timezone.localdate() - timedelta(days=1)
        )
        job = jobs.enqueue(kind=plan_turn.TURN, key=f"fault {number}", params={}, by=None)
        today = Project.objects.filter(pk=project.pk, data_date=timezone.localdate())
        return JobScene(job, today.count)


def job_of(record: Any) -> Job:
    job: Job = record.job
    return job


def written(records: Any) -> int:
    """Count records, and what the trail says twice of one of them."""
    return records.count() + sum(twice(record) for record in records)


def events_of(record: Model) -> Counter[str]:
    events = AuditEvent.objects.filter(target=target_of(record))
    return Counter(events.values_list("action", flat=True))


def twice(record: Model) -> int:
    """Count the events that the trail has more than once of one record."""
    return sum(many - 1 for many in events_of(record).values())


def live_rows() -> int:
    """Return 1 where each project has one live row and no freeze has more rows than it says."""
    projects = Project.objects.count()
    rows = Snapshot.objects.live().count()
    weeks = Freeze.objects.filter(portfolio=None).exclude(date=timezone.localdate())
    days = list(weeks.values_list("date", flat=True))
    return int(rows == projects) + (len(days) - len(set(days)))


def mails_to(user: User) -> int:
    """Count the mails in the folder that somebody got."""
    line = f"To: {user.email}"
    files = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    return sum(file.read_text(encoding="utf-8").count(line) for file in files)
