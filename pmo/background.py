"""What the worker and the scheduler load: `celery --app pmo.background`, so that a start that fails says why."""

import django

from starting.telling import told

with told():
    django.setup()

    from pmo.celery import app
    from pmo.common.background.first_start import require_redis_lets_us_in
    from pmo.common.background.standing import refuse_unknown_tables

    refuse_unknown_tables()
    require_redis_lets_us_in()

__all__ = ["app"]
