"""Forms of requests; what they hold goes to a service, never to the table."""

from typing import Any

from django import forms

from pmo.accounts.forms import UnitChoiceField, called, person_said
from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import MoneyInput
from pmo.common.page.sentences import Sentences
from pmo.common.records.search import as_read
from pmo.organization.current import category_choices, money
from pmo.organization.defaults import OTHER
from portfolio.governance.models import Decision
from portfolio.intake.domain.kinds import (
    OF_A_PROJECT,
    STATE_AFTER,
    GroundKind,
    RequestClass,
    RequestKind,
    RequestSize,
    SponsorAnswer,
    TriageOutcome,
)
from portfolio.intake.domain.profile import QUESTIONS
from portfolio.intake.models import (
    YEARS,
    CapitalCycle,
    IntakeRules,
    MandatoryGround,
    ProjectRequest,
    RequestItem,
)
from portfolio.intake.selectors.capital import paid_by
from portfolio.intake.validators import ASKED_FOR, NO_NOTICE
from portfolio.intake.words import cycles as cycle_words
from portfolio.intake.words.findings import size_label
from portfolio.starts.forms.starting import offer_people
from projects.domain.kinds import BudgetKind, Lane
from projects.forms.records import narrowed, units_for

OPTIONS = {"class": "options"}
ROW = {"class": "options options--row"}
SHORT = Sentences(attrs={"rows": 3})


def _one_of(
    choices: list[tuple[str, str]], *, label: str, help_text: str = "", row: bool = False
) -> forms.ChoiceField:
    """Return a choice by radio buttons that may be left open."""
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        required=False,
        widget=forms.RadioSelect(attrs=ROW if row else OPTIONS),
    )


class PageOneForm(RecordForm):
    """
    The one page of a request, as it is filled in on a phone.

    Nothing but the title is required of a draft.
    """

    unit = UnitChoiceField(
        Unit.objects.all(), required=False, label="Unit", empty_label="Choose a unit"
    )
    kind = _one_of(RequestKind.choices(), label="Kind")
    size = _one_of([], label="Size", help_text="What it may cost in all. A guess is enough.")
    is_hard_date = forms.TypedChoiceField(
        label="How firm is the date?",
        choices=[("False", "Soft: later is possible"), ("True", "Hard: later is too late")],
        coerce=lambda said: said == "True",
        empty_value="",
        required=False,
        widget=forms.RadioSelect(attrs=OPTIONS),
    )
    sponsor = forms.CharField(
        label="Sponsor",
        required=False,
        max_length=300,
        help_text="Who would answer for it. Type a name, choose from the list.",
    )
    sponsor_answer = _one_of(SponsorAnswer.choices(), label="Has the sponsor been asked?", row=True)

    class Meta:
        model = ProjectRequest
        fields = (
            "title",
            "problem",
            "unit",
            "kind",
            "if_nothing",
            "wanted_by",
            "is_hard_date",
            "size",
            "sponsor",
            "sponsor_answer",
            "systems",
            "is_confidential",
        )
        labels = {
            "title": "What do you need?",
            "problem": "What is the problem?",
            "if_nothing": "What happens if nothing is done?",
            "wanted_by": "Wanted by",
            "systems": "Systems touched",
            "is_confidential": "Confidential",
        }
        help_texts = {
            "title": "A few words that an outsider understands.",
            "problem": "What goes wrong today, how often, for whom? No patient data.",
            "systems": "One a line, as their users call them.",
            "is_confidential": "Only you, the sponsor and the PMO lead can see it.",
        }
        widgets = {"problem": SHORT, "if_nothing": SHORT, "systems": Sentences(attrs={"rows": 2})}
        error_messages = {"title": {"required": "Say in a few words what you need."}}

    def __init__(
        self,
        *args: Any,
        rules: IntakeRules,
        choices_url: str,
        is_draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self.fields["sponsor"], choices_url)
        self._sponsor: User | None = self.instance.sponsor
        for name, said in ASKED_FOR.items():
            self.fields[name].required = not is_draft
            self.fields[name].error_messages["required"] = said
        if self._sponsor is not None:
            self.initial["sponsor"] = called(self._sponsor)
        size = self.fields["size"]
        assert isinstance(size, forms.ChoiceField)  # noqa: S101 - narrows the type
        size.choices = [(one.value, size_label(one.value, rules)) for one in RequestSize]

    def clean_is_hard_date(self) -> bool:
        return bool(self.cleaned_data["is_hard_date"])

    def clean_sponsor(self) -> User | None:
        said = self.cleaned_data["sponsor"].strip()
        if said == self.initial.get("sponsor") and self._sponsor and self._sponsor.is_active:
            return self._sponsor  # who has a namesake in the same job stays
        return person_said(said) if said else None


