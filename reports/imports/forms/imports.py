"""Forms of an import: the file, how it is read, and which column is which field."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from pmo.accounts.forms import UnitChoiceField
from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.common.page.forms import DayInput
from pmo.common.page.sentences import Sentences
from pmo.common.records.search import as_read, same
from pmo.common.tabular import SourceTable
from pmo.common.tabular.dates import DateOrder
from pmo.common.tabular.limits import DEFAULT, MEGABYTE
from pmo.common.tabular.table import plain
from portfolio.models import Portfolio
from projects.domain.colors import Color
from projects.domain.stages import REPORTING, Stage
from projects.forms.money import with_currency
from projects.forms.records import units_for
from reports.imports import profiles
from reports.imports.domain import (
    RECORD_KINDS,
    CellKind,
    Field,
    Profile,
    RecordKind,
    mixed_header,
    normalized,
    stage_words,
    suggested_fields,
    unit_said,
)
from reports.imports.domain.cells import COLORS
from reports.imports.domain.control import total_said
from reports.imports.domain.fields import Sort
from reports.imports.domain.likely_words import counted, likely
from reports.imports.forms.belonging import project_field, project_said
from reports.imports.forms.foreign_words import (
    ForeignWords,
    chosen_header,
    present_header,
    unknown_words,
    word_field,
)
from reports.imports.forms.months import NAME, ask_for_year, with_answer
from reports.imports.models import ImportProfile, ImportRun
from reports.imports.words import reading as words

PROJECT = RECORD_KINDS["project"]
# what is asked of a list of projects only, in the order of the page
OF_PROJECTS = (
    "status_is", "stage", "portfolio", "new_portfolio", "unit", "as_of", "is_complete",
)  # fmt: skip
STATUS_IS = (
    ("color", "The color that was reported"),
    ("stage", "The stage of the project"),
    ("neither", "Neither: leave it out"),
)
SAMPLES = 3
SAMPLE_LENGTH = 40
MOST_WORDS = 12
UNITS = (
    ("", "as the mapping says"),
    ("1", "as they stand"),
    ("1000", "in thousands"),
    ("1000000", "in millions"),
)
ORDERS = (
    ("", "Find out from the whole column"),
    (DateOrder.DMY.value, "Day first: 31/12/2026"),
    (DateOrder.MDY.value, "Month first: 12/31/2026"),
)


def _stage_label(stage: Stage) -> str:
    return stage.label if stage in REPORTING else f"{stage.label} (no weekly update)"


class UploadForm(forms.Form):
    """The file, what its rows are, and how to start."""

    file = forms.FileField(
        label="File",
        help_text=f"Excel, OpenDocument, CSV or JSON, at most {DEFAULT.size // MEGABYTE} MB.",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.xlsb,.ods,.json"}
        ),
        error_messages={"empty": "The file is empty."},
    )
    record = forms.ChoiceField(
        label="Each row is about",
        choices=[(name, kind.label) for name, kind in RECORD_KINDS.items()],
    )
    profile = forms.ChoiceField(
        label="Mapping",
        required=False,
        help_text=words.MAPPING,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = ImportProfile.objects.order_by(*as_read("name", "pk")).values_list(
            "name", flat=True
        )
        known: Any = self.fields["profile"]
        known.choices = [
            ("", "Guess from the headers"),
            *((name, name) for name in saved),
            *profiles.titles().items(),
        ]

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > DEFAULT.size:
            raise forms.ValidationError(
                f"The file is larger than {DEFAULT.size // MEGABYTE} MB. Split it.",
                code="too_large",
            )
        return file


class ColumnsForm(forms.Form):
    """Which column is which field; one choice for each field that the kind of record has."""

    money_unit = forms.ChoiceField(label="Amounts are", choices=UNITS, required=False)
    date_order = forms.ChoiceField(label="Dates", choices=ORDERS, required=False)
    realign = forms.BooleanField(
        label="Put rows with too many or too few cells right", required=False
    )
    long_texts = forms.ChoiceField(label="Texts that are too long", required=False)
    status_is = forms.ChoiceField(
        label="What it is",
        choices=STATUS_IS,
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Say what this column is."},
    )
    stage = forms.ChoiceField(
        label="Stage of all new projects",
        choices=[("", "Choose a stage"), *((stage.value, _stage_label(stage)) for stage in Stage)],
        help_text="For rows that name no stage. Projects that Rounds has already stay where they are.",
        error_messages={
            "required": "Choose the stage in which new projects arrive, or the column that holds it."
        },
    )
    keep_column = forms.ChoiceField(
        label="Take only rows where", required=False, help_text="Leave empty to take all rows."
    )
    keep_values = forms.CharField(
        label="is one of",
        required=False,
        widget=Sentences(attrs={"rows": 3}),
        help_text="One value in each line.",
    )
    portfolio = forms.ModelChoiceField(
        label="Put the projects into",
        queryset=Portfolio.objects.order_by(*as_read("name", "pk")),
        required=False,
        empty_label="No portfolio",
    )
    new_portfolio = forms.CharField(
        label="Or into a new portfolio, named",
        required=False,
        max_length=120,
        help_text="For example All projects. Dashboards and summaries are made for portfolios.",
    )
    unit = UnitChoiceField(
        queryset=Unit.objects.none(),
        label="Unit, where a row names none",
        required=False,
        empty_label="None: new projects need a column with units",
    )
    as_of = forms.DateField(
        label="As of",
        required=False,
        widget=DayInput(),
        help_text="The rows are frozen under this date in the portfolio. Empty: they are today's.",
    )
    is_complete = forms.BooleanField(
        label="The file lists the whole portfolio: projects that it does not name leave it",
        required=False,
    )
    control = forms.DecimalField(
        label="Control total of the ledger",
        required=False,
        max_digits=16,
        decimal_places=2,
        help_text="What all rows of this file should add up to. The check says whether they do.",
    )
    save_as = forms.CharField(
        label="Save this mapping as",
        required=False,
        max_length=80,
        help_text="A name to choose it by next time; an existing one is replaced.",
    )

    def __init__(
        self,
        *args: Any,
        table: SourceTable,
        profile: Profile,
        run: ImportRun,
        by: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.profile, self.run, self.by = table, profile, run, by
        self.suggested = suggested_fields(table, profile.kind, known_names())
        headers = [("", "–"), *((header, header[:80]) for header in table.headers)]
        for field in profile.kind.fields:
            self.fields[f"to_{field.name}"] = self._column(field, headers)
        keep: Any = self.fields["keep_column"]
        keep.choices = headers
        self.mixed = mixed_header(table, profile.kind) if profile.kind is PROJECT else ""
        self.words = unknown_words(table, profile, "color", COLORS)
        for number, word in enumerate(self.words):
            self.fields[f"word_{number}"] = forms.ChoiceField(
                label=f"“{word}”", choices=Color.choices(),
                initial=Color.NONE.value,
            )  # fmt: skip
        self.foreign = ForeignWords(self, table, profile)
        if profile.kind is PROJECT:
            self._of_projects(by)
        else:
            for name in OF_PROJECTS:
                del self.fields[name]
        if profile.kind.is_of_projects:
            self.fields["project"] = project_field()
            self.fields["to_project"].required = False
        if profile.kind.name == "cost":
            with_currency(self)
        else:
            del self.fields["control"]
        self._of_rows()
        ask_for_year(self, table, profile, is_answered=bool(run.checks))
        self._start()

    def _of_rows(self) -> None:
        """Ask what becomes of rows that do not fit and of texts that are too long, where there are any."""
        if offered := words.realigned(self.table.misaligned, is_on=self.profile.hints.realign):
            self.fields["realign"].help_text = offered
        else:
            del self.fields["realign"]
        long: Any = self.fields["long_texts"]
        long.choices = words.long_text_choices(self.table, self.profile)
        if not long.choices:
            del self.fields["long_texts"]

    def _of_projects(self, by: User) -> None:
        """Fit what only a list of projects is asked about."""
        self.stage_words = unknown_words(
            self.table, self.profile, "stage", stage_words(self.profile.kind)
        )
        header = chosen_header(self.table, self.profile, "stage")
        rows = counted(self.table, header) if self.stage_words else {}
        for number, word in enumerate(self.stage_words):
            self.fields[f"stage_word_{number}"] = word_field(
                f"“{word}”",
                choices=[("", "Choose a stage"), *Stage.choices()],
                rows=rows.get(word, 0),
                guess=likely("stage", word, Stage.choices()),
            )
        units: Any = self.fields["unit"]
        units.queryset = units_for(by, Permission.PROJECT_CREATE)
        # a stage that every row has from the mapping needs no choice
        if "stage" in self.profile.constants:
            self.fields["stage"].required = False
        if not self.mixed or {"color", "stage"} & self.profile.sources.keys():
            del self.fields["status_is"]

    def _column(self, field: Field, headers: list[tuple[str, str]]) -> forms.ChoiceField:
        chosen = chosen_header(self.table, self.profile, field.name)
        suggested = self.suggested.get(field.name, "")
        return forms.ChoiceField(
            label=field.label,
            choices=headers,
            required=field.required,
            initial=chosen,
            help_text=_sample(self.table, chosen) or (suggested and f"Perhaps “{suggested[:60]}”"),
            error_messages={"required": f"Choose the column that holds {field.label}."},
        )

    def _start(self) -> None:
        """Fill in what the mapping says already."""
        profile, run = self.profile, self.run
        units = {str(s.unit) for n, s in profile.sources.items() if _is_money(profile.kind, n)}
        headers = {name: chosen_header(self.table, profile, name) for name in profile.sources}
        said = unit_said(self.table, profile.kind, headers)
        # proposed once: whoever answered otherwise is not asked again
        if said and units == {"1"} and not run.checks:
            units = {str(said)}
            self.fields["money_unit"].help_text = words.UNIT_SAID
        self.initial = {
            **self.initial,
            "money_unit": _only(units),
            "realign": profile.hints.realign,
            "long_texts": profile.long_texts.value,
            "date_order": profile.date_order.value if profile.date_order else "",
            "keep_column": present_header(self.table, [profile.keep.header])
            if profile.keep
            else "",
            "keep_values": "\n".join(sorted(profile.keep.accepted)) if profile.keep else "",
            "stage": profile.answers.stage,
            "portfolio": run.portfolio,
            "new_portfolio": profile.answers.portfolio,
            "unit": Unit.objects.filter(name=profile.constants.get("unit", "")).first(),
            "as_of": run.as_of or profile.as_of,
            "is_complete": run.is_complete,
            "project": profile.constants.get("project", ""),
            "control": self._control(),
        }

    def _control(self) -> Decimal | None:
        """Return the control total that was said, or the first time that of the file itself."""
        known = self.profile.answers.control
        if "control" not in self.fields or known is not None or self.run.checks:
            return known
        found = total_said(self.table, self.profile)
        if found:
            self.fields["control"].help_text = words.total_proposed(found.line)
        return found.amount if found else None

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("to_")]

    @property
    def mapped_fields(self) -> list[forms.BoundField]:
        """The fields that have a column or need one."""
        return [
            one
            for one in self.column_fields
            if one.value() or one.field.required or one.errors or one.html_name == "to_project"
        ]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        mapped = {one.html_name for one in self.mapped_fields}
        return [one for one in self.column_fields if one.html_name not in mapped]

    @property
    def word_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("word_")]

    @property
    def stage_word_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("stage_word_")]

    @property
    def other_word_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.foreign.names]

    @property
    def how_fields(self) -> list[forms.BoundField]:
        names = (
            "money_unit", "date_order", NAME, "realign", "long_texts", "keep_column", "keep_values",
        )  # fmt: skip
        return [self[name] for name in names if name in self.fields]

    @property
    def where_fields(self) -> list[forms.BoundField]:
        names = (*OF_PROJECTS, "project", "control", "save_as")
        return [self[name] for name in names if name in self.fields and name != "status_is"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = cleaned.get("status_is")
        if said in {"color", "stage"} and not cleaned.get(f"to_{said}"):
            cleaned[f"to_{said}"] = self.mixed
        if cleaned.get("to_stage"):
            self.errors.pop(
                "stage", None
            )  # the column says it; a blank cell is told of in the check
            cleaned.setdefault("stage", "")
        self._clean_portfolio(cleaned)
        if "project" in self.fields and not (
            cleaned.get("to_project") or cleaned.get("project") or "project" in self.errors
        ):
            self.add_error("to_project", words.NO_PROJECT)
        if cleaned.get("keep_column") and not cleaned.get("keep_values", "").strip():
            self.add_error("keep_values", "Say which values to take.")
        return cleaned

    def clean_project(self) -> str:
        """Return the code of the project that all rows belong to, "" for none."""
        said = str(self.cleaned_data["project"]).strip()
        return str(project_said(said, self.by).code) if said else ""

    def _clean_portfolio(self, cleaned: dict[str, Any]) -> None:
        chosen, new = cleaned.get("portfolio"), cleaned.get("new_portfolio", "")
        if cleaned.get("as_of") and not (chosen or new):
            self.add_error("portfolio", "Rows with a date need a portfolio to be frozen in.")
        if chosen and new:
            self.add_error("new_portfolio", "Choose a portfolio or name a new one, not both.")
        elif new and Portfolio.objects.filter(same(new, "name")).exists():
            self.add_error("new_portfolio", "This portfolio is there already. Choose it above.")

    def document(self) -> dict[str, Any]:
        """Return the mapping as chosen; what the form cannot show of the old one is kept."""
        chosen = self.cleaned_data
        document = dict(self.run.document)
        document["fields"] = self._fields()
        document["date_order"] = chosen["date_order"] or None
        document["constants"] = self._constants()
        if "realign" in self.fields:
            document["source"] = {**(document.get("source") or {}), "realign": chosen["realign"]}
        if "long_texts" in self.fields:
            document["long_texts"] = chosen["long_texts"]
        before = document.get("answers") or {}
        answers = {"stage": chosen.get("stage", ""), "portfolio": chosen.get("new_portfolio", "")}
        document["answers"] = {**before, **answers}
        if "control" in self.fields:
            given = chosen["control"]
            document["answers"]["control"] = None if given is None else str(given)
        document.pop("as_of", None)
        document.pop("keep", None)
        if chosen["keep_column"]:
            lines = chosen["keep_values"].splitlines()
            document["keep"] = {
                "column": chosen["keep_column"],
                "in": [line.strip() for line in lines if line.strip()],
            }
        return with_answer(document, self.table, chosen)

    def _constants(self) -> dict[str, str]:
        """Return what all rows share that name nothing else; a unit that was not chosen is taken out."""
        constants = dict(self.run.document.get("constants") or {})
        if "unit" in self.fields:
            constants.pop("unit", None)
            if unit := self.cleaned_data["unit"]:
                constants["unit"] = unit.name
        if "project" in self.fields:
            constants.pop("project", None)
            if code := self.cleaned_data["project"]:
                constants["project"] = code
        return constants

    def _fields(self) -> dict[str, Any]:
        before = self.run.document.get("fields") or {}
        mapped: dict[str, Any] = {}
        for field in self.profile.kind.fields:
            header = self.cleaned_data[f"to_{field.name}"]
            if not header:
                continue
            same = header == chosen_header(self.table, self.profile, field.name)
            known = before.get(field.name) if same else None
            entry = dict(known) if isinstance(known, dict) else {"from": [header]}
            if field.kind is CellKind.MONEY and self.cleaned_data["money_unit"]:
                entry["unit"] = self.cleaned_data["money_unit"]
            if field.kind is CellKind.COLOR and same:
                values: Any = entry.get("values") or {}
                entry["values"] = {**values, **self._words()}
            if field.name == "stage" and same:
                known_words: Any = entry.get("values") or {}
                entry["values"] = {**known_words, **self._stage_words()}
            if same and (said := self.foreign.said_of(field.name, self.cleaned_data)):
                known_said: Any = entry.get("values") or {}
                entry["values"] = {**known_said, **said}
            mapped[field.name] = entry
        return mapped

    def _words(self) -> dict[str, str]:
        answers = {word: self.cleaned_data[f"word_{n}"] for n, word in enumerate(self.words)}
        return {word: color for word, color in answers.items() if color != Color.NONE}

    def _stage_words(self) -> dict[str, str]:
        answers = {word: self.cleaned_data[f"stage_word_{n}"] for n, word in enumerate(self.stage_words)}  # fmt: skip
        return {word: stage for word, stage in answers.items() if stage}


def known_names() -> dict[Sort, frozenset[str]]:
    """Return the names of the units that are here, for columns that hold nothing else."""
    names = Unit.objects.values_list("name", flat=True)
    return {Sort.UNIT: frozenset(map(normalized, names))}


def _only(units: set[str]) -> str:
    """Return the one unit that all amounts share, if it is one that the form offers."""
    known = units or {"1"}
    return known.pop() if len(known) == 1 and known <= {value for value, _ in UNITS} else ""


def _is_money(kind: RecordKind, name: str) -> bool:
    return kind.field(name).kind is CellKind.MONEY


def _sample(table: SourceTable, header: str) -> str:
    if not header:
        return ""
    cells = (plain(value) for value in table.column(table.headers.index(header)))
    seen = list(dict.fromkeys(cell[:SAMPLE_LENGTH] for cell in cells if cell))[:SAMPLES]
    return " · ".join(seen)
