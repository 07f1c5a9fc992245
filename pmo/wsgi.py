import os

from starting.telling import told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
with told():
    from django.core.wsgi import get_wsgi_application
    from django.urls import reverse

    application = get_wsgi_application()

    from pmo.common.standing import refuse_unknown_tables

    refuse_unknown_tables()
    # Loads the code of every page once, before the server forks, not in each process at its first request.
    reverse("home")
