"""The tables that the migrations make are the ones that the models describe."""

import pytest
from django.core.management import call_command

from tests.tree import PACKAGES, ROOT, name_of

pytestmark = pytest.mark.django_db


def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_app_has_one_first_migration():
    found = [
        name_of(path)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("migrations/*.py"))
        if path.name != "__init__.py"
    ]

    assert found == [
        "pmo/accounts/migrations/0001_initial.py",
        "pmo/common/migrations/0001_initial.py",
        "projects/migrations/0001_initial.py",
        "risks/migrations/0001_initial.py",
        "portfolio/migrations/0001_initial.py",
        "reports/migrations/0001_initial.py",
    ]
