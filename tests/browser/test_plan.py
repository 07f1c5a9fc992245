"""The plan in a real browser: from nothing to a network by keyboard, and edited in place."""

from datetime import date

import pytest
from django.urls import reverse

from projects.models import Task
from projects.services import plan
from projects.services.calendars import create_calendar
from tests.browser.checks import faults, faults_by_mode, wait_until, words

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("november")]
MONDAY = date(2027, 1, 4)


@pytest.fixture
def address(project):
    project.start_date = MONDAY
    project.save()
    return reverse("projects:project_plan", args=[project.pk])


@pytest.fixture
def rows(project, address, manager):
    design = plan.create_task(project=project, name="Design", by=manager)
    draw = plan.create_task(project=project, name="Draw", duration=3, parent=design, by=manager)
    build = plan.create_task(project=project, name="Build", duration=5, waits_for="2", by=manager)
    built = plan.create_task(project=project, name="Built", duration=0, waits_for="3", by=manager)
    return {task.name: task for task in (design, draw, build, built)}


def focused(page, expected):
    wait_until(page, f"document.activeElement.id === '{expected}'")


def test_a_plan_is_typed_from_nothing_without_a_mouse(visit, manager, address):
    page = visit(address, user=manager)
    page.focus("#add-name")

    for number, (name, days, waits) in enumerate(
        [("Draw", "3", ""), ("Build", "5", "1"), ("Open", "0", "2FS+1d")], start=1
    ):
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(days)
        page.keyboard.press("Tab")
        page.keyboard.type(waits)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#plan tbody tr:nth-child({number})")
        focused(page, "add-name")

    assert [(t.name, t.start, t.finish) for t in Task.objects.in_order()] == [
        ("Draw", date(2027, 1, 4), date(2027, 1, 6)),
        ("Build", date(2027, 1, 7), date(2027, 1, 13)),
        ("Open", date(2027, 1, 14), date(2027, 1, 14)),
    ]
    assert "The plan finishes on 14 Jan 2027." in page.inner_text("#plan-lede")
    assert faults(page) == {}


def test_a_row_is_edited_in_place_and_the_rest_follows(visit, manager, address, rows):
    page = visit(address, user=manager)
    build = rows["Build"].pk

    page.focus(f"#edit-{build}")
    page.keyboard.press("Enter")
    focused(page, f"task-{build}-name")
    page.fill(f"#task-{build}-duration", "10")
    page.keyboard.press("Enter")
    focused(page, f"edit-{build}")

    assert "The plan finishes on 20 Jan 2027" in page.inner_text("#plan-lede")
    assert "20 Jan 2027" in page.inner_text(f"#row-{rows['Built'].pk}")
    assert "Saved: Build." in page.inner_text("#toasts")
    assert faults(page) == {}


def test_a_ring_is_named_where_it_was_typed(visit, manager, address, rows):
    page = visit(address, user=manager)
    draw = rows["Draw"].pk

    page.click(f"#edit-{draw}")
    focused(page, f"task-{draw}-name")
    page.fill(f"#task-{draw}-waits_for", "4")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=in a loop: 2 Draw → 3 Build → 4 Built → 2 Draw")
    focused(page, f"task-{draw}-name")

    assert page.input_value(f"#task-{draw}-waits_for") == "4"
    page.fill(f"#task-{draw}-waits_for", "")
    page.keyboard.press("Enter")
    focused(page, f"edit-{draw}")


def test_a_row_moves_in_and_what_was_saved_meanwhile_is_shown(visit, manager, address, rows):
    page = visit(address, user=manager)
    build = rows["Build"].pk

    page.click(f"#edit-{build}")
    focused(page, f"task-{build}-name")
    page.click(f"#row-{build} >> text='Indent'")
    focused(page, f"edit-{build}")
    assert Task.objects.get(pk=build).outline == "1.2"

    page.click(f"#edit-{build}")
    focused(page, f"task-{build}-name")
    page.fill(f"#task-{build}-duration", "7")
    Task.objects.filter(pk=build).update(duration=9, version=5)
    page.click("text=Save row")
    page.wait_for_selector("text=Working days: theirs 9, yours 7")
    focused(page, f"task-{build}-name")
    page.click("text=Save row")
    focused(page, f"edit-{build}")
    assert Task.objects.get(pk=build).duration == 7


def arrows(kind=""):
    return f"document.querySelectorAll('.arrows path{kind}').length"


def test_arrows_show_what_drives_the_finish_and_what_the_row_one_is_in_waits_for(
    visit, manager, project, address, rows
):
    plan.create_task(project=project, name="Paint", duration=1, waits_for="2", by=manager)
    page = visit(address, user=manager)
    wait_until(page, f"{arrows()} === 2")

    page.focus(f"#edit-{rows['Draw'].pk}")
    wait_until(page, f"{arrows()} === 3")
    assert page.evaluate(arrows(".is-here")) == 2

    page.keyboard.press("Enter")
    focused(page, f"task-{rows['Draw'].pk}-name")
    wait_until(page, f"{arrows()} === 1")  # the row that is edited has no bar to leave from
    page.keyboard.press("Enter")
    focused(page, f"edit-{rows['Draw'].pk}")
    wait_until(page, f"{arrows()} === 3")
    assert faults(page) == {}

    page.set_viewport_size({"width": 390, "height": 844})
    wait_until(page, "getComputedStyle(document.querySelector('.arrows')).display === 'none'")


def test_an_arrow_ends_at_the_bar_that_waits(visit, manager, address, rows):
    page = visit(address, user=manager)
    wait_until(page, f"{arrows()} === 2")

    arrow, bar = page.evaluate(
        f"""[document.querySelector('.arrows path'), document.querySelector('#row-{rows["Build"].pk} .g-bar')]
        .map(one => {{ const {{ left, right, top, bottom }} = one.getBoundingClientRect();
        return {{ left, right, top, bottom }} }})"""
    )

    assert arrow["bottom"] == pytest.approx(bar["top"], abs=2)
    assert bar["left"] - 2 <= arrow["right"] <= bar["right"] + 2


@pytest.mark.usefixtures("rows")
def test_the_plan_has_no_faults_in_any_light_or_width(visit, manager, address):
    page = visit(address, user=manager)

    assert faults_by_mode(page) == {}


def test_everything_is_reached_without_scripts(visit, manager, address, rows):
    page = visit(address, user=manager, java_script_enabled=False)

    page.fill("#add-name", "Clean")
    page.click("text=Add task")
    page.click(f"#edit-{rows['Draw'].pk}")
    page.fill("#id_duration", "4")
    page.click("text=Save task")

    assert page.url.endswith(address)
    assert "The plan finishes on 14 Jan 2027." in words(page)
    assert Task.objects.in_order().last().name == "Clean"


@pytest.mark.parametrize("name", ["plan_audit", "plan_take_over", "task_edit", "calendar_edit"])
def test_the_pages_around_the_plan_have_no_faults(visit, lead, project, rows, name):
    calendar = create_calendar(by=lead, name="Clinic", is_default=True)
    records = {"task_edit": rows["Build"], "calendar_edit": calendar}
    page = visit(reverse(f"projects:{name}", args=[records.get(name, project).pk]), user=lead)

    assert faults_by_mode(page) == {}
