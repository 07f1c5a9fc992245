"""Write templates: read from a file or edited in place, published as a version."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.fields import no_control_characters, no_patient_data
from pmo.common.records.writing import (
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
)
from projects.project_templates.domain.checking import read_pack
from projects.project_templates.domain.texts import texts_of
from projects.project_templates.domain.yamlfile import PackFault
from projects.project_templates.models import ProjectTemplate, TemplateOrigin, TemplateVersion

MEANWHILE = "Another version was published meanwhile. Open the template again; yours was not saved."
ANOTHER = (
    "The code is another template’s. It stays as it is: projects and files know the template by it."
)


class PackError(RefusalError):
    """A content pack is not sound; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[PackFault]) -> None:
        count = len(faults)
        things = "1 thing is" if count == 1 else f"{count} things are"
        super().__init__(f"{things} wrong with this template. Nothing was saved.")
        self.faults = list(faults)


class PackTaken(NamedTuple):
    """What reading a file did; without a version it said what was there already."""

    template: ProjectTemplate
    version: TemplateVersion | None


def screen(document: Mapping[str, Any]) -> None:
    """Raise ValidationError for a text that may not be kept."""
    for text in texts_of(document):
        no_control_characters(text)
        no_patient_data(text)


@all_or_nothing
def import_pack(
    *,
    text: str,
    by: User | None,
    note: str = "",
    edited: TemplateVersion | None = None,
    origin: TemplateOrigin = TemplateOrigin.FILE,
) -> PackTaken:
    """
    Take a content pack: a new template, a new version of one, or nothing where it says the same.

    `edited` is the version that somebody changed; RefusalError when it is not the latest any more. Raises
    PackError with all that is wrong.
    """
    read = read_pack(text)
    if read.document is None:
        raise PackError(read.faults)
    document = read.document
    screen(document)
    template = ProjectTemplate.objects.filter(code=document["code"]).first()
    if edited is not None and (template is None or template.pk != edited.template_id):
        raise RefusalError(ANOTHER)
    if template is None:
        template = add(
            ProjectTemplate(code=document["code"], name=document["name"], origin=origin),
            by=by,
            action="template.created",
        )
    else:
        template = locked_of(template)
        if edited is not None and template.current_id != edited.pk:
            raise RefusalError(MEANWHILE)
        if template.current is not None and template.current.document == document:
            return PackTaken(template, None)
    return PackTaken(template, _publish(template, document, note, by))


def _publish(
    template: ProjectTemplate, document: dict[str, Any], note: str, by: User | None
) -> TemplateVersion:
    number = template.versions.count() + 1
    version = TemplateVersion(
        template=template, number=number, document=document, note=note, published_by=by
    )
    version.full_clean(exclude=["document"])
    version.save(force_insert=True)
    template.current = version
    template.name = document["name"]
    _save(template, by)
    audit.record(
        action="template.published",
        target=template,
        by=by,
        scope=template,
        after={"number": number, "note": note, "name": template.name},
    )
    return version


def _save(template: ProjectTemplate, by: User | None) -> None:
    template.version += 1
    template.changed_at, template.changed_by = timezone.now(), by
    template.full_clean(exclude=["current"])
    template.save()


@all_or_nothing
def offer_template(
    *, template: ProjectTemplate, is_offered: bool, version: int | None, by: User | None
) -> ProjectTemplate:
    """Let projects start from a template, or no more; those that did keep what they have."""
    return change(
        template,
        version=version,
        by=by,
        action="template.offered" if is_offered else "template.retired",
        is_offered=is_offered,
    )
