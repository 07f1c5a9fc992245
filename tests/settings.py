"""The product's settings with what tests change: speed, no outside, errors loud."""

import os
import sys
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-secret-key-that-is-long-enough-to-pass")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="rounds-tests-"))

from pmo.settings import *  # noqa: F403
from pmo.settings import DATABASES, TEMPLATES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
FENCE_DELETES = False
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # a file, not memory: only then do threads race as processes do
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # nobody reads this file after the machine failed; waiting for the disk took a fifth of the suite
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


class UndefinedVariable(str):
    """
    Makes a page that names an unknown variable fail instead of printing nothing.

    Components are let off: their parameters are optional, and an undefined one counts as empty.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        context = sys._getframe(1).f_locals.get("context")
        if context is None:
            return False
        return not str(context.render_context.template.name).startswith("components/")

    def __mod__(self, name: object) -> str:
        raise NameError(f"The template names {name}, which the view does not pass.")

    def __contains__(self, key: object) -> bool:
        return key == "%s"


OPTIONS: dict[str, object] = TEMPLATES[0]["OPTIONS"]  # type: ignore[assignment]  # a mixed dict
OPTIONS["string_if_invalid"] = UndefinedVariable()
