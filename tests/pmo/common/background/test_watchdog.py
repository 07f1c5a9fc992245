"""A background in which nothing moves is started again; one that works is left alone."""

import pytest

from pmo.common.background.watchdog import Signs, Watchdog


class Scene:
    """A clock, pages and services that do what a test says."""

    def __init__(self):
        self.now, self.asked, self.restarts, self.said = 0.0, 0, [], []
        self.signs = Signs(5, is_working=False)
        self.dog = Watchdog(
            ask=self.ask,
            restart=lambda: self.restarts.append(self.now),
            say=self.said.append,
            clock=lambda: self.now,
        )

    def ask(self):
        self.asked += 1
        return self.signs() if callable(self.signs) else self.signs

    def live(self, seconds):
        for _ in range(seconds * 10):
            self.now = round(self.now + 0.1, 1)
            self.dog.look()


@pytest.fixture
def scene():
    return Scene()


def test_it_looks_every_half_minute(scene):
    scene.live(300)

    assert (scene.asked, scene.restarts, scene.said) == (10, [], [])


def test_a_background_without_a_tick_for_three_minutes_is_started_again_and_it_is_said(scene):
    scene.signs = lambda: Signs(scene.now, is_working=False)

    scene.live(211)

    assert scene.restarts == [210.0]
    (said,) = scene.said
    assert said == (
        "Nothing has moved in the background for 210 s, though its processes are alive:"
        " workers and scheduler are started again."
    )


@pytest.mark.parametrize("age", [None, 60 * 60 * 8], ids=["first start", "after a night"])
def test_a_start_is_given_as_long_as_a_tick(scene, age):
    scene.signs = Signs(age, is_working=False)

    scene.live(180)
    before = list(scene.restarts)
    scene.live(31)

    assert (before, scene.restarts) == ([], [210.0])


def test_what_was_started_again_is_given_the_same_time(scene):
    scene.signs = Signs(None, is_working=False)

    scene.live(500)

    assert scene.restarts == [210.0, 420.0]


def test_nothing_is_ended_while_a_worker_holds_a_job(scene):
    scene.signs = Signs(500, is_working=True)

    scene.live(600)

    assert scene.restarts == []


def test_nothing_is_ended_while_the_pages_do_not_answer(scene):
    scene.signs = None

    scene.live(600)

    assert scene.restarts == []
