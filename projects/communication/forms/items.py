"""Forms of the plan of communication; what they hold goes to a service, never to the table."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import DayInput
from pmo.common.page.sentences import Sentences
from pmo.common.records.fields import no_control_characters, no_patient_data
from pmo.common.records.search import as_read
from projects.communication.domain.defaults import DEFAULTS, DefaultItem
from projects.communication.domain.timing import Cadence
from projects.communication.models import CommunicationItem, CommunicationSending, MessageChannel
from projects.communication.models.items import FURTHEST, ONE_AUDIENCE
from projects.communication.validators import OVER, days_to_come
from projects.domain.kinds import MilestoneKind, StakeholderCategory
from projects.forms.records import narrowed
from projects.models import Milestone, Project, Stakeholder, StakeholderGroup
from projects.selectors.people import answering_for

LONGEST_ID = 18  # digits of the largest that a column holds
NO_SENDER = "No sender yet"
AUDIENCE_HELP = (
    "A stakeholder of this project, a group of the register, or a part of the hospital. Unions and"
    " regulators: one with a named person."
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears a message: one of the three is given."""

    stakeholder: Stakeholder | None = None
    group: StakeholderGroup | None = None
    category: str = ""

    def __str__(self) -> str:
        named = self.stakeholder or self.group
        return str(named) if named else StakeholderCategory(self.category).label

    def columns(self) -> dict[str, Any]:
        """Return it as the three columns of a message."""
        return {"stakeholder": self.stakeholder, "group": self.group, "category": self.category}


def audience_choices(project: Project) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the stakeholders of a project, the register and the categories, each under its heading."""
    own = project.stakeholders.order_by(*as_read("name", "pk")).values_list("pk", "name")
    groups = StakeholderGroup.objects.order_by(*as_read("name", "pk")).values_list("pk", "name")
    return [
        ("Stakeholders of this project", [(f"s{pk}", name) for pk, name in own]),
        ("Stakeholder register", [(f"g{pk}", name) for pk, name in groups]),
        ("Part of the hospital", [(f"c{one.value}", one.label) for one in StakeholderCategory]),
    ]


def audience_said(project: Project, said: str) -> Audience:
    """Return who is meant by a choice; raises ValidationError for what is not offered."""
    sort, key = said[:1], said[1:]
    if sort == "c" and key in set(StakeholderCategory):
        return Audience(category=key)
    found: Any = None
    if key.isdecimal() and len(key) <= LONGEST_ID:
        rows: Any = {"s": project.stakeholders, "g": StakeholderGroup.objects}.get(sort)
        found = rows.filter(pk=int(key)).first() if rows is not None else None
    if found is None:
        raise ValidationError("Choose one of the list.", code="invalid_choice")
    return Audience(stakeholder=found) if sort == "s" else Audience(group=found)


def audience_of(item: CommunicationItem) -> str:
    """Return the choice that stands for an item's audience."""
    if item.stakeholder_id:
        return f"s{item.stakeholder_id}"
    if item.group_id:
        return f"g{item.group_id}"
    return f"c{item.category}" if item.category else ""


def offer_senders(form: forms.BaseForm, project: Project, now: int | None) -> None:
    people = answering_for(project, Permission.COMMUNICATION_CHANGE, and_also=now)
    narrowed(form, "sender", people, NO_SENDER)


