"""Time the long jobs at full size and their memory; everything written is rolled back."""

import json
import resource
import time
from statistics import median

import django
from django.db import transaction
from django.utils import timezone

CHUNK = 500  # as the live rows are rebuilt
TIMES = 5


def main() -> None:
    django.setup()
    from bench.records import EVERYTHING  # noqa: PLC0415 - needs a configured Django
    from portfolio.models import Portfolio  # noqa: PLC0415 - the same
    from projects.models import Project  # noqa: PLC0415 - the same
    from projects.selectors.earned_value import earned_of  # noqa: PLC0415 - the same
    from reports.models import Freeze, scope_of  # noqa: PLC0415 - the same
    from reports.services.snapshots import freeze_week, refresh_all  # noqa: PLC0415 - the same
    from reports.services.summaries import compile_summary  # noqa: PLC0415 - the same

    found: dict[str, float] = {}
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        for start in range(0, len(ids), CHUNK):
            earned_of(ids[start : start + CHUNK], as_of=timezone.localdate())
        taken.append(time.perf_counter() - began)
    found["earned_seconds"] = median(taken)
    before = Freeze.objects.order_by("-date").values_list("date", flat=True)[1]
    with transaction.atomic():
        began = time.perf_counter()
        compile_summary(scope=scope_of(Portfolio.objects.get(code=EVERYTHING)), day=before, by=None)
        found["summary_seconds"] = time.perf_counter() - began
        transaction.set_rollback(True)
    with transaction.atomic():
        began = time.perf_counter()
        found["refresh_rows"] = refresh_all()
        found["refresh_seconds"] = time.perf_counter() - began
        # as on a Sunday night: the live rows are of the day that is frozen
        began = time.perf_counter()
        found["freeze_rows"] = freeze_week(timezone.localdate()).rows
        found["freeze_seconds"] = time.perf_counter() - began
        transaction.set_rollback(True)
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    main()
