"""The tables that the migrations make are the ones that the models describe."""

import pytest
from django.core.management import call_command

from tests.tree import ROOT

APPS = ("pmo/accounts", "pmo/common", "projects", "risks", "portfolio", "reports")


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_numbered_one_after_the_other(app):
    names = sorted(path.stem for path in (ROOT / app / "migrations").glob("[0-9]*.py"))

    assert names[0] == "0001_initial"
    assert [name.split("_")[0] for name in names] == [
        f"{number:04}" for number in range(1, len(names) + 1)
    ], "A change of a model is a new migration; those that a release wrote are never touched."
