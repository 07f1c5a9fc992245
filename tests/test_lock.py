"""The lock files are complete: pip installs them as they stand and has nothing to find out."""

import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from check_lock import (  # noqa: E402 - the tools are scripts, not a package
    PYTHONS,
    Pin,
    gaps,
    installed_needs,
    linux,
    read_lock,
    read_wanted,
    strangers,
)

pytestmark = pytest.mark.slow

LOCKS = {
    name: read_lock((ROOT / f"requirements/{name}.txt").read_text()) for name in ("base", "dev")
}
NEEDS = installed_needs(list(LOCKS["dev"]))
HERE = default_environment() | {"extra": ""}
EACH_PYTHON = pytest.mark.parametrize("python", PYTHONS)
EACH_LOCK = pytest.mark.parametrize("name", ["base", "dev"])


@EACH_LOCK
@EACH_PYTHON
def test_whatever_a_locked_package_asks_for_is_locked_too(name, python):
    assert gaps(LOCKS[name], read_wanted(name), NEEDS, linux(python)) == set()


@EACH_LOCK
def test_what_is_installed_here_is_what_the_lock_says(name):
    assert strangers(LOCKS[name], HERE) == set(), "Run `make setup-dev`."


def test_no_package_escapes_the_proof_but_what_this_machine_does_not_install():
    unseen = {name for name, pin in LOCKS["dev"].items() if not pin.holds_in(HERE)}

    assert set(LOCKS["dev"]) - set(NEEDS) == unseen
    assert unseen <= {"async-timeout", "colorama", "tzdata"}


def test_development_has_the_application_s_packages_at_the_same_versions():
    assert {name: pin.version for name, pin in LOCKS["base"].items()} == {
        name: pin.version for name, pin in LOCKS["dev"].items() if name in LOCKS["base"]
    }


@EACH_PYTHON
def test_a_package_taken_out_of_the_lock_is_missed(python):
    environment, lock = linux(python), LOCKS["dev"]
    unmissed = {
        gone
        for gone, pin in lock.items()
        if pin.holds_in(environment)
        and not gaps(
            {name: other for name, other in lock.items() if name != gone},
            read_wanted("dev"),
            NEEDS,
            environment,
        )
    }

    assert unmissed == set()


def test_a_version_that_somebody_does_not_take_is_found():
    wrong = LOCKS["dev"] | {"pluggy": Pin("0.1")}

    assert gaps(wrong, read_wanted("dev"), NEEDS, linux("3.11.14")) == {
        f"{name} needs {need}, and pluggy is locked at 0.1."
        for name in ("pytest", "pytest-cov")
        for need in NEEDS[name]
        if need.name == "pluggy"
    }


def test_what_an_extra_asks_for_counts():
    lock = {"cover": Pin("7.0"), "report": Pin("1.0")}
    needs = {
        "report": [Requirement("cover[toml]>=7")],
        "cover": [Requirement('tomli>=2; extra == "toml"'), Requirement('dates; extra == "all"')],
    }

    assert gaps(lock, [Requirement("report")], needs, linux("3.13.0")) == {
        'cover needs tomli>=2; extra == "toml", which is not locked.'
    }


def test_an_environment_with_another_version_is_found():
    name, version = "pluggy", metadata.version("pluggy")

    assert strangers({name: Pin("0.1"), "no-such-package": Pin("1")}, HERE) == {
        f"pluggy is locked at 0.1, and {version} is installed.",
        "no-such-package is locked and not installed.",
    }
