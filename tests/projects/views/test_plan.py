"""The page of a plan: rows, bars and baselines; adding, editing and moving rows in place."""

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.records import guards
from projects.models import Baseline, BaselineItem, Task, TaskLink
from projects.services import plan
from tests.factories import MemberFactory, MilestoneFactory, ProjectFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
MONDAY = date(2027, 1, 4)
HTMX = {"HTTP_HX_REQUEST": "true"}


def text(response):
    return " ".join(response.content.decode().split())


def url(name, record):
    return reverse(f"projects:{name}", args=[record.pk])


@pytest.fixture
def project(manager):
    project = ProjectFactory(start_date=MONDAY, forecast_finish_date=date(2027, 1, 8))
    MemberFactory(project=project, user=manager, role=Role.MANAGER)
    return project


@pytest.fixture
def rows(project, manager):
    design = plan.create_task(project=project, name="Design", by=manager)
    draw = plan.create_task(project=project, name="Draw", duration=3, parent=design, by=manager)
    build = plan.create_task(project=project, name="Build", duration=5, waits_for="2", by=manager)
    done = plan.create_task(project=project, name="Built", duration=0, waits_for="3", by=manager)
    return {task.name: Task.objects.get(pk=task.pk) for task in (design, draw, build, done)}


def shown(response):
    return [(row.task.position, row.task.name, row.waits_for) for row in response.context["rows"]]


