"""Typeset documents as tagged PDF (PDF/UA-1), without a browser and without system fonts."""

import json
from pathlib import Path
from typing import Any

import typst

from pmo.common.page.colors_css import palette

_HERE = Path(__file__).parent


def summary_pdf(data: dict[str, Any]) -> bytes:
    """Print the weekly summary on one A4 page; `data` is content only and cannot become markup."""
    return bytes(
        typst.compile(
            str(_HERE / "summary.typ"),
            root=str(_HERE),
            font_paths=[str(_HERE / "fonts")],
            ignore_system_fonts=True,
            sys_inputs=inputs(data),
            pdf_standards=["ua-1"],
        )
    )


def inputs(data: dict[str, Any]) -> dict[str, str]:
    """Hand over the content, and the colors of paper: those of the light theme."""
    colors = {name: shade.light for name, shade in palette().items()}
    return {"data": json.dumps(data, ensure_ascii=False), "colors": json.dumps(colors)}
