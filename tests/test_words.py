"""What people read lies in the rooms for words, says one thing one way, and is found if it strays."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.tree import ROOT, code, files_with, name_of

FEWEST_WORDS = 3  # of a sentence; a label of one or two may stand where it is used
# Parts of a path whose files may hold sentences, and why; every one of them is in use.
ROOMS = {
    "words": "the room for what pages, documents, mails and files tell",
    "words.py": "the same of a package that needs one file only",
    "models": "labels of fields and choices stand with them",
    "models.py": "the same",
    "forms": "labels, hints and errors of fields stand with them",
    "forms.py": "the same",
    "status_forms.py": "the same",
    "filters.py": "the same for the fields that narrow a list",
    "serializers": "the same for the fields of the API, which its description prints",
    "serializers.py": "the same",
    "validators.py": "a refusal arises where the rule is",
    "services": "the same",
    "services.py": "the same",
    "category_services.py": "the same",
    "api": "labels of filters, refusals and descriptions of the API",
    "api.py": "the same",
    "endpoints.py": "the same",
    "status_api.py": "the same",
    "domain": "reasons arise with the figure that they explain",
    "management": "what a command tells stands with the command",
    "commands.py": "the same of the command that sets Rounds up",
    "demo": "the texts of a made-up hospital",
    "starting": "what a start tells before anything is installed has its own room",
}
# Files elsewhere, with the reason; none may stay here that holds no sentence any more.
MISSING = "says why a figure is missing where it is found missing"
REFUSES = "a refusal arises where the rule is"
STAY = {
    "pmo/accounts/acting.py": "refuses a job whose person lost the right",
    "pmo/accounts/api_filters.py": REFUSES,
    "pmo/accounts/holdings.py": REFUSES,
    "pmo/accounts/lists/cells.py": "refuses a cell of a list of people",
    "pmo/accounts/lists/people.py": "refuses a row of a list of people",
    "pmo/accounts/lists/results.py": "labels the effects of a row",
    "pmo/accounts/lists/units.py": "refuses a row of a list of units",
    "pmo/accounts/policy.py": "says which role a refused reader lacks",
    "pmo/accounts/resources.py": REFUSES,
    "pmo/accounts/roles.py": "declares each role with what it may do",
    "pmo/accounts/views/people_files.py": "holds the rows of the sample lists",
    "pmo/common/background/first_start.py": "tells the console of a start what it does",
    "pmo/common/background/jobs.py": "says in a job's row why it failed",
    "pmo/common/background/leases.py": "says of a running job when its worker was last alive",
    "pmo/common/background/mailing.py": "says of a mail why it was not sent",
    "pmo/common/background/readiness.py": "says to a machine why the work cannot be done",
    "pmo/common/background/standing.py": "refuses a start on a database of another version",
    "pmo/common/background/supervisor.py": "tells the console that a process ended",
    "pmo/common/background/watchdog.py": "tells the console why the background was started again",
    "pmo/common/local/days.py": REFUSES,
    "pmo/common/page/component_examples.py": "fills the page of components with examples",
    "pmo/common/page/errors.py": "says what the address of an error page stands for",
    "pmo/common/page/once.py": "refuses and answers a form that was sent twice",
    "pmo/common/page/formats.py": "the one home of how figures are written, below every room",
    "pmo/common/records/bounds.py": REFUSES,
    "pmo/common/records/broken_rules.py": "says which rule of the database was broken",
    "pmo/common/records/fields.py": REFUSES,
    "pmo/common/records/guards.py": "writes conditions in SQL",
    "pmo/common/records/uploads.py": REFUSES,
    "pmo/common/records/doubts.py": REFUSES,
    "pmo/common/records/phi.py": "holds patterns, which look like sentences",
    "pmo/common/records/writing.py": REFUSES,
    "pmo/common/tabular/alignment.py": "says what is wrong in a row",
    "pmo/common/tabular/delimited.py": "says what is wrong in a table",
    "pmo/common/tabular/jsonfile.py": "says what is odd about a file",
    "pmo/common/tabular/reading.py": "refuses a file that is no table",
    "pmo/common/tabular/workbook.py": "says what is wrong in a workbook",
    "pmo/common/templatetags/rounds.py": "names the parts of small drawings for screen readers",
    "pmo/organization/axes.py": REFUSES,
    "pmo/organization/bands.py": "names the bands on offer, and refuses others",
    "pmo/organization/defaults.py": "names the first categories",
    "pmo/organization/first_run/link.py": "prints the commands that make a link",
    "pmo/organization/first_run/printing.py": "prints the set-up link on the console",
    "pmo/organization/locks.py": REFUSES,
    "pmo/organization/rhythm.py": REFUSES,
    "pmo/settings.py": "describes the API",
    "projects/selectors/bridges.py": MISSING,
    "projects/selectors/change_control.py": "refuses a decision, with what each level may approve",
    "projects/selectors/changes.py": "labels what a change request waits for",
    "projects/selectors/earned_value.py": MISSING,
    "projects/selectors/figures.py": MISSING,
    "projects/selectors/funding.py": MISSING,
    "projects/selectors/months.py": MISSING,
    "projects/selectors/plan_file.py": "names the calendar of a schedule file",
    "projects/selectors/rollup.py": "names the part of the money that nobody named",
    "reports/selectors/building.py": MISSING,
    "reports/selectors/landing.py": "names the row of all finished projects",
    "reports/selectors/money.py": "names the groups of what nobody named, and says what is missing",
    "risks/measures.py": "a reason arises with the color that it explains",
}

SENTENCE = re.compile(r"^\W*(?:[A-Z“]|\{\})|[.?!:]$")
WORD = re.compile(r"[A-Za-z’']{2,}|\{\}")
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|WITH|PRAGMA|SET|TRUNCATE)\b")
LOGS = {"debug", "info", "warning", "error", "exception", "critical"}


def is_sentence(text: str) -> bool:
    """True for what reads like a sentence for people: some words, a capital or an end."""
    if "<" in text or STATEMENT.match(text) or not SENTENCE.search(text.strip()):
        return False
    return len(WORD.findall(text)) >= FEWEST_WORDS and bool(re.search(r"[a-z}] [a-z{]", text))


def _written(node: ast.JoinedStr) -> str:
    """Return an f-string with {} for each slot."""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOGS
        and "log" in ast.unparse(node.func.value).lower()
    )


def texts_of(node: ast.AST) -> Iterator[str]:
    """Yield the texts of a tree, without docstrings, refusals that are raised and logs."""
    if _is_docstring(node) or _is_log(node) or isinstance(node, ast.Raise):
        return
    if isinstance(node, ast.JoinedStr):
        yield _written(node)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts_of(child)


def is_room(name: str) -> bool:
    return any(part in ROOMS for part in Path(name).parts)


def strays_in(source: str) -> list[str]:
    return [text for text in texts_of(ast.parse(source)) if is_sentence(text)]


@cache
def strays() -> dict[str, list[str]]:
    """Return the sentences that lie outside the rooms, by file."""
    found = {
        name_of(path): strays_in(path.read_text(encoding="utf-8"))
        for path in code()
        if not is_room(name_of(path))
    }
    return {name: texts for name, texts in found.items() if texts}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('title = "The calendar is saved."', ["The calendar is saved."]),
        ('text = f"{count} of {total} are late."', ["{} of {} are late."]),
        ('page(label="New funding source")', ["New funding source"]),
        ('def f():\n    """A docstring is no sentence for people."""', []),
        ('raise RefusalError("This was saved by another person.")', []),
        ('logger.warning("The queue could not be read: %s.", error)', []),
        ('names = ["Add risk", "projects:project_list", "two or more words"]', []),
        ('sql = "SELECT name FROM projects WHERE it is late"', []),
    ],
)
def test_a_planted_sentence_is_found(planted, found):
    assert strays_in(planted) == found


def test_sentences_lie_in_the_rooms_for_words():
    found = {name: texts for name, texts in strays().items() if name not in STAY}

    assert found == {}, "What is told belongs into `words/`, whole, with named slots."


def test_no_exception_is_stale():
    found = set(strays())
    parts = {part for path in code() for part in Path(name_of(path)).parts}

    assert set(STAY) - found == set(), "This file holds no sentence any more."
    assert set(ROOMS) - parts == set(), "There is no such room any more."


# What pages do not say -> what they say instead.
NEVER = {
    r"slip(s|ped|ping)?\b": "late (against the baseline), overdue (date passed, not done)",
    r"behind\b(?! plan\b)": "late, or behind plan",
    r"out of (date|reach|time|budget)\b": "over budget, late, no longer current",
    r"somebody\b": "who it is, or a person",
    r"nobody\b": "who is missing: no owner yet, no manager",
    r"each 1 (spent|planned)\b": "value earned per $1, progress against plan",
    r"(the )?middle (project|one)\b": "median",
    r"project in the middle\b": "median",
    r"pace in time\b": "schedule pace",
    r"should be done\b": "planned",
    r"(shut out|take (it |this )?(away|off|out))\b": "deactivate, remove",
    r"waits for\b(?! (you|me)\b)": "predecessors, waiting for",
    r"ring\b": "loop",
    r"mend(ed|s)?\b": "fix",
    r"comput(e|es|ed|ing)\b": "calculate, recalculate",
    r"e-mail\b": "email",
    r"silent\b": "missing, without an update",
    r"(you|they) may see\b": "you can see",
    r"[$£€][\d.,]+\s[kKMB]\b": "$390K, $11.7M",
    r"[$£€][\d.,]+(?-i:k)\b": "$390K",
}
SPOKEN_BY = re.compile(r"(^|/)(words|forms)(/|\.py$)|(^|/)(filters|status_forms)\.py$")
TAGS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<(script|style).*?</\1>", re.S)
SAID = re.compile(r"([\w-]+)=\"([^\"{}<>]*)\"")
READ_ALWAYS = {"title", "aria-label", "placeholder", "alt"}
# Attributes that nobody reads, whatever they hold.
UNREAD = re.compile(
    r"class|cls|style|d|points|viewBox|hx-.*|data-.*|content|rel|href|src|sizes|id|name|value|for"
    r"|aria-labelledby|type"
)


def template_texts(source: str) -> list[str]:
    """Return what a template says: text between tags, and sentences in attributes and `with`."""
    source = TAGS.sub(" ", source)
    said = [
        text
        for name, text in SAID.findall(source)
        if name in READ_ALWAYS or (" " in text and not UNREAD.fullmatch(name))
    ]
    plain = re.sub(r"{%.*?%}|{{.*?}}", "\n", source, flags=re.S)
    plain = re.sub(r"<[^>]*>", "\n", plain, flags=re.S)
    return said + [" ".join(line.split()) for line in plain.split("\n") if line.strip()]


def spoken() -> Iterator[tuple[str, str]]:
    """Yield the file and the text of all that people read in templates, words and forms."""
    for path in files_with(".html", ".txt"):
        if path.is_relative_to(ROOT / "templates"):
            for text in template_texts(path.read_text(encoding="utf-8")):
                yield name_of(path), text
    for path in code():
        if SPOKEN_BY.search(name_of(path)) and "demo" not in path.parts:
            for text in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
                if " " in text:
                    yield name_of(path), text


def forbidden_in(text: str) -> list[str]:
    return [
        f"{text} ({instead})"
        for pattern, instead in NEVER.items()
        if re.search(rf"(?<![\w-]){pattern}", text, re.IGNORECASE)
    ]


@cache
def said_wrong() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in spoken():
        if wrong := forbidden_in(text):
            found.setdefault(name, []).extend(wrong)
    return found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("3 milestones slipped", True),
        ("The finish is late", False),
        ("$4.5M behind plan", False),
        ("The project is falling behind", True),
        ("Enter your work e-mail", True),
        ("Forecast cost is $390 K over budget", True),
        ("Forecast cost is $390K over budget", False),
        ("Somebody saved this", True),
        ("During the week, spring is near", False),
    ],
)
def test_a_planted_word_is_found(text, is_found):
    assert bool(forbidden_in(text)) == is_found


def test_pages_words_and_forms_say_one_thing_one_way():
    assert said_wrong() == {}


# Words that the glossary does not say for its own idea, and pages say for another.
IN_ANOTHER_SENSE = {
    "ahead": "“ahead of plan” is the glossary's own, and settings look years ahead",
    "apply": "the button of a filter",
    "behind": "“behind plan” is the glossary's own",
    "delay": "how long a field waits before it asks the server",
    "edit": "the button that opens a form",
    "filter": "what narrows the rows of a list",
    "finished": "work that is complete, and the day on which it was",
    "header": "a part of a request to the API",
    "health": "the panel that compares declared and measured colors",
    "is done": "a task, a milestone or a day's work is done",
    "level": "of approval, of effort, and of a task in its outline",
    "missed": "an objective without its project",
    "new": "what was not there before",
    "note": "the text beside a cost entry",
    "obligation": "what a regulation or contract demands of a request",
    "problem": "what a request wants solved",
    "phase": "a part of the name of an example",
    "report": "the weekly summary and the variance report",
    "revoke": "to end a token of the API",
    "says nothing": "of an older figure that misleads near the end",
    "schedule": "the axis, and a plan's file",
    "severity": "of an issue; a risk has impact",
    "status": "the axis of a status update, declared and measured",
    "type": "to type a text",
    "undo": "takes back an import of a plan, or what was just clicked",
    "waits for": "what a person has to do next",
    "value of work": "what planned value is the value of",
    "variance at completion": "the field's term beside the plain name",
}


def unsaid() -> set[str]:
    """Return the words of the glossary's last column; what it explains in brackets is left out."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[3] for line in lines if line.startswith("| ")][2:]
    words = {word.strip() for cell in cells for word in re.split(r"[,;]", cell)}
    return {word for word in words if word and "(" not in word}


@cache
def said_against_the_glossary() -> dict[str, list[str]]:
    """Return the words of the last column that are said outside of reports, and where."""
    texts = [(name, text) for name, text in spoken() if "reports/" not in name]
    found = {
        word: [
            f"{name}: {text}"
            for name, text in texts
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
        ]
        for word in unsaid()
    }
    return {word: where for word, where in found.items() if where}


def test_the_glossary_is_kept():
    found = {
        word: where
        for word, where in said_against_the_glossary().items()
        if word not in IN_ANOTHER_SENSE
    }

    assert found == {}


def test_no_other_sense_is_stale():
    assert set(IN_ANOTHER_SENSE) - set(said_against_the_glossary()) == set()
