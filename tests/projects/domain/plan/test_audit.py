"""Each of the fourteen checks at its edge, with the rows at fault; what cannot be measured says why."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from projects.domain.kinds import Constraint, LinkKind
from projects.domain.plan.audit import Subject, audit
from projects.domain.plan.calendars import EVERY_DAY
from projects.domain.plan.network import schedule
from projects.domain.plan.records import Activity, Dependency, Plan

MONDAY = date(2026, 11, 2)


def link(predecessor, successor, kind=LinkKind.FINISH_START, lag=0):
    return Dependency(predecessor=predecessor, successor=successor, kind=kind, lag=lag)


def chain(count=20, **changes):
    """A healthy plan: one task after the other; `changes` replace tasks by key."""
    keys = [f"t{n:02}" for n in range(count)]
    rows = {key: Activity(key=key, duration=3) for key in keys} | changes
    links = [link(p, s) for p, s in pairwise(keys)]
    return Plan(start=MONDAY, activities=list(rows.values()), links=links, data_date=MONDAY)


def subject_of(plan, **more):
    costed = {a.key for a in plan.activities}
    given = {"as_of": plan.data_date, "costed": costed, **more}
    return Subject(plan=plan, computed=schedule(plan), **given)


def checks(plan, **more):
    return {check.name: check for check in audit(subject_of(plan, **more))}


def task(key, **more):
    return Activity(key=key, **{"duration": 3, **more})


def test_a_healthy_plan_passes_all_fourteen():
    plan = chain()
    timings = schedule(plan).timings
    finishes = {key: timing.finish for key, timing in timings.items()}

    found = checks(plan, baseline=finishes)

    assert len(found) == 14
    assert [name for name, check in found.items() if check.passes is False] == []
    assert {name: check.reason for name, check in found.items() if check.passes is None} == {
        "Missed baseline finishes": "No task was due by now.",
        "Baseline execution index": "No task was due by now.",
    }


def test_a_plan_without_rows_has_no_checks():
    assert audit(Subject(plan=chain(0), computed=schedule(chain(0)), as_of=MONDAY)) == []


def test_missing_links_let_one_beginning_and_one_end_off():
    plan = chain(20)
    loose = replace(plan, activities=[*plan.activities, task("x"), task("y")])

    found = checks(loose)["Missing links"]

    assert (found.offenders, found.passes) == (("x", "y"), False)
    assert found.measured == "2 of 22 open tasks, 9%"


def test_a_row_is_linked_through_the_summary_above_it():
    plan = chain(3)
    rows = [*plan.activities, task("phase"), task("in", parent="phase")]
    linked = replace(plan, activities=rows, links=[*plan.links, link("t02", "phase")])

    assert checks(linked)["Missing links"].offenders == ()


@pytest.mark.parametrize(
    ("name", "changed", "passes"),
    [
        ("Leads", {"lag": -1}, False),
        ("Lags", {"lag": 1}, True),
        ("Links other than finish to start", {"kind": LinkKind.START_START}, True),
    ],
)
def test_one_link_of_twenty_at_fault(name, changed, passes):
    plan = chain(21)
    links = [replace(plan.links[0], **changed), *plan.links[1:]]

    found = checks(replace(plan, links=links))[name]

    assert (found.passes, found.offenders) == (passes, ("t01",))
    assert found.measured == "1 of 20 open links, 5%"


@pytest.mark.parametrize(
    ("name", "changed", "count"),
    [("Lags", {"lag": 1}, 2), ("Links other than finish to start", {"kind": LinkKind.FINISH_FINISH}, 3)],
)  # fmt: skip
def test_links_fail_above_their_share(name, changed, count):
    plan = chain(21)
    links = [replace(one, **changed) for one in plan.links[:count]] + list(plan.links[count:])

    assert checks(replace(plan, links=links))[name].passes is False


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        (
            "Dates that links cannot move",
            {"constraint": Constraint.MUST_START, "constraint_date": date(2027, 6, 1)},
        ),
        ("Longer than 44 working days", {"duration": 45}),
    ],
)
def test_one_task_of_twenty_is_five_percent_and_two_are_more(name, changed):
    one = chain(t03=task("t03", **changed))
    two = chain(t03=task("t03", **changed), t04=task("t04", **changed))

    assert (checks(one)[name].passes, checks(one)[name].offenders) == (True, ("t03",))
    assert (checks(two)[name].passes, checks(two)[name].offenders) == (False, ("t03", "t04"))


def test_a_long_float_and_a_negative_one():
    late = {"constraint": Constraint.FINISH_NOT_AFTER, "constraint_date": MONDAY}
    plan = chain(20, t00=task("t00", **late))
    floating = replace(plan, activities=[*plan.activities, task("x")])

    found = checks(floating)

    assert found["Float above 44 working days"].offenders == ("x",)
    assert found["Float above 44 working days"].passes is True
    assert (found["Negative float"].offenders, found["Negative float"].passes) == (("t00",), False)


def test_forecasts_in_the_past_and_actual_dates_in_the_future_cannot_be():
    plan = chain(4, t00=task("t00", actual_start=MONDAY, actual_finish=MONDAY + timedelta(9)))
    week_later = subject_of(replace(plan, data_date=None), as_of=MONDAY + timedelta(7))

    found = {check.name: check for check in audit(week_later)}["Dates that cannot be"]

    assert (found.offenders, found.passes) == (("t00",), False)
    before = subject_of(replace(chain(2), data_date=None), as_of=MONDAY + timedelta(3))
    assert {c.name: c for c in audit(before)}["Dates that cannot be"].offenders == ("t00",)


def test_costs_are_measured_once_there_are_any():
    plan = chain(3)

    none, some = checks(plan, costed=()), checks(plan, costed={"t00", "t02"})

    assert none["Work without a planned cost"].passes is None
    assert none["Work without a planned cost"].reason == "No task of this plan has a planned cost."
    assert some["Work without a planned cost"].offenders == ("t01",)


def test_what_was_due_and_is_late_or_not_done():
    done = {"actual_start": MONDAY, "actual_finish": date(2026, 11, 6)}
    plan = replace(chain(4, t00=task("t00", **done)), data_date=date(2026, 11, 9))
    baseline = {"t00": date(2026, 11, 4), "t01": date(2026, 11, 6), "t02": date(2026, 12, 1)}

    found = checks(plan, baseline=baseline)

    assert found["Missed baseline finishes"].offenders == ("t00", "t01")
    assert found["Baseline execution index"].measured == "0.50: 1 done, 2 due"
    assert found["Baseline execution index"].offenders == ("t01",)
    assert checks(plan)["Missed baseline finishes"].reason == "No task is in a baseline."


def test_the_path_is_broken_by_a_date_that_holds_the_end():
    held = {"constraint": Constraint.START_NOT_BEFORE, "constraint_date": date(2032, 1, 5)}
    plan = chain(4)
    begun = chain(4, t00=task("t00", actual_start=MONDAY, percent=50))

    assert checks(plan)["Critical path test"].measured == "The finish moves by 600 working days"
    assert checks(begun)["Critical path test"].passes is True
    broken = checks(chain(4, t03=task("t03", **held)))["Critical path test"]
    assert broken.passes is True  # what is held is the path itself
    gap = replace(chain(4, t03=task("t03", calendar="all")), calendars={"all": EVERY_DAY})
    assert checks(gap)["Critical path test"].passes is True


def test_the_length_index_compares_with_the_baseline_finish():
    plan = chain(4)  # 12 working days from 2 to 17 November

    early = checks(plan, baseline={"t03": date(2026, 11, 19)})["Critical path length index"]
    late = checks(plan, baseline={"t03": date(2026, 11, 16)})["Critical path length index"]
    even = checks(plan, baseline={"t03": date(2026, 11, 17)})["Critical path length index"]

    assert (early.measured, early.passes) == ("1.17", True)
    assert (late.measured, late.passes) == ("0.92", False)
    assert (even.measured, even.passes) == ("1.00", True)


def test_a_finished_plan_measures_what_is_past():
    done = {"actual_start": MONDAY, "actual_finish": MONDAY}
    plan = replace(chain(1, t00=task("t00", **done)), data_date=date(2026, 11, 9))

    found = checks(plan, baseline={"t00": MONDAY})

    assert found["Missing links"].reason == "Every task is finished."
    assert found["Leads"].reason == "There are no open links."
    assert found["Critical path test"].passes is None
    assert found["Critical path length index"].reason == "Every task is finished."
    assert found["Baseline execution index"].measured == "1.00: 1 done, 1 due"
    past = replace(chain(1), data_date=None)
    late = Subject(
        plan=past, computed=schedule(past), as_of=date(2026, 12, 1), baseline={"t00": MONDAY}
    )
    reasons = {check.name: check.reason for check in audit(late)}
    assert reasons["Critical path length index"] == "No working day is left until the finish."
