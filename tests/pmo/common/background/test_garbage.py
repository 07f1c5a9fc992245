"""Garbage is looked for seldom during long works, and as before after the last of them."""

import gc

import pytest

from pmo.common.background import garbage


def test_garbage_is_looked_for_as_before_after_the_last_work_however_it_ends():
    before = gc.get_threshold()
    seldom = (garbage.OBJECTS, before[1], garbage.OLD)

    with garbage.looked_for_seldom():
        with pytest.raises(ValueError, match="broken"), garbage.looked_for_seldom():
            raise ValueError("broken")
        assert gc.get_threshold() == seldom
        assert gc.get_freeze_count()

    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()
