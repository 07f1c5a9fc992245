from datetime import date

import pytest

from pmo.common.page import waiting
from pmo.common.page.waiting import WaitingItem, finds_waiting, waiting_for

TODAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(waiting, "_finders", {})


def item(text, due=None):
    return WaitingItem(text=text, url="/", due=due)


def test_what_is_due_first_stands_first_and_what_has_no_day_last():
    finds_waiting("later", order=1)(lambda _person, _today: [item("No day"), item("Monday", TODAY)])
    finds_waiting("sooner", order=2)(lambda _person, _today: [item("Old", date(2026, 11, 2))])

    found = waiting_for(None, today=TODAY)

    assert [one.text for one in found] == ["Old", "Monday", "No day"]


def test_on_one_day_the_order_of_the_finders_holds():
    finds_waiting("second", order=2)(lambda _person, _today: [item("Second", TODAY)])
    finds_waiting("first", order=1)(lambda _person, _today: [item("First", TODAY)])

    assert [one.text for one in waiting_for(None, today=TODAY)] == ["First", "Second"]


def test_an_app_registers_itself_once():
    finds_waiting("one", order=1)(lambda _person, _today: [item("Before")])
    finds_waiting("one", order=1)(lambda _person, _today: [item("After")])

    assert [one.text for one in waiting_for(None, today=TODAY)] == ["After"]


def test_a_finder_is_asked_for_the_person_and_the_day():
    finds_waiting("who", order=1)(lambda person, today: [item(f"{person} {today}")])

    assert waiting_for("Ada", today=TODAY)[0].text == "Ada 2026-11-30"
