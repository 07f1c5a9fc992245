import pickle

from projects.domain.colors import Color
from projects.domain.kinds import Lane, LinkKind, MilestoneKind
from projects.domain.stages import Stage


def test_a_key_has_its_own_label_or_is_read_as_words():
    assert Color.choices() == [
        ("red", "Red"),
        ("amber", "Amber"),
        ("none", "No report"),
        ("green", "Green"),
    ]
    assert MilestoneKind.GO_LIVE.label == "Go-live"
    assert LinkKind.FINISH_START.label == "Finish to start"
    assert Stage.ON_HOLD.label == "On hold"
    assert dict(Lane.choices())["mandatory"] == "Mandatory"


def test_a_member_is_its_key_wherever_it_is_written_found_or_kept():
    assert Color("none") is Color.NONE
    assert (f"{Color.NONE}", Color.NONE.value, Color.NONE == "none") == ("none", "none", True)
    assert pickle.loads(pickle.dumps(Color.NONE)) is Color.NONE  # noqa: S301 - made a line above
