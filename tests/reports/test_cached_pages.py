import pytest

from reports.cached_pages import kept


@pytest.fixture
def made():
    """What was computed so far."""
    return []


def test_what_was_made_is_made_once_for_the_same_projects(made):
    for seen in ({1, 2}, {2, 1}):
        assert kept("report:1", seen=seen, make=lambda: made.append("again") or "page") == "page"

    assert made == ["again"]


@pytest.mark.parametrize(("name", "seen"), [("report:1", {1}), ("report:2", {1, 2})])
def test_other_projects_or_another_record_are_made_anew(name, seen):
    kept("report:1", seen={1, 2}, make=lambda: "first")

    assert kept(name, seen=seen, make=lambda: "second") == "second"
