"""Write templates: read from a file, edited as a draft, published as a version."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.fields import no_control_characters, no_patient_data
from pmo.common.records.writing import (
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    locked_of,
)
from projects.project_templates.domain.checking import checked, read_pack, settled
from projects.project_templates.domain.yamlfile import PackFault
from projects.project_templates.models import ProjectTemplate, TemplateOrigin, TemplateVersion

NO_DRAFT = "Nobody works on this template. Start a draft first."


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


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def screen(document: Mapping[str, Any]) -> None:
    """Raise ValidationError for a text that may not be kept."""
    for text in texts_of(document):
        no_control_characters(text)
        no_patient_data(text)


@all_or_nothing
def import_pack(*, text: str, by: User | None, note: str = "") -> PackTaken:
    """
    Take a content pack: a new template, a new version of one, or nothing where it says the same.

    Raises PackError with all that is wrong.
    """
    read = read_pack(text)
    if read.document is None:
        raise PackError(read.faults)
    document = read.document
    screen(document)
    template = ProjectTemplate.objects.filter(code=document["code"]).first()
    if template is None:
        template = add(
            ProjectTemplate(
                code=document["code"], name=document["name"], origin=TemplateOrigin.FILE
            ),
            by=by,
            action="template.created",
        )
    else:
        template = locked_of(template)
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
    template.current, template.draft = version, None
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
    template.full_clean(exclude=["draft", "current"])
    template.save()


def _held(template: ProjectTemplate, version: int | None) -> ProjectTemplate:
    saved = locked_of(template)
    if version is not None and saved.version != version:
        raise EditConflictError(saved)
    return saved


@all_or_nothing
def open_draft(*, template: ProjectTemplate, by: User | None) -> ProjectTemplate:
    """Let people edit a template: a copy of what is published, which nobody starts from yet."""
    saved = _held(template, None)
    if saved.draft is not None:
        return saved
    saved.draft = saved.document
    _save(saved, by)
    audit.record(action="template.draft_opened", target=saved, by=by, scope=saved)
    return saved


@all_or_nothing
def discard_draft(*, template: ProjectTemplate, by: User | None) -> ProjectTemplate:
    saved = _held(template, None)
    if saved.draft is None:
        raise RefusalError(NO_DRAFT)
    if saved.current is None:
        raise RefusalError("This template was never published: its draft is all there is of it.")
    saved.draft = None
    _save(saved, by)
    audit.record(action="template.draft_discarded", target=saved, by=by, scope=saved)
    return saved


@all_or_nothing
def write_draft(
    *,
    template: ProjectTemplate,
    version: int | None,
    by: User | None,
    make: Any,
    what: Mapping[str, Any],
) -> ProjectTemplate:
    """Replace the draft by what `make` makes of it; part of a service, which says `what` for the trail."""
    saved = _held(template, version)
    if saved.draft is None:
        raise RefusalError(NO_DRAFT)
    draft = make(dict(saved.draft))
    screen(draft)
    saved.draft = draft
    _save(saved, by)
    audit.record(action="template.draft_changed", target=saved, by=by, scope=saved, after=what)
    return saved


@all_or_nothing
def publish_draft(
    *, template: ProjectTemplate, version: int | None, note: str, by: User | None
) -> TemplateVersion:
    """Make the draft a version that projects start from; raises PackError for one that is not sound."""
    saved = _held(template, version)
    if saved.draft is None:
        raise RefusalError(NO_DRAFT)
    draft = {
        k: v for k, v in saved.draft.items() if k not in {"length_working_days", "go_live_day"}
    }
    if faults := checked(draft):
        raise PackError([PackFault(fault.sentence) for fault in faults])
    document = settled(draft)
    if saved.current is not None and saved.current.document == document:
        raise RefusalError(
            "The draft says what is published already. Discard it, or change it first."
        )
    screen(document)
    return _publish(saved, document, note, by)


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


@all_or_nothing
def create_draft_template(
    *, document: dict[str, Any], origin: TemplateOrigin, by: User | None
) -> ProjectTemplate:
    """Add a template that nobody starts from before its draft is published."""
    screen(document)
    if ProjectTemplate.objects.filter(code=document["code"]).exists():
        raise ValidationError({"code": "Another template has this code."})
    template = ProjectTemplate(
        code=document["code"], name=document["name"], origin=origin, draft=document
    )
    return add(template, by=by, action="template.created")
