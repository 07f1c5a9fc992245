"""How many change requests wait, for what and how long, in sentences."""

import pytest

from projects.selectors.changes import ChangeCounts
from projects.words.changes import log_lede

NONE = dict.fromkeys(("open", "raised", "assessed", "approved", "closed", "overdue"), 0)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"closed": 3}, "No change request is waiting."),
        ({"open": 1, "raised": 1, "oldest": 0}, "1 change request waiting: 1 to be assessed."),
        (
            {"open": 2, "assessed": 2, "oldest": 1, "overdue": 1},
            (
                "2 change requests waiting: 2 for a decision. The oldest is 1 day old."
                " 1 emergency change was not approved within 5 working days."
            ),
        ),
        (
            {"open": 6, "raised": 1, "assessed": 2, "approved": 3, "oldest": 9, "overdue": 2},
            (
                "6 change requests waiting: 1 to be assessed, 2 for a decision, 3 to be implemented."
                " The oldest is 9 days old."
                " 2 emergency changes were not approved within 5 working days."
            ),
        ),
    ],
)
def test_the_log_begins_with_what_waits(counts, said):
    assert log_lede(ChangeCounts(**{**NONE, "oldest": None, **counts})) == said
