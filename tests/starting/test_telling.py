"""A start that fails ends with one sentence; its traceback is kept where the sentence says."""

import subprocess
import sys
import time

import pytest

from starting import progress
from starting.telling import LONGEST_LOG, keep_traceback, told


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("EXAMPLE", "demo")
    return tmp_path


def test_the_traceback_is_in_the_log_that_the_sentence_names(folder, capsys):
    with pytest.raises(SystemExit) as end, told():
        raise ValueError("odd")

    log = folder / "demo" / "start-errors.log"
    assert end.value.code == 1
    assert capsys.readouterr().err == (
        "Something that nobody foresaw ended the start: ValueError: odd."
        f" The details are in {log}.\n"
    )
    assert "Traceback (most recent call last):" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_interrupt_is_said_and_not_logged(folder, capsys):
    with pytest.raises(SystemExit) as end, told():
        raise KeyboardInterrupt

    assert end.value.code == 130
    assert capsys.readouterr().err == "Stopped.\n"
    assert list(folder.rglob("*")) == []


def test_the_log_lies_elsewhere_where_the_data_cannot_be_written(folder, monkeypatch):
    (folder / "demo").write_text("a file")
    monkeypatch.setattr("tempfile.tempdir", str(folder / "tmp"))

    log = keep_traceback("a traceback")

    assert log is not None
    assert log.parent == folder / "tmp"
    assert "a traceback" in log.read_text()


def test_the_log_does_not_grow_for_ever(folder):
    keep_traceback("x" * (LONGEST_LOG + 1))
    log = keep_traceback("short")

    assert log is not None
    assert log.stat().st_size < 1000


def test_a_name_that_is_no_folder_of_ours_names_no_folder(folder, monkeypatch):
    monkeypatch.setenv("EXAMPLE", "../elsewhere")

    assert keep_traceback("a traceback") == folder / "start-errors.log"


def ran(script):
    """Return exit code, words and complaints of a program that ends by itself."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONIOENCODING": "ascii"},
        cwd=progress.__file__.rsplit("/", 2)[0],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_terminal_without_the_characters_gets_stand_ins():
    script = "from starting.telling import told\nwith told(): print('Stopping …')"

    assert ran(script) == (0, "Stopping ?\n", "")


@pytest.mark.parametrize(
    ("loading", "expected"),
    [
        ("True", (130, "", "Stopped.\n")),
        ("False", (0, "closed\n", "")),
    ],
)
def test_an_interrupt_that_a_package_swallows_ends_what_is_being_loaded(loading, expected):
    script = f"""
import os, signal
from starting.telling import told
signal.signal(signal.SIGINT, signal.SIG_DFL)
with told(is_loading=lambda: {loading}):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        print("closed")
"""

    assert ran(script) == expected


def test_long_work_is_spoken_of_and_short_work_is_not():
    said = []
    with progress.shown("Counting", speak=said.append, every=0.05) as counted:
        counted.at(2, 7, "sheep")
        time.sleep(0.3)
    with progress.shown("Blinking", speak=said.append, every=5):
        pass

    with progress.shown("Folding", speak=said.append, every=0.05) as asked:
        asked.ask = lambda: " 3 sheets"
        time.sleep(0.3)

    # on a busy machine it may be asked before it is told what to ask, and take longer than a second
    texts = {text.rpartition(",")[0] for text in said} - {"Folding: under way"}
    assert texts == {"Counting: 2 of 7 sheep", "Folding: 3 sheets"}
