import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
# a message that was cut off is put aside: kombu's own reading of files would end the worker
TRANSPORT_ALIASES["filesystem"] = "pmo.common.background.file_broker:Transport"
app = Celery("pmo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
