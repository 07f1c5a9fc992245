"""
Typeset documents as tagged PDF (PDF/UA-1), without a browser and without system fonts.

A document always comes out, whatever people wrote: `letters` replaces what `faces` cannot print and
the page says how much that is. Should the typesetter still refuse, it gets the same in plain ASCII.
"""

import json
import logging
from collections.abc import Collection
from pathlib import Path
from typing import Any

import typst

from pmo.common.page.colors_css import palette
from reports.pdf.faces import faces
from reports.pdf.letters import Printer, folded
from reports.words.documents import not_printed

_HERE = Path(__file__).parent

log = logging.getLogger(__name__)


def summary_pdf(data: dict[str, Any]) -> bytes:
    """Print the weekly summary on one A4 page; `data` is content only and cannot become markup."""
    return _printed("summary.typ", data)


def minutes_pdf(data: dict[str, Any]) -> bytes:
    """Print the minutes of a meeting; `data` is content only and cannot become markup."""
    return _printed("minutes.typ", data)


def submission_pdf(data: dict[str, Any]) -> bytes:
    """Print a request as it was submitted; `data` is content only and cannot become markup."""
    return _printed("submission.typ", data)


def _printed(template: str, data: dict[str, Any]) -> bytes:
    try:
        return _typeset(template, data)
    except typst.TypstError:
        log.warning("A document was typeset in plain letters: it was refused.", exc_info=True)
        return _typeset(template, folded(data))


def _typeset(template: str, data: dict[str, Any]) -> bytes:
    return bytes(
        typst.compile(
            str(_HERE / template),
            root=str(_HERE),
            font_paths=faces().fonts,
            ignore_system_fonts=True,
            sys_inputs=inputs(data),
            pdf_standards=["ua-1"],
        )
    )


def inputs(data: dict[str, Any]) -> dict[str, str]:
    """Hand over the content, the fonts in their order, and the colors of paper: the light theme's."""
    ours = faces()
    printer = Printer(ours.families)
    content = printer.printable(data)
    content["not_printed"] = not_printed(printer.lost)
    content["whole"] = printer.whole
    content["whole_pattern"] = _pattern(printer.whole)
    colors = {name: shade.light for name, shade in palette().items()}
    return {
        "data": json.dumps(content, ensure_ascii=False),
        "colors": json.dumps(colors),
        "families": json.dumps([face.family for face in ours.families]),
    }


def _pattern(clusters: Collection[str]) -> str:
    """Return a regular expression that finds the clusters, the longest first; "" for none."""
    longest_first = sorted(clusters, key=len, reverse=True)
    return "|".join("".join(f"\\x{{{ord(one):X}}}" for one in each) for each in longest_first)