class TestPage:
    def test_lists_the_rows_with_what_they_wait_for(self, signed_in, manager, project, rows):
        response = signed_in(manager).get(url("project_plan", project))

        assert shown(response) == [
            (1, "Design", ""), (2, "Draw", ""), (3, "Build", "2"), (4, "Built", "3"),
        ]  # fmt: skip
        assert response.context["lede"] == (
            "The plan finishes on 13 Jan 2027. 3 of 3 tasks drive that date; next is “Draw”,"
            " due 6 Jan 2027."
        )
        page = text(response)
        assert page.count('class="g-bar g-critical"') == 2
        assert page.count('class="g-point g-critical"') == 1
        assert "Manager says</dt> <dd>8 Jan 2027" in page
        assert "The plan calculates</dt> <dd>13 Jan 2027, 5 days later" in page
        assert response.context["can_change"] is True

    def test_arrows_are_the_links_between_the_rows_that_are_shown(
        self, signed_in, manager, project, rows
    ):
        plan.create_task(project=project, name="Paint", duration=1, waits_for="2SS", by=manager)
        client, address = signed_in(manager), url("project_plan", project)
        draw, build, built = (rows[name].pk for name in ("Draw", "Build", "Built"))
        paint = Task.objects.get(name="Paint").pk

        assert client.get(address).context["arrows"] == [
            (draw, build, "FS", True),
            (build, built, "FS", True),
            (draw, paint, "SS", False),
        ]
        below = client.get(f"{address}?below={rows['Design'].pk}")
        assert (len(below.context["rows"]), below.context["arrows"]) == (2, [])

    def test_shows_the_latest_baseline_beside_the_forecast(self, signed_in, manager, project, rows):
        for number, finish in ((1, date(2027, 1, 1)), (2, date(2027, 1, 11))):
            baseline = Baseline.objects.create(
                project=project, number=number, name="B", approved_on=MONDAY,
                approved_at=timezone.now(),
            )  # fmt: skip
            BaselineItem.objects.create(
                project=project, baseline=baseline, task_number=rows["Build"].pk, name="Build",
                kind="work", start=MONDAY, finish=finish,
            )  # fmt: skip

        response = signed_in(manager).get(url("project_plan", project))

        assert [row.slip_days for row in response.context["rows"]] == [None, None, 2, None]
        assert response.context["figures"].slip_days == 2
        assert "13 Jan 2027, 2 days late against its baseline. 3 of 3" in response.context["lede"]
        assert text(response).count('class="g-planned"') == 1

    def test_is_empty_in_words(self, signed_in, manager, project):
        response = signed_in(manager).get(url("project_plan", project))

        assert response.context["lede"].startswith("There is no plan yet.")
        assert "No tasks yet" in text(response)
        assert response.context["declared"] is None

    def test_a_finished_plan_and_late_rows_say_so(self, signed_in, manager, project, rows):
        day = date(2026, 1, 5)
        plan.change_task(
            task=rows["Draw"], version=None, by=manager, actual_start=day, actual_finish=day
        )
        Task.objects.filter(name="Build").update(finish=timezone.localdate() - timedelta(days=1))

        response = signed_in(manager).get(url("project_plan", project))

        assert [row.is_late for row in response.context["rows"]] == [False, False, True, False]
        assert text(response).count('class="is-red"') == 1
        Task.objects.update(on_longest_path=False)
        assert "All of it is done." in text(signed_in(manager).get(url("project_plan", project)))

    def test_a_reader_sees_the_plan_and_changes_nothing(self, signed_in, project, rows):
        reader = signed_in(person(Role.EXECUTIVE))

        response = reader.get(url("project_plan", project))

        assert len(shown(response)) == 4
        assert (response.context["can_change"], response.context["add_form"]) == (False, None)
        for name, record in (
            ("task_add", project), ("plan_reschedule", project), ("plan_take_over", project),
            ("task_edit", rows["Draw"]), ("task_row", rows["Draw"]), ("task_move", rows["Draw"]),
            ("task_remove", rows["Draw"]),
        ):  # fmt: skip
            assert reader.post(url(name, record)).status_code == 403

    def test_shows_levels_and_parts_of_a_deep_plan(self, signed_in, manager, project, rows):
        client, address = signed_in(manager), url("project_plan", project)

        top = client.get(address, {"level": 1})
        part = client.get(address, {"below": rows["Design"].pk})

        assert [name for _, name, _ in shown(top)] == ["Design", "Build", "Built"]
        assert [(one.label, one.count, one.checked) for one in top.context["levels"]] == [
            ("Level 1", 3, True),
            ("All rows", 4, False),
        ]
        assert [name for _, name, _ in shown(part)] == ["Design", "Draw"]
        assert part.context["levels"] == []

    def test_a_plan_of_many_rows_opens_at_the_level_that_can_be_read(
        self, signed_in, manager, project
    ):
        top = plan.create_task(project=project, name="All", by=manager)
        Task.objects.bulk_create(
            Task(project=project, parent=top, name=f"T{n}", position=n + 2) for n in range(301)
        )
        plan.reschedule(project=project, by=manager)

        response = signed_in(manager).get(url("project_plan", project))
        everything = signed_in(manager).get(url("project_plan", project), {"level": 2, "page": 4})

        assert shown(response) == [(1, "All", "")]
        assert [row.task.position for row in everything.context["rows"]] == [301, 302]

    def test_five_thousand_rows_open_quickly(
        self, signed_in, manager, project, django_assert_max_num_queries
    ):
        rows = Task.objects.bulk_create(
            Task(
                project=project, name=f"T{n}", position=n + 1, outline=str(n + 1),
                start=MONDAY, finish=MONDAY, on_longest_path=True,
            )
            for n in range(5_000)
        )  # fmt: skip
        TaskLink.objects.bulk_create(
            TaskLink(project=project, predecessor=p, successor=s) for p, s in pairwise(rows)
        )
        client, times = signed_in(manager), []

        for _ in range(3):
            began = time.process_time()
            with django_assert_max_num_queries(15):
                response = client.get(url("project_plan", project))
            times.append(time.process_time() - began)

        assert len(shown(response)) == 100
        assert min(times) < 0.3

    @pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "²", ""])
    def test_odd_addresses_are_answered_quietly(self, signed_in, manager, project, rows, odd):
        asked = dict.fromkeys(("level", "below", "page", "after", "focus"), odd)

        response = signed_in(manager).get(url("project_plan", project), asked)

        assert (response.status_code, len(shown(response))) == (200, 4)

    def test_htmx_gets_the_table_only(self, signed_in, manager, project, rows):
        response = signed_in(manager).get(url("project_plan", project), **HTMX)

        assert text(response).startswith('<section id="plan"')

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, manager, project, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, address = signed_in(manager), url("project_plan", project)
        plan.create_task(project=project, name="a", by=manager)
        client.get(address)
        with django_assert_max_num_queries(15) as first:
            client.get(address)
        plan.create_task(project=project, name="b", waits_for="1", by=manager)
        plan.create_task(project=project, name="c", waits_for="1, 2", by=manager)

        with django_assert_num_queries(len(first)):
            client.get(address)


