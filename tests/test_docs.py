"""The documentation names only what exists, and decisions are told in the same few parts."""

import re
from pathlib import Path

import pytest

from tests.tree import ROOT, files_with, name_of

pytestmark = pytest.mark.slow

PAGES = files_with(".md")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Consequences", "Alternatives"]
MOST_WORDS = 400


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links_of(path: Path) -> list[str]:
    """Return the link targets that mean a file here."""
    found = re.findall(r"\]\(([^)\s]+)\)", text_of(path))
    return [link.split("#")[0] for link in found if not re.match(r"[a-z]+:|#", link)]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path):
    assert [link for link in links_of(path) if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_make_targets_exist(path):
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)(?=[ `\n.,;)])", " ".join(code_in(path))))

    assert named - targets == set()


def code_in(path: Path) -> list[str]:
    """Return what a page sets in code, inline or in a block, each with an end after it."""
    text = text_of(path)
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.M | re.S)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [f"{piece}\n" for piece in (*blocks, *inline)]


def test_readme_gives_the_two_commands():
    commands = re.findall(r"^(make \w+)$", text_of(ROOT / "README.md"), re.M)

    assert commands[:2] == ["make run", "make test"]


def test_every_page_can_be_reached_from_the_readme():
    reached = {ROOT / "README.md"}
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        found = {(page.parent / link).resolve() for link in links_of(page)}
        new = {path for path in found if path.suffix == ".md" and path.exists()} - reached
        reached |= new
        waiting += new

    documented = {
        path for path in PAGES if name_of(path).startswith("docs/") or path.parent == ROOT
    }
    assert {name_of(path) for path in documented - reached} == set()


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_decision_has_its_parts_in_order_and_stays_short(path):
    text = text_of(path)

    assert re.findall(r"^## (.+)$", text, re.M) == PARTS
    assert re.match(r"# \d{4}: \S", text)
    assert len(text.split()) <= MOST_WORDS


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
