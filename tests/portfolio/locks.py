"""Follow which rows the services of a moment hold, in which order, by their statements on PostgreSQL."""

import re
from contextlib import contextmanager

from django.db import connection

HOLDS = re.compile(r'FROM "(\w+)".*FOR (?:NO KEY )?UPDATE', re.DOTALL)
ADDS = re.compile(r'INSERT INTO "(\w+)"')
TRAIL = "common_audithead"
# what comes first is held first; what is not named comes after these, and the end of the trail after all
ORDER = (
    "intake_projectrequest",
    "intake_capitalcycle",
    "projects_project",
    "governance_decision",
    "governance_meeting",
    "governance_agendaitem",
)


class LockOrder:
    """What one write after another held; `faults` are what was held too late."""

    def __init__(self):
        self.faults, self.holding, self._depth = [], set(), 0
        self._begin()

    def _begin(self):
        self._held, self._added, self._furthest, self._is_over = set(), set(), 0, False

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT"):
            self._depth += 1
            if self._depth == 1:
                self._begin()
        elif sql.startswith(("RELEASE", "ROLLBACK TO")):
            self._depth -= 1
        elif held := HOLDS.search(sql):
            self._hold(held[1], str(params))
        elif added := ADDS.match(sql):
            self._added.add(added[1])
        return execute(sql, params, many, context)

    def _hold(self, table, key):
        self.holding.add(table)
        if (table, key) in self._held or table in self._added:
            return
        self._held.add((table, key))
        place = ORDER.index(table) if table in ORDER else len(ORDER)
        if table == TRAIL:
            self._is_over = True
        elif self._is_over:
            self.faults.append(f"{table} after the end of the trail")
        elif place < self._furthest:
            self.faults.append(f"{table} after what comes later")
        else:
            self._furthest = place


@contextmanager
def followed_locks():
    """Follow what is held inside; each write is a savepoint of the transaction around."""
    order = LockOrder()
    with connection.execute_wrapper(order):
        yield order