class TestAdding:
    def send(self, client, project, htmx=HTMX, **fields):
        body = {"name": "Paint", "duration": 2, "waits_for": "", **fields}
        return client.post(url("task_add", project), body, **htmx)

    def test_adds_below_the_chosen_row_and_comes_back(self, signed_in, manager, project, rows):
        client = signed_in(manager)

        response = self.send(client, project, after=rows["Draw"].pk, waits_for="2SS+1d")

        task = Task.objects.get(name="Paint")
        assert (task.position, task.outline, task.start) == (3, "1.2", date(2027, 1, 5))
        assert response.status_code == 302
        assert response["Location"] == f"{url('project_plan', project)}?added=1&page=1"
        page = client.get(response["Location"], **HTMX)
        assert 'name="name"' in text(page) and "data-focus" in text(page)
        assert "Added: 3 Paint." in text(page)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"name": ""}, "Fill this in."),
            ({"duration": "many"}, "Enter a whole number."),
            ({"waits_for": "99"}, "There is no row 99 in the plan."),
            ({"duration": "many", "waits_for": "zz"}, "“zz” cannot be read. Write row numbers"),
            ({"name": "Patient MRN 12345678"}, "This looks like"),
        ],
    )
    def test_what_cannot_be_comes_back_as_typed(self, signed_in, manager, project, fields, message):
        client = signed_in(manager)

        response = self.send(client, project, **fields)
        whole = self.send(client, project, htmx={}, **fields)

        assert (response.status_code, response["HX-Retarget"]) == (422, "#plan-add")
        assert text(response).startswith('<form id="plan-add"')
        for found in (response, whole):
            assert message in text(found)
        assert (whole.status_code, Task.objects.count()) == (422, 0)
        assert "<h1>" in text(whole)


