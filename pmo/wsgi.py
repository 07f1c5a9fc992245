import gc
import os

from starting.telling import told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
with told():
    import django
    from django.core.wsgi import get_wsgi_application
    from django.urls import reverse

    django.setup()

    from pmo.common.background.standing import refuse_unknown_tables

    refuse_unknown_tables()
    application = get_wsgi_application()
    # Loads the code of every page once, before the server forks, not in each process at its first request.
    reverse("home")
    # What is loaded by now stays: a worker that looked through it for garbage would write into each object,
    # and so come to hold a copy of its own.
    gc.collect()
    gc.freeze()
