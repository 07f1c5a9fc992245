"""Of which week an update is, when it came and by whom."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from pmo.accounts.models import User
from projects.models import StatusUpdate
from projects.words.status import update_sub

AT = datetime(2026, 11, 27, 14, 5)  # noqa: DTZ001 - in whatever zone the suite runs


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"author": User(name="Mia")}, "Published Friday 27 Nov 2026, 14:05 by Mia."),
        ({}, "Published Friday 27 Nov 2026, 14:05."),
        ({"published_rating": "Imported from a.csv"}, "Imported Friday 27 Nov 2026, 14:05."),
        (
            {"published_rating": "Imported from a.csv", "author": User(name="Mia")},
            "Imported Friday 27 Nov 2026, 14:05 by Mia.",
        ),
        ({"revision": 2}, "Published Friday 27 Nov 2026, 14:05. Revision 2."),
    ],
)
def test_where_an_update_comes_from(fields, said):
    update = StatusUpdate(
        week=date(2026, 11, 23), published_at=timezone.make_aware(AT), **{"revision": 1, **fields}
    )

    assert update_sub(update) == f"Week 48, 23–27 Nov 2026. {said}"