class TestEditing:
    def body(self, task, **fields):
        now = {"name": task.name, "duration": task.duration, "percent_complete": 0}
        return {**now, "version": task.version, "waits_for": "", **fields}

    def test_the_row_opens_and_saves_in_place(self, signed_in, manager, project, rows):
        client, task = signed_in(manager), rows["Build"]
        address = url("task_row", task) + "?level=2"

        opened = client.get(address, **HTMX)
        saved = client.post(address, self.body(task, duration=10, waits_for="2FS+1d"), **HTMX)

        assert text(opened).startswith(f'<tr id="row-{task.pk}"')
        assert 'value="2"' in text(opened)
        assert saved["Location"] == f"{url('project_plan', project)}?level=2&focus={task.pk}"
        task.refresh_from_db()
        assert (task.start, task.finish) == (date(2027, 1, 8), date(2027, 1, 21))
        table = client.get(saved["Location"], **HTMX)
        assert f'hx-target="#row-{task.pk}" hx-swap="outerHTML" data-focus' in text(table)
        assert "The plan finishes on 21 Jan 2027" in text(table)

    def test_a_browser_without_htmx_gets_the_edit_page(self, signed_in, manager, rows):
        response = signed_in(manager).get(url("task_row", rows["Draw"]))

        assert response["Location"] == url("task_edit", rows["Draw"])

    def test_a_ring_is_named_and_nothing_typed_is_lost(self, signed_in, manager, rows):
        client, task = signed_in(manager), rows["Draw"]

        response = client.post(
            url("task_row", task), self.body(task, name="Draw well", waits_for="3"), **HTMX
        )

        assert (response.status_code, response["HX-Retarget"]) == (422, f"#row-{task.pk}")
        assert "in a loop: 2 Draw well → 3 Build → 2 Draw well." in text(response)
        assert 'value="Draw well"' in text(response)

    def test_two_editors_see_both_values(self, signed_in, manager, rows):
        client, task = signed_in(manager), rows["Build"]
        plan.change_task(task=task, version=1, duration=7, waits_for="", by=manager)

        response = client.post(
            url("task_row", task), self.body(task, duration=9, waits_for="2"), **HTMX
        )

        assert (response.status_code, response["HX-Retarget"]) == (409, f"#row-{task.pk}")
        assert "Working days: theirs 7, yours 9" in text(response)
        assert "Predecessors: theirs –, yours 2" in text(response)
        again = client.post(
            url("task_row", task), self.body(task, duration=9, waits_for="2", version=2), **HTMX
        )
        assert again.status_code == 302

    def test_a_milestone_needs_only_the_day_it_was_reached(self, signed_in, manager, rows):
        task = rows["Built"]

        response = signed_in(manager).post(
            url("task_row", task),
            self.body(task, duration=0, waits_for="3", actual_finish="2026-01-07"), **HTMX,
        )  # fmt: skip

        task.refresh_from_db()
        assert "error" not in text(response)
        assert (response.status_code, task.actual_start) == (302, date(2026, 1, 7))

    def test_a_summary_row_offers_its_name_and_links(self, signed_in, manager, rows):
        response = signed_in(manager).get(url("task_row", rows["Design"]), **HTMX)

        assert {field.name for field in response.context_data["form"].visible_fields()} == {
            "name",
            "waits_for",
        }

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"planned_cost": "much"}, "Enter an amount, for example 20,600,000 or 20.6M."),
            ({"actual_start": "2027-02-30"}, "Enter a day that exists, for example 2026-12-04."),
        ],
    )
    def test_the_edit_page_says_what_would_be_right_and_keeps_what_was_typed(
        self, signed_in, manager, rows, *, fields, message
    ):
        task = rows["Build"]
        body = self.body(task, kind="work", constraint="none", earning="percent") | fields

        response = signed_in(manager).post(url("task_edit", task), body)

        assert message in text(response)
        assert f'value="{next(iter(fields.values()))}"' in text(response)

    def test_the_edit_page_has_the_other_fields(self, signed_in, manager, project, rows):
        client, task = signed_in(manager), rows["Build"]
        milestone = MilestoneFactory(project=project)
        body = self.body(
            task, kind="work", constraint="must_start", constraint_date="2027-02-01",
            earning="percent", milestone=milestone.pk, waits_for="2",
        )  # fmt: skip

        page = client.get(url("task_edit", task))
        response = client.post(url("task_edit", task), body)

        assert (page.context["title"], page.context["sub"]) == ("Edit row 3", "Build")
        assert response["Location"] == url("project_plan", project)
        task.refresh_from_db()
        assert (task.start, task.milestone) == (date(2027, 2, 1), milestone)
        summary = client.get(url("task_edit", rows["Design"]))
        assert set(summary.context["form"].fields) == {"name", "notes", "waits_for", "version"}


