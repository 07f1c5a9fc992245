"""Garbage is not looked for while the work runs, and again after it, however it ends."""

import gc

import pytest

from projects.domain.collecting import uncollected


@pytest.fixture
def collector():
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.usefixtures("collector")
def test_rests_inside_and_works_after():
    with uncollected():
        inside = gc.isenabled()

    assert (inside, gc.isenabled()) == (False, True)


@pytest.mark.usefixtures("collector")
def test_works_again_after_a_failure():
    with pytest.raises(ZeroDivisionError), uncollected():
        1 / 0  # noqa: B018 - the failure

    assert gc.isenabled()


@pytest.mark.usefixtures("collector")
def test_stays_off_where_another_keeps_it_off():
    with uncollected():
        with uncollected():
            pass
        within = gc.isenabled()

    assert (within, gc.isenabled()) == (False, True)
