"""A schedule file into a plan and back out: all or nothing, nothing started is lost, undone as a whole."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from projects.models import (
    BudgetLine,
    CalendarException,
    PlanImport,
    Task,
    TaskLink,
    TaskStep,
    WorkCalendar,
)
from projects.selectors.plan_file import digest_of, document_of
from projects.services import plan_imports
from projects.services.plan_imports.checking import read_plan_file
from tests.factories import MilestoneFactory
from tests.projects.domain.exchange.files import at, link, mspdi, task, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SSN = "219-09-9999"


def started(first: str = "2026-03-02", percent: int = 40) -> str:
    return (
        f"<ActualStart>{first}T08:00:00</ActualStart><PercentComplete>{percent}</PercentComplete>"
    )


SMALL = mspdi(
    task(1, "Build")
    + task(2, "Dig", level=2, hours=40, more="<Cost>500000</Cost>")
    + task(3, "Pour", level=2, hours=16, more=link(2, lag=4800))
    + task(4, "Ready", hours=0, more=link(3)),
    header="<StartDate>2026-03-02T08:00:00</StartDate>",
)


def imported(project, by, content=SMALL, **options):
    run = plan_imports.start_import(project=project, file_name="plan.xml", content=content, by=by)
    return plan_imports.apply_import(run=run, by=by, **options)


def rows(project):
    return list(
        Task.objects.filter(project=project)
        .order_by("position")
        .values_list("name", "outline", "depth", "is_summary", "duration", "external_id")
    )


def links(project):
    found = TaskLink.objects.filter(project=project).order_by("successor__position")
    return list(found.values_list("predecessor__name", "successor__name", "kind", "lag"))


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def state(project):
    project.refresh_from_db()
    return digest_of(document_of(project)), project.start_date


class TestChecking:
    def test_writes_nothing_into_the_plan(self, project, manager):
        run = plan_imports.start_import(
            project=project, file_name="plan.xml", content=SMALL, by=manager
        )

        assert (run.state, run.format, bytes(run.content)) == ("checked", "mspdi", SMALL)
        assert {k: v for k, v in run.counts.items() if k != "names"} == {
            "added": 4,
            "changed": 0,
            "removed": 0,
            "started_and_removed": 0,
            "tasks": 4,
            "unchanged": 0,
            "links": 2,
            "calendars": 0,
        }
        assert rows(project) == []
        assert actions() == ["plan_import.checked"]

    def test_a_second_file_replaces_the_one_that_waits(self, project, manager):
        first = plan_imports.start_import(
            project=project, file_name="one.xml", content=SMALL, by=manager
        )

        plan_imports.start_import(project=project, file_name="two.xml", content=SMALL, by=manager)

        first.refresh_from_db()
        assert (first.state, bytes(first.content)) == ("discarded", b"")
        assert [run.file_name for run in PlanImport.objects.for_list()] == ["two.xml"]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"\xd0\xcf\x11\xe0....", "Microsoft Project (.mpp) or an old Excel file"),
            (b"%PDF-1.7", "no schedule that Rounds reads"),
            (b"", "no schedule that Rounds reads"),
            (mspdi(task(1, more=link(2)) + task(2, "Cure", more=link(1))), "in a loop: “"),
            (mspdi(task(1) + task(2, f"Call {SSN}")), "Row 2, name: a Social Security number."),
            (mspdi(task(1, more=f"<Notes>{SSN}</Notes>")), "Row 1, notes: a Social"),
        ],
    )
    def test_what_cannot_be_written_is_refused_and_leaves_no_trace(
        self, project, manager, content, sentence
    ):
        with pytest.raises(RefusalError) as refusal:
            plan_imports.start_import(
                project=project, file_name="plan.xml", content=content, by=manager
            )

        assert sentence in str(refusal.value)
        assert SSN not in str(refusal.value)
        assert PlanImport.objects.count() == 0
        assert actions() == []

    def test_what_is_left_out_of_the_file_is_not_repeated_when_it_names_a_patient(
        self, project, manager
    ):
        content = mspdi(task(1) + task(2, f"Call {SSN}", more="<Active>0</Active>"))

        run = plan_imports.start_import(
            project=project, file_name="plan.xml", content=content, by=manager
        )

        assert SSN not in str(run.losses)
        assert [loss["tasks"] for loss in run.losses if loss["what"] == "Inactive tasks"] == [
            ["(not repeated here)"]
        ]

    def test_a_file_name_that_names_a_patient_is_refused(self, project, manager):
        with pytest.raises(Exception, match="Social Security"):
            plan_imports.start_import(
                project=project, file_name=f"{SSN}.xml", content=SMALL, by=manager
            )

        assert PlanImport.objects.count() == 0


class TestApplying:
    def test_makes_the_plan_what_the_file_says(self, project, manager):
        run = imported(project, manager)

        assert rows(project) == [
            ("Build", "1", 0, True, rows(project)[0][4], "1"),
            ("Dig", "1.1", 1, False, 5, "2"),
            ("Pour", "1.2", 1, False, 2, "3"),
            ("Ready", "2", 0, False, 0, "4"),
        ]
        assert links(project) == [("Dig", "Pour", "FS", 1), ("Pour", "Ready", "FS", 0)]
        assert Task.objects.get(name="Dig").planned_cost == Decimal("5000.00")
        assert Task.objects.get(name="Pour").parent == Task.objects.get(name="Build")
        project.refresh_from_db()
        assert project.start_date == date(2026, 3, 2)
        assert (run.state, bytes(run.content)) == ("applied", b"")
        assert actions()[-1] == "plan_import.applied"
        event = AuditEvent.objects.latest("sequence")
        assert event.scope == f"projects.project:{project.pk}"

    def test_the_same_file_again_changes_no_row(self, project, manager):
        imported(project, manager)
        ids = set(Task.objects.values_list("pk", flat=True))
        before = state(project)

        run = imported(project, manager)

        assert set(Task.objects.values_list("pk", flat=True)) == ids
        assert (run.counts["unchanged"], run.counts["added"], run.counts["changed"]) == (4, 0, 0)
        assert state(project) == before

    def test_rows_are_found_again_by_their_key_and_keep_what_the_file_does_not_know(
        self, project, manager
    ):
        imported(project, manager)
        line = BudgetLine.objects.create(project=project, category="Works", amount=9000)
        Task.objects.filter(name="Dig").update(budget_line=line, earning="steps", actual_start=date(2026, 3, 2), percent_complete=30)  # fmt: skip
        dig = Task.objects.get(name="Dig")
        changed = SMALL.replace(b"<Name>Dig<", b"<Name>Excavate<")

        run = imported(project, manager, changed)

        dig.refresh_from_db()
        assert (dig.name, dig.budget_line, dig.earning) == ("Excavate", line, "steps")
        assert (dig.actual_start, dig.percent_complete) == (date(2026, 3, 2), 30)
        assert run.counts["names"]["changed"] == ["Excavate"]
        assert {loss["what"] for loss in run.losses if loss["fate"] == "changed"} >= {
            "Progress recorded here"
        }

    def test_rows_that_are_gone_from_the_file_are_removed(self, project, manager):
        imported(project, manager)

        run = imported(project, manager, mspdi(task(3, "Pour", hours=16)))

        assert [name for name, *_ in rows(project)] == ["Pour"]
        assert run.counts["names"]["removed"] == ["Build", "Dig", "Ready"]

    def test_a_started_row_is_never_silently_lost(self, project, manager):
        imported(project, manager)
        Task.objects.filter(name="Dig").update(actual_start=date(2026, 3, 2), percent_complete=30)
        content = mspdi(task(3, "Pour", hours=16))
        run = plan_imports.start_import(
            project=project, file_name="plan.xml", content=content, by=manager
        )
        before, trail = state(project), actions()

        with pytest.raises(
            RefusalError, match="1 row of the plan with progress is not in the file"
        ):
            plan_imports.apply_import(run=run, by=manager)

        assert state(project) == before
        assert actions() == trail
        plan_imports.apply_import(run=run, by=manager, removes_started=True)
        assert [name for name, *_ in rows(project)] == ["Pour"]

    def test_is_refused_when_somebody_changed_the_plan_since_the_check(self, project, manager):
        imported(project, manager)
        run = plan_imports.start_import(
            project=project, file_name="plan.xml", content=SMALL, by=manager
        )
        Task.objects.filter(name="Dig").update(duration=9)

        with pytest.raises(RefusalError, match="Check it again"):
            plan_imports.apply_import(run=run, by=manager)

        assert Task.objects.get(name="Dig").duration == 9
        run = plan_imports.check_again(run=run, by=manager)
        assert run.counts["names"]["changed"] == ["Dig"]
        assert plan_imports.apply_import(run=run, by=manager).state == "applied"

    def test_a_file_is_written_once(self, project, manager):
        run = imported(project, manager)

        with pytest.raises(RefusalError, match="not open any more: written"):
            plan_imports.apply_import(run=run, by=manager)

    def test_progress_in_the_future_and_without_dates_is_mended(self, project, manager):
        ahead = (timezone.localdate() + timedelta(days=366)).isoformat()
        content = mspdi(
            task(1, more=started(ahead))
            + task(2, more="<PercentComplete>100</PercentComplete>")
            + task(3, hours=0, more="<PercentComplete>100</PercentComplete>")
            + task(
                4, more="<PercentComplete>50</PercentComplete><Start>2026-01-05T08:00:00</Start>"
            )
        )

        imported(project, manager, content)

        today = timezone.localdate()
        assert list(
            Task.objects.order_by("position").values_list(
                "actual_start", "actual_finish", "percent_complete"
            )
        ) == [
            (None, None, 0),
            (today, today, 100),
            (today, today, 100),
            (date(2026, 1, 5), None, 50),
        ]

    def test_a_start_that_other_dates_forbid_is_refused_whole(self, project, manager):
        content = SMALL.replace(b"2026-03-02T08", b"2031-03-02T08")
        run = plan_imports.start_import(
            project=project, file_name="plan.xml", content=content, by=manager
        )

        with pytest.raises(RefusalError, match="The project cannot start on 2031-03-02, as the"):
            plan_imports.apply_import(run=run, by=manager)

        assert rows(project) == []


NIGHTS = (
    "<Calendar><UID>1</UID><Name>Seven days</Name><IsBaseCalendar>1</IsBaseCalendar><WeekDays>"
    + "".join(
        f"<WeekDay><DayType>{n}</DayType><DayWorking>1</DayWorking></WeekDay>" for n in range(1, 8)
    )
    + "</WeekDays><Exceptions><Exception><TimePeriod><FromDate>2026-12-25T00:00:00</FromDate>"
    "<ToDate>2026-12-25T23:59:00</ToDate></TimePeriod><Name>Christmas</Name><Type>1</Type>"
    "<DayWorking>0</DayWorking></Exception></Exceptions></Calendar>"
)
WITH_CALENDAR = mspdi(task(1), header="<CalendarUID>1</CalendarUID>", calendars=NIGHTS)


class TestCalendars:
    def test_one_with_the_same_days_is_used(self, project, manager):
        same = WorkCalendar.objects.create(name="Site", weekdays="1111111")
        CalendarException.objects.create(
            calendar=same, first_date=date(2026, 12, 25), last_date=date(2026, 12, 25)
        )

        imported(project, manager, WITH_CALENDAR)

        assert Task.objects.get().calendar == same
        assert WorkCalendar.objects.count() == 1

    def test_the_office_may_add_one_that_is_not_here(self, project, lead):
        WorkCalendar.objects.create(name="Seven days")
        run = plan_imports.start_import(
            project=project,
            file_name="plan.xml",
            content=WITH_CALENDAR,
            by=lead,
            adds_calendars=True,
        )

        plan_imports.apply_import(run=run, by=lead, adds_calendars=True)

        added = Task.objects.get().calendar
        assert (added.name, added.weekdays) == (f"Seven days ({project.code})", "1111111")
        assert [e.name for e in added.exceptions.all()] == ["Christmas"]
        run.refresh_from_db()
        plan_imports.undo_import(run=run, by=lead)
        assert [calendar.name for calendar in WorkCalendar.objects.all()] == ["Seven days"]
        assert [name for name in actions() if name.startswith("calendar.")] == [
            "calendar.created",
            "calendar.removed",
        ]

    def test_others_get_the_projects_and_are_told(self, project, manager):
        run = imported(project, manager, WITH_CALENDAR)

        assert Task.objects.get().calendar is None
        assert WorkCalendar.objects.count() == 0
        assert "Calendars that are not here" in {loss["what"] for loss in run.losses}


class TestUndoing:
    def test_a_row_is_another_than_before_each_time_for_who_edits_it(self, project, manager):
        imported(project, manager)
        seen = [Task.objects.get(name="Dig").version]
        run = imported(project, manager, SMALL.replace(b"<Name>Dig<", b"<Name>Excavate<"))
        seen.append(Task.objects.get(name="Excavate").version)
        plan_imports.undo_import(run=run, by=manager)
        seen.append(Task.objects.get(name="Dig").version)

        assert seen == [1, 2, 3]

    def test_puts_the_plan_back_as_it_was_with_its_ids(self, project, manager):
        imported(project, manager)
        line = BudgetLine.objects.create(project=project, category="Works", amount=9000)
        dig = Task.objects.get(name="Dig")
        Task.objects.filter(pk=dig.pk).update(budget_line=line, earning="steps")
        step = TaskStep.objects.create(
            project=project, task=dig, name="Half", done_on=date(2026, 3, 4)
        )
        before, names, tied = state(project), rows(project), links(project)
        other = mspdi(
            task(3, "Pour", hours=16) + task(9, "Paint", level=2),
            header="<StartDate>2026-04-06T08:00:00</StartDate>",
        )
        run = imported(project, manager, other)
        assert [name for name, *_ in rows(project)] == ["Pour", "Paint"]

        undone = plan_imports.undo_import(run=run, by=manager)

        assert (undone.state, undone.undone_by) == ("undone", manager)
        assert (state(project), rows(project), links(project)) == (before, names, tied)
        assert Task.objects.get(name="Dig").pk == dig.pk
        assert TaskStep.objects.get().pk == step.pk
        assert actions()[-1] == "plan_import.undone"

    def test_leaves_the_rows_and_links_alone_that_are_as_they_were(self, project, manager):
        imported(project, manager)
        kept = set(TaskLink.objects.values_list("pk", flat=True))
        run = imported(project, manager, SMALL.replace(b">Ready<", b">Open<"))
        before = dict(Task.objects.values_list("pk", "version"))

        plan_imports.undo_import(run=run, by=manager)

        ready = Task.objects.get(name="Ready")
        leaves = Task.objects.filter(is_summary=False).values_list("pk", "version")
        assert {pk for pk, version in leaves if version != before[pk]} == {ready.pk}
        assert set(TaskLink.objects.values_list("pk", flat=True)) == kept

    def test_gives_a_milestone_back_that_another_row_took(self, project, manager):
        milestone = MilestoneFactory(project=project)
        imported(project, manager)
        Task.objects.filter(name="Dig").update(milestone=milestone)
        run = imported(project, manager, SMALL.replace(b">Ready<", b">Open<"))
        Task.objects.filter(name="Dig").update(milestone=None)
        Task.objects.filter(name="Open").update(milestone=milestone)
        PlanImport.objects.filter(pk=run.pk).update(after_digest=state(project)[0])

        plan_imports.undo_import(run=run, by=manager)

        assert Task.objects.get(milestone=milestone).name == "Dig"

    def test_of_the_first_import_empties_the_plan(self, project, manager):
        before = state(project)
        run = imported(project, manager)

        plan_imports.undo_import(run=run, by=manager)

        assert state(project) == before
        assert rows(project) == []

    def test_is_refused_once_somebody_changed_the_plan(self, project, manager):
        run = imported(project, manager)
        Task.objects.filter(name="Dig").update(name="Excavate")
        before, trail = state(project), actions()

        with pytest.raises(RefusalError, match="The plan was changed since"):
            plan_imports.undo_import(run=run, by=manager)

        assert (state(project), actions()) == (before, trail)

    def test_is_refused_twice_and_before_writing(self, project, manager):
        waiting = plan_imports.start_import(
            project=project, file_name="plan.xml", content=SMALL, by=manager
        )
        with pytest.raises(RefusalError, match="Only a file that was written"):
            plan_imports.undo_import(run=waiting, by=manager)
        run = plan_imports.apply_import(run=waiting, by=manager)
        plan_imports.undo_import(run=run, by=manager)

        with pytest.raises(RefusalError, match="Only a file that was written"):
            plan_imports.undo_import(run=run, by=manager)

    def test_leaves_out_what_is_gone_meanwhile(self, project, manager):
        imported(project, manager)
        line = BudgetLine.objects.create(project=project, category="Works", amount=9000)
        Task.objects.filter(name="Dig").update(budget_line=line)
        run = imported(project, manager, mspdi(task(9, "Paint")))
        line.delete()

        plan_imports.undo_import(run=run, by=manager)

        assert Task.objects.get(name="Dig").budget_line is None


def test_discarding_forgets_the_file(project, manager):
    run = plan_imports.start_import(
        project=project, file_name="plan.xml", content=SMALL, by=manager
    )

    plan_imports.discard_import(run=run, by=manager)

    run.refresh_from_db()
    assert (run.state, bytes(run.content)) == ("discarded", b"")
    assert actions() == ["plan_import.checked", "plan_import.discarded"]


def test_links_and_notes_made_here_stay_when_a_sheet_comes_again(project, manager):
    headers = ["Task Name", "Planned Start", "Planned End", "WBS"]
    first = [
        ["Dig", at(2026, 3, 2), at(2026, 3, 6), "A"],
        ["Pour", at(2026, 3, 9), at(2026, 3, 9), "B"],
    ]
    imported(project, manager, workbook(headers, first))
    dig, pour = Task.objects.order_by("position")
    TaskLink.objects.create(project=project, predecessor=dig, successor=pour, lag=2)
    Task.objects.filter(pk=dig.pk).update(notes="Ask the crane driver")

    imported(project, manager, workbook(headers, [*first, ["Cure", at(2026, 3, 10), at(2026, 3, 12), "C"]]))  # fmt: skip

    assert [name for name, *_ in rows(project)] == ["Dig", "Pour", "Cure"]
    assert links(project) == [("Dig", "Pour", "FS", 2)]
    assert Task.objects.get(pk=dig.pk).notes == "Ask the crane driver"


def test_five_thousand_tasks_come_in_within_seconds(project, manager):
    content = mspdi(
        "".join(
            task(n, level=1 + (n % 50 != 1), more=link(n - 1) if n % 50 > 2 else "")
            for n in range(1, 5001)
        )
    )
    assert len(read_plan_file(content).tasks) == 5000

    begin = time.process_time()
    run = imported(project, manager, content)
    spent = time.process_time() - begin

    assert Task.objects.filter(project=project).count() == 5000
    assert spent < 12
    begin = time.process_time()
    plan_imports.undo_import(run=run, by=manager)
    assert time.process_time() - begin < 6
