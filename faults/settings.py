"""The product's settings with a hook in the workers, mail into files, and the lease that is asked for."""

import os
from pathlib import Path

from pmo.settings import *  # noqa: F403 - settings extend settings this way
from pmo.settings import DATA_DIR, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "faults"]
# invitations are for installations whose mail reaches people; here it reaches a folder
EMAIL_URL = "smtp://nowhere.invalid"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# where orders to stand still are read and answered
FAULTS_FOLDER = Path(os.environ["FAULTS_FOLDER"])
# seconds; None leaves the product's own
FAULTS_LEASE = float(os.environ["FAULTS_LEASE"]) if os.environ.get("FAULTS_LEASE") else None
