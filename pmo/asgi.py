import os

from starting.telling import told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
with told():
    import django
    from django.core.asgi import get_asgi_application

    django.setup()

    from pmo.common.background.standing import refuse_unknown_tables

    refuse_unknown_tables()
    application = get_asgi_application()
