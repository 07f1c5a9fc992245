import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
application = get_wsgi_application()
# Loads the code of every page once, before the server forks, not in each process at its first request.
reverse("home")