class MessageForm(RecordForm):
    """A message of the plan."""

    audience = forms.ChoiceField(
        label="Audience", help_text=AUDIENCE_HELP, error_messages={"required": ONE_AUDIENCE}
    )

    class Meta:
        model = CommunicationItem
        fields = (
            "message",
            "channel",
            "sender",
            "cadence",
            "due_on",
            "milestone",
            "offset_days",
            "ends_on",
            "until_offset_days",
            "text",
            "translated_into",
            "code",
        )
        labels = {
            "message": "Message",
            "cadence": "How often",
            "due_on": "On, or first on",
            "milestone": "Or by a milestone",
            "offset_days": "Days from the milestone",
            "ends_on": "Last on",
            "until_offset_days": "Or last so many days from the milestone",
            "text": "Text",
            "translated_into": "Translated into",
            "code": "Code",
        }
        help_texts = {
            "message": "What they are to know, in one sentence. No patient data.",
            "sender": "Named on the project, or in the office.",
            "milestone": "The message then moves with it.",
            "offset_days": "Before it with a minus: -30 is thirty days before.",
            "ends_on": "Of a message that is repeated. Empty: it goes on.",
            "text": "Needed for patients. Plain words, no patient data.",
            "translated_into": "For patients: the languages, or “None needed” and why.",
            "code": "Its number in a plan or template of your own.",
        }
        widgets = {"text": Sentences(attrs={"rows": 6})}

    field_order = ("audience", "message", "channel", "sender")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.initial["audience"] = audience_of(self.instance)
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [("", "Choose an audience"), *audience_choices(project)]
        offer_senders(self, project, self.instance.sender_id)
        dated = project.milestones.order_by(*as_read("due_date", "name", "pk"))
        narrowed(self, "milestone", dated, "No milestone")
        self.fields["offset_days"].required = False

    def clean_audience(self) -> Audience:
        return audience_said(self.project, self.cleaned_data["audience"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        days_to_come(said, before=self.instance, today=timezone.localdate())
        return said

    def clean_offset_days(self) -> int:
        return self.cleaned_data.get("offset_days") or 0

    def _post_clean(self) -> None:
        """Give the instance its audience before the model's own rules are asked."""
        if audience := self.cleaned_data.get("audience"):
            for name, value in audience.columns().items():
                setattr(self.instance, name, value)
            super()._post_clean()  # type: ignore[misc]  # Django's own, without a type
        else:
            self._keep_bounds()

    def _keep_bounds(self) -> None:
        """Refuse days out of bounds where the model's rules cannot be asked yet."""
        for name in ("offset_days", "until_offset_days"):
            value = self.cleaned_data.get(name)
            if value is None:
                continue
            column: Any = CommunicationItem._meta.get_field(name)
            try:
                column.run_validators(value)
            except ValidationError as error:
                self.add_error(name, error)

    def item_fields(self) -> dict[str, Any]:
        """Return the fields for the service, with the audience as its three columns."""
        fields = self.changes()
        audience: Audience = fields.pop("audience")
        return fields | audience.columns()

    def saved_value(self, current: Any, name: str) -> Any:
        if name == "audience":
            return Audience(current.stakeholder, current.group, current.category)
        return super().saved_value(current, name)


class SendForm(RecordForm):
    """When a message went out, and how many it reached."""

    class Meta:
        model = CommunicationSending
        fields = ("sent_on", "reach", "note")
        labels = {"sent_on": "Sent on", "reach": "Reached", "note": "Note"}
        help_texts = {
            "reach": "How many people: opened, came, or were handed it. Empty if it was not counted.",
            "note": "What came back. No patient data.",
        }
        widgets = {"note": Sentences(attrs={"rows": 3})}

    def __init__(self, *args: Any, item_version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(version=item_version, sent_on=timezone.localdate())


class OfferedForm(forms.Form):
    """One of the usual messages: taken or not, and changed before it is written."""

    take = forms.BooleanField(label="Add", required=False)
    audience = forms.ChoiceField(label="Audience")
    message = forms.CharField(label="Message", max_length=200)
    channel = forms.ChoiceField(label="Channel", choices=MessageChannel.choices)
    sender = forms.ModelChoiceField(
        label="Sender", queryset=User.objects.none(), required=False, empty_label=NO_SENDER
    )
    cadence = forms.ChoiceField(label="How often", choices=Cadence.choices())
    offset = forms.IntegerField(
        label="Days from the milestone",
        required=False,
        min_value=-FURTHEST,
        max_value=FURTHEST,
    )
    until = forms.IntegerField(
        label="Until", required=False, min_value=-FURTHEST, max_value=FURTHEST
    )

    def clean_message(self) -> str:
        message: str = self.cleaned_data["message"]
        no_patient_data(message)
        no_control_characters(message)
        return message


class OfferForm(forms.Form):
    """The usual plan, row by row; T is the milestone chosen, what has no offset begins on `begins`."""

    milestone = forms.ModelChoiceField(
        label="Milestone that T-60, T-30 and T-7 are counted from",
        queryset=Milestone.objects.none(),
        required=False,
        empty_label="None: leave what hangs on it out",
    )
    begins = forms.DateField(label="The others begin on", widget=DayInput())

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        dated = project.milestones.order_by(*as_read("due_date", "name", "pk"))
        narrowed(self, "milestone", dated, "None: leave what hangs on it out")
        live = dated.filter(kind=MilestoneKind.GO_LIVE, actual_date=None).first()
        self.initial.update(milestone=live, begins=timezone.localdate())
        self.has_go_live = live is not None
        self.rows = self._rows(self.data if self.is_bound else None)

    def _rows(self, data: Any) -> list[tuple[DefaultItem, OfferedForm]]:
        people = answering_for(self.project, Permission.COMMUNICATION_CHANGE)
        choices = audience_choices(self.project)
        known = _known_audiences(self.project)
        found = []
        for one in DEFAULTS:
            row = OfferedForm(data, prefix=one.code, initial=_initial(one, known, self.has_go_live))
            sender, audience = row.fields["sender"], row.fields["audience"]
            assert isinstance(sender, forms.ModelChoiceField)  # noqa: S101 - narrows the type
            assert isinstance(audience, forms.ChoiceField)  # noqa: S101 - the same
            sender.queryset, audience.choices = people, choices
            found.append((one, row))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins = cleaned.get("begins")
        if begins and begins < timezone.localdate():
            self.add_error("begins", OVER["due_on"])
        taken = [row for _, row in self.rows if row.is_valid() and row.cleaned_data["take"]]
        if any(row.errors for _, row in self.rows):
            raise ValidationError("A message below needs a look.", code="rows")
        if not taken:
            raise ValidationError("Tick at least one message.", code="none")
        if not cleaned.get("milestone") and any(
            row.cleaned_data["offset"] is not None for row in taken
        ):
            sentence = "Choose the milestone, or empty the days of what is ticked."
            raise ValidationError({"milestone": ValidationError(sentence, code="milestone")})
        return cleaned

    def items(self) -> list[dict[str, Any]]:
        """Return the fields of each message that is ticked."""
        milestone, begins = self.cleaned_data["milestone"], self.cleaned_data["begins"]
        return [
            self._item(one, row.cleaned_data, milestone, begins)
            for one, row in self.rows
            if row.cleaned_data["take"]
        ]

    def _item(
        self, one: DefaultItem, said: dict[str, Any], milestone: Any, begins: Any
    ) -> dict[str, Any]:
        hangs = said["offset"] is not None
        return {
            "code": one.code,
            "message": said["message"],
            "channel": said["channel"],
            "sender": said["sender"],
            "cadence": said["cadence"],
            "due_on": None if hangs else begins,
            "milestone": milestone if hangs else None,
            "offset_days": said["offset"] or 0,
            "until_offset_days": said["until"] if hangs else None,
            **audience_said(self.project, said["audience"]).columns(),
        }


def _known_audiences(project: Project) -> dict[str, str]:
    """Return by category whom to offer first: a stakeholder of the project, else a group."""
    found: dict[str, str] = {}
    for group in StakeholderGroup.objects.order_by(*as_read("-name", "-pk")):
        found[str(group.category)] = f"g{group.pk}"
    rows = project.stakeholders.select_related("group")
    for one in rows.order_by(*as_read("power", "-name", "-pk")):
        if one.category_now:
            found[one.category_now] = f"s{one.pk}"
    return found


def _initial(one: DefaultItem, known: dict[str, str], has_go_live: bool) -> dict[str, Any]:  # noqa: FBT001 - three facts of one row
    return {
        "take": one.is_offered and (has_go_live or one.offset is None),
        "audience": known.get(one.category.value, f"c{one.category.value}"),
        "message": one.message,
        "channel": one.channel,
        "cadence": one.cadence.value,
        "offset": one.offset,
        "until": one.until,
    }
