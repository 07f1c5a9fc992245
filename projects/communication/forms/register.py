"""Forms of the organization's register of stakeholders, and of adoption."""

from typing import Any

from django import forms
from django.utils import timezone

from pmo.accounts.forms import person_said
from pmo.accounts.models import User
from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from projects.communication.models import AdoptionReading
from projects.communication.selectors.adoption import live_milestones
from projects.forms.records import narrowed
from projects.models import Project, StakeholderGroup


class GroupForm(RecordForm):
    """A person or group of the register; who talks to it is found by name or address."""

    lead = forms.CharField(
        label="Who talks to them",
        required=False,
        help_text="The whole name or the email address of an active person.",
    )

    class Meta:
        model = StakeholderGroup
        fields = ("name", "category", "note")
        labels = {"name": "Person or group", "category": "Category", "note": "Note"}
        help_texts = {
            "name": "As everybody here calls it, for example Medical executive committee.",
            "note": "How to reach them, when they meet. No patient data.",
        }
        widgets = {"note": Sentences(attrs={"rows": 3})}

    field_order = ("name", "category", "lead", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.instance.lead
        self.initial["lead"] = (lead.email or lead.name) if lead else ""

    def clean_lead(self) -> User | None:
        said: str = self.cleaned_data["lead"]
        if not said:
            return None
        now: User | None = self.instance.lead
        if now and said in {now.email, now.name}:
            return now
        return person_said(said)


class AdoptionForm(RecordForm):
    """What the systems say of one go-live on one day."""

    class Meta:
        model = AdoptionReading
        fields = (
            "milestone",
            "day",
            "measured_on",
            "source",
            "licensed",
            "active",
            "assigned",
            "passed",
            "tickets",
            "workarounds",
            "units_planned",
            "units_live",
        )
        labels = {
            "milestone": "Go-live",
            "day": "Day after go-live",
            "measured_on": "Measured on",
            "source": "Counted by",
            "licensed": "Licensed users",
            "active": "Active users",
            "assigned": "Due for training",
            "passed": "Passed training",
            "tickets": "Tickets",
            "workarounds": "Workarounds known",
            "units_planned": "Units planned",
            "units_live": "Units that work with it",
        }
        help_texts = {
            "source": "Which systems, for example sign-ins and the service desk. No survey.",
            "active": "Signed in during the last seven days.",
            "tickets": "Of the last seven days.",
            "licensed": "Leave empty what was not counted.",
        }

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrowed(self, "milestone", live_milestones(project), "Choose a go-live")
        self.initial.setdefault("measured_on", timezone.localdate())
        if self.instance.pk:
            del self.fields["milestone"], self.fields["day"]