class AnswerForm(PageOneForm):
    """The page again, with what was asked answered."""

    answer = forms.CharField(
        label="Your answer",
        max_length=1000,
        widget=Sentences(attrs={"rows": 4}),
        error_messages={"required": "Answer what was asked."},
    )
    field_order = ("answer",)


class ReasonForm(RecordForm):
    """Why something is done; the requester reads it."""

    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        widget=Sentences(attrs={"rows": 3}),
        help_text="The requester reads it.",
        error_messages={"required": "Say why: the requester reads it."},
    )

    class Meta:
        model = ProjectRequest
        fields = ()


class TriageForm(RecordForm):
    """What triage adds to the page."""

    profile = forms.MultipleChoiceField(
        label="Profile: what applies?",
        choices=list(QUESTIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=OPTIONS),
    )

    class Meta:
        model = ProjectRequest
        fields = (
            "lane",
            "request_class",
            "capital_estimate",
            "operating_estimate",
            *(f"running_{year}" for year in YEARS),
            "expected_value",
            "options",
            "cycle",
            "committee_decision",
            "profile",
        )
        labels = {
            "request_class": "Class",
            "committee_decision": "Committee’s decision",
            "capital_estimate": "Capital, estimated",
            "operating_estimate": "Operating cost once, estimated",
            **{f"running_{year}": f"Running cost, year {year}" for year in YEARS},
            "expected_value": "What is it worth?",
            "options": "Options",
            "cycle": "Capital cycle",
        }
        help_texts = {
            "lane": "Mandatory: a verified ground demands it. Strategic: an objective does."
            " Operational: it keeps us running.",
            "capital_estimate": "Within 50% either way is good enough.",
            "running_1": "All five years, also where they are 0: capital is not approved without them.",
            "expected_value": "To whom, how much, toward which objective. Mandatory work needs none.",
            "options": "Do minimum, replace, retire: what speaks for each?",
        }
        widgets = {"expected_value": SHORT, "options": SHORT}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sign = money()
        taken = Decision.objects.visible_to(by).order_by("-number")
        narrowed(self, "committee_decision", taken, "None")
        linked = self.instance.committee_decision_id
        if linked and not taken.filter(pk=linked).exists():
            del self.fields["committee_decision"]  # a list without it would take the link
        for field in self.fields.values():
            if isinstance(field.widget, MoneyInput):
                field.widget.currency = sign
        narrowed(self, "cycle", CapitalCycle.objects.order_by("-year"), "None yet")
        for name, choices in (
            ("lane", Lane.choices()),
            ("request_class", RequestClass.choices()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = [("", "Not yet"), *choices]


class DecisionForm(ReasonForm):
    """A decision with its reason, and what it needs besides."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=TriageOutcome.choices(),
        widget=forms.RadioSelect(attrs=OPTIONS),
        error_messages={"required": "Choose a decision."},
    )
    into = forms.ModelChoiceField(
        ProjectRequest.objects.none(),
        label="Merge into",
        required=False,
        empty_label="Choose a request",
        help_text="Only for a merge. Both histories are kept.",
    )
    cycle = forms.ModelChoiceField(
        CapitalCycle.objects.none(),
        label="Capital cycle",
        required=False,
        empty_label="Choose a cycle",
        help_text="Only for an emergency: whose contingency pays.",
    )
    amount = forms.DecimalField(
        label="Drawn from the contingency",
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text="Only for an emergency.",
    )
    field_order = ("outcome", "reason", "into", "cycle", "amount")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget = MoneyInput(currency=money())
        others = ProjectRequest.objects.visible_to(by).open().exclude(pk=self.instance.pk)
        narrowed(self, "into", others.order_by(*as_read("title", "pk")), "Choose a request")
        narrowed(self, "cycle", CapitalCycle.objects.order_by("-year"), "Choose a cycle")
        if self.instance.project_id:
            outcome = self.fields["outcome"]
            assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 - narrows the type
            outcome.choices = [(one.value, one.label) for one in OF_A_PROJECT]
            del self.fields["into"], self.fields["cycle"], self.fields["amount"]
        elif paid := paid_by(self.instance):
            self.fields["outcome"].help_text = cycle_words.paid(paid)
            del self.fields["cycle"], self.fields["amount"]

    def clean_outcome(self) -> TriageOutcome:
        return TriageOutcome(self.cleaned_data["outcome"])

    def changes(self) -> dict[str, Any]:
        """Return what the service takes: every field that was asked, each already what it means."""
        names = ("outcome", "reason", "into", "cycle", "amount")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    def saved_value(self, current: Any, name: str) -> Any:
        """Return what another person decided meanwhile, and why."""
        if name == "reason":
            return current.decision_reason
        if name == "outcome":
            said = (one for one, then in STATE_AFTER.items() if then.value == current.state)
            return next(said, None)
        return getattr(current, name, None)


class GroundForm(RecordForm):
    """What makes the work mandatory."""

    class Meta:
        model = MandatoryGround
        fields = ("kind", "citation", "bites_on", "vendor_notice", "evidence")
        labels = {
            "kind": "What demands it?",
            "citation": "Citation or notice",
            "bites_on": "Takes effect on",
            "vendor_notice": "Vendor’s notice",
        }
        help_texts = {
            "kind": "The growth of a unit is no ground.",
            "citation": "The paragraph, standard, finding or contract, so that another reader finds it.",
            "bites_on": "The day from which it must be done.",
            "vendor_notice": "Needed where a vendor ends support: number or date, and what it says.",
            "evidence": "Where the proof lies, such as a link to the document.",
        }
        widgets = {"evidence": SHORT}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == GroundKind.VENDOR and not said.get("vendor_notice"):
            self.add_error("vendor_notice", NO_NOTICE)
        return said


class RequestItemForm(RecordForm):
    """Something that the request would buy."""

    class Meta:
        model = RequestItem
        fields = ("name", "nature", "quantity", "unit_cost", "life", "bought_with")
        labels = {
            "name": "Item",
            "nature": "What is it?",
            "unit_cost": "Cost of one",
            "life": "Years of use",
            "bought_with": "Set",
        }
        help_texts = {
            "bought_with": "What is bought together counts together: give it the same word, such as “beds”.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_cost"].widget = MoneyInput(currency=money())


class ClassifyForm(RecordForm):
    """What finance says of an item instead of the rule."""

    override = forms.ChoiceField(
        label="Counts as",
        required=False,
        choices=[("", "As the rule says"), *BudgetKind.choices()],
        widget=forms.RadioSelect(attrs=OPTIONS),
    )

    class Meta:
        model = RequestItem
        fields = ("override_reason",)
        labels = {"override_reason": "Why?"}
        help_texts = {"override_reason": "Needed where it is not as the rule says."}
        widgets = {"override_reason": SHORT}

    field_order = ("override", "override_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("override", self.instance.override)


class BecomingForm(RecordForm):
    """The project that an accepted request becomes."""

    code = forms.CharField(
        label="Code", max_length=30, help_text="Short and unique, for example CAP-014."
    )
    name = forms.CharField(label="Name", max_length=200)
    summary = forms.CharField(
        label="Summary", required=False, max_length=1000, widget=Sentences(attrs={"rows": 4})
    )
    category = forms.ChoiceField(label="Category")
    manager = forms.CharField(
        label="Project manager",
        required=False,
        max_length=254,
        help_text="Type a name, choose from the list. It may be named later.",
    )
    unit = UnitChoiceField(Unit.objects.none(), label="Unit", empty_label="Choose a unit")

    class Meta:
        model = ProjectRequest
        fields = ()

    field_order = ("name", "code", "summary", "category", "unit", "manager")

    def __init__(self, *args: Any, by: User, choices_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self.fields["manager"], choices_url)
        request = self.instance
        self.initial["name"] = request.title
        self.initial["summary"] = request.problem[:1000]
        self.initial["unit"] = request.unit_id
        self.initial["category"] = OTHER
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101 - narrows the type
        category.choices = category_choices()
        narrowed(self, "unit", units_for(by, Permission.PROJECT_CREATE), "Choose a unit")

    def clean_manager(self) -> User | None:
        said = self.cleaned_data["manager"].strip()
        return person_said(said) if said else None

    def changes(self) -> dict[str, Any]:
        names = ("code", "name", "summary", "category", "unit", "manager")
        return {name: self.cleaned_data[name] for name in names}

    def saved_value(self, current: Any, name: str) -> Any:
        """Return nothing: these are fields of a project that is not there yet."""
        del current, name
