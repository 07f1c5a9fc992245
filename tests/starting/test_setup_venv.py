"""The environment is made and filled from a lock; what goes wrong is a sentence and spoils nothing."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from starting.sentences import StartError
from tests.tree import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import setup_venv

pytestmark = pytest.mark.slow

HASH = "0" * 64
UNKNOWN = f"rounds-has-no-such-package==1.0 \\\n    --hash=sha256:{HASH}\n"


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one lock that nobody can install, and no package index."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("EXAMPLE", "demo")
    (tmp_path / "requirements").mkdir()
    for name in ("base", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(UNKNOWN)
    monkeypatch.setattr(setup_venv, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def venv(project):
    """An environment that holds an older lock: the one that this suite runs in, under another name."""
    found = project / ".venv"
    script(found / "bin" / "python", f'exec "{sys.executable}" "$@"')
    (found / "pyvenv.cfg").touch()
    (found / "rounds-lock").write_text("the lock from before\n")
    return found


def test_a_lock_that_cannot_be_fetched_leaves_the_environment_as_it_was(project, venv):
    with pytest.raises(StartError) as refusal:
        setup_venv.set_up("base", venv)

    log = project / "var" / "demo" / "start-errors.log"
    assert str(refusal.value) == (
        "The packages could not be installed. The package index has no file of a package for this"
        " machine and this Python; if the network is up, try another Python with `make run"
        f" PYTHON=python3.12`. The details are in {log}."
    )
    assert "rounds-has-no-such-package" in log.read_text()
    assert sorted(path.name for path in venv.iterdir()) == ["bin", "pyvenv.cfg", "rounds-lock"]
    assert (venv / "rounds-lock").read_text() == "the lock from before\n"


def test_an_environment_that_holds_the_lock_is_left_alone(project, venv):
    lock = project / "requirements" / "dev.txt"
    (venv / "rounds-lock").write_text(setup_venv.fingerprint(lock, venv / "bin" / "python"))

    setup_venv.set_up("base", venv)

    assert not (project / "var").exists()


def test_an_install_that_was_cut_off_is_made_anew(project, venv):
    (venv / "rounds-installing").touch()
    (venv / "half-a-package").touch()

    with pytest.raises(StartError):
        setup_venv.set_up("base", venv)

    assert not (venv / "half-a-package").exists()
    assert not (venv / "rounds-lock").exists()


def test_pip_counts_what_it_fetches(project, capsys):
    lines = "\n".join(["Ignoring x: markers 'no'", "Collecting a==1", "Processing b.whl"])
    pip = script(project / "pip", f'cat <<"E"\n{lines}\nE')
    seen = setup_venv.StartProgress("Installing packages")

    assert setup_venv.followed([pip], seen, 3) == (0, f"{lines}\n")
    assert seen.so_far == " 2 of 2 fetched"


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("ensurepip is not available", "On Debian and Ubuntu install the package python3-venv"),
        ("OSError: No space left on device", "There is no space left on the disk."),
        ("Error: [Errno 13] Permission denied: '.venv'", "This user may not write here."),
    ],
)
def test_a_python_that_makes_no_environment_is_explained(project, said, advice, monkeypatch):
    python = script(project / "python3", f'echo "{said}" >&2; exit 1')
    monkeypatch.setattr(sys, "executable", str(python))

    with pytest.raises(StartError) as refusal:
        setup_venv.make_environment(project / ".venv")

    assert str(refusal.value).startswith(f"Python could not make a virtual environment. {advice}")
    assert said in (project / "var" / "demo" / "start-errors.log").read_text()


def test_a_folder_that_is_no_environment_is_not_deleted(project):
    (project / ".venv").mkdir()
    (project / ".venv" / "thesis.txt").touch()

    with pytest.raises(StartError, match=r"is not a virtual environment\. Move it away"):
        setup_venv.set_up("base", project / ".venv")

    assert (project / ".venv" / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("", "Rounds needs Python 3.11 or newer; none was found on the PATH."),
        ("/bin/false", "Rounds needs Python 3.11 or newer; /bin/false does not run or is older."),
    ],
)
def test_make_says_which_python_it_needs(python, sentence):
    done = subprocess.run(
        ["make", "--silent", "python", f"PYTHON={python}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith(sentence)


def test_make_passes_over_a_python_that_does_not_run(tmp_path):
    for name in ("python3", "python3.14", "python3.13", "python3.12"):
        script(tmp_path / name, "echo 'pyenv: version not installed' >&2; exit 127")
    good = script(tmp_path / "python3.11", f'exec "{sys.executable}" "$@"')
    done = subprocess.run(
        ["make", "--silent", "python-path"],
        cwd=ROOT,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == good.name