class TestMoving:
    def test_moves_and_comes_back_to_the_row(self, signed_in, manager, project, rows):
        client, task = signed_in(manager), rows["Build"]

        response = client.post(url("task_move", task), {"direction": "in"}, **HTMX)

        assert response["Location"] == f"{url('project_plan', project)}?focus={task.pk}"
        task.refresh_from_db()
        assert task.outline == "1.2"

    @pytest.mark.parametrize("htmx", [HTMX, {}])
    @pytest.mark.parametrize(
        ("direction", "message"),
        [("out", "on the highest level already"), ("sideways", "Choose up, down, in or out.")],
    )
    def test_says_why_a_row_stays(self, signed_in, manager, rows, htmx, direction, message):  # noqa: PLR0917 - fixtures
        task = rows["Build"]

        response = signed_in(manager).post(url("task_move", task), {"direction": direction}, **htmx)

        assert (response.status_code, response["HX-Retarget"]) == (409, f"#row-{task.pk}")
        assert message in text(response)


def test_removing_asks_first(signed_in, manager, project, rows):
    client = signed_in(manager)

    asked = client.get(url("task_remove", rows["Design"]))
    alone = client.get(url("task_remove", rows["Build"]))
    done = client.post(url("task_remove", rows["Design"]))

    assert "Remove “Design” with all rows below it?" in text(asked)
    assert "Remove “Build”?" in text(alone)
    assert done["Location"] == url("project_plan", project)
    assert Task.objects.count() == 2


def test_computing_as_of_today_answers_either_way(signed_in, manager, project, rows):
    client = signed_in(manager)

    done = client.post(url("plan_reschedule", project), follow=True)
    assert "The plan is recalculated from today." in text(done)

    guards.take_down()  # as release 0.1 took it
    Task.objects.filter(name="Build").update(duration=2_000_000)
    refused = client.post(url("plan_reschedule", project), follow=True)
    assert "far too large" in text(refused)


def test_the_plans_dates_are_taken_over(signed_in, manager, project, rows):
    client = signed_in(manager)

    asked = client.get(url("plan_take_over", project))
    done = client.post(url("plan_take_over", project))

    assert "becomes 13 Jan 2027 instead of 8 Jan 2027" in text(asked)
    assert done["Location"] == url("project_plan", project)
    project.refresh_from_db()
    assert project.forecast_finish_date == date(2027, 1, 13)


def test_a_plan_without_rows_gives_no_dates(signed_in, manager, project):
    response = signed_in(manager).post(url("plan_take_over", project))

    assert response.status_code == 409
    assert text(response).count("gives no dates") == 2


class TestQuality:
    def test_names_the_rows_at_fault(self, signed_in, manager, project, rows):
        plan.change_task(task=rows["Build"], version=None, duration=60, by=manager)

        response = signed_in(manager).get(url("plan_audit", project))

        findings = {found.check.name: found for found in response.context["findings"]}
        assert len(findings) == 14
        assert [task.name for task in findings["Longer than 44 working days"].tasks] == ["Build"]
        assert f'<a href="{url("task_edit", rows["Build"])}">3 Build</a>' in text(response)
        assert response.context["lede"] == (
            "9 of 10 checks that can be measured pass. Fails: Longer than 44 working days."
        )

    def test_a_reader_gets_no_links_to_change(self, signed_in, project, rows):
        page = text(signed_in(person(Role.EXECUTIVE)).get(url("plan_audit", project)))

        assert url("task_edit", rows["Build"]) not in page

    def test_says_when_there_is_nothing_to_check(self, signed_in, manager, project):
        page = text(signed_in(manager).get(url("plan_audit", project)))

        assert "There is no plan to check yet." in page

    def test_asks_as_often_for_three_as_for_one(
        self, signed_in, manager, project, django_assert_num_queries
    ):
        client, address = signed_in(manager), url("plan_audit", project)
        plan.create_task(project=project, name="a", by=manager)
        client.get(address)
        with django_assert_num_queries(9):
            client.get(address)
        plan.create_task(project=project, name="b", waits_for="1", by=manager)
        plan.create_task(project=project, name="c", waits_for="2", by=manager)
        with django_assert_num_queries(9):
            client.get(address)
