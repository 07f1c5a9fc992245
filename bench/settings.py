"""The product's settings in production mode, with the bare pages beside the real ones."""

from pmo.settings import *  # noqa: F403 - settings extend settings this way

ROOT_URLCONF = "bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
