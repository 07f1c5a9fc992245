"""The tables that the migrations make are the ones that the models describe."""

import hashlib

import pytest
from django.core.management import call_command

from tests.tree import ROOT

RELEASE_0_1 = {
    "pmo/accounts/migrations/0001_initial.py": "ef3b7d4ad8b9efca863b471f67e282a4817757a22c78d40129f6551b83548bf0",
    "pmo/common/migrations/0001_initial.py": "caf6cc59c414b4ffba31f05e7cf3b9816fd16059d0075aa43cc9a10d0bcfe61a",
    "projects/migrations/0001_initial.py": "5743b4c3d6894a11cc7958b5c13fafdc1bf8ae601eb42542086356e741ce48e1",
    "risks/migrations/0001_initial.py": "66249d151b92ceb973403a7349944e8cbf1be5737051eed46ccbef964e0da309",
    "portfolio/migrations/0001_initial.py": "605b81bd4ae8114cbb54d0a781623c60165a3e547075c11d069a0ecbfdfa58ac",
    "reports/migrations/0001_initial.py": "284374c121cd499151493534c2eae111b9cdf9f8a7b51ba61156d704c50af59c",
}
APPS = (
    "pmo/accounts",
    "pmo/common",
    "projects",
    "risks",
    "portfolio",
    "portfolio/governance",
    "portfolio/intake",
    "reports",
)


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_what_release_0_1_wrote_is_never_written_again():
    """An installation of that release has run these: only new migrations reach it."""
    found = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in RELEASE_0_1}

    assert found == RELEASE_0_1, "Put the change into a migration of its own."


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_numbered_one_after_the_other(app):
    names = sorted(path.stem for path in (ROOT / app / "migrations").glob("[0-9]*.py"))

    assert names[0] == "0001_initial"
    assert [name.split("_")[0] for name in names] == [
        f"{number:04}" for number in range(1, len(names) + 1)
    ], "A change of a model is a new migration; those that a release wrote are never touched."
