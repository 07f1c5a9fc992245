"""The templates that come with Rounds: files of the package, put into an empty table once."""

from functools import cache
from pathlib import Path
from typing import Any

from projects.project_templates.domain.checking import read_pack
from projects.project_templates.models import ProjectTemplate, TemplateVersion

FOLDER = Path(__file__).parent / "packs"


@cache
def shipped_documents() -> list[dict[str, Any]]:
    """Return the content of the shipped files, by code; they are sound, as a test shows."""
    files = sorted(FOLDER.glob("*.yaml"))
    read = [read_pack(file.read_text(encoding="utf-8")).document for file in files]
    return [document for document in read if document is not None]


def put_in_templates(**_signal: Any) -> None:
    """Fill an empty table of templates; runs after migrations, and after a test emptied all tables."""
    if ProjectTemplate.objects.exists():
        return
    for document in shipped_documents():
        template = ProjectTemplate.objects.create(code=document["code"], name=document["name"])
        template.current = TemplateVersion.objects.create(
            template=template, number=1, document=document
        )
        template.save(update_fields=["current"])
