"""Rules about the code that no linter knows; each message says what to do instead."""

import ast
import re
from pathlib import Path

import pytest

from tests.tree import ROOT, code, files_with, name_of, text_files

pytestmark = pytest.mark.slow

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
LONGEST_TEMPLATE = 300
WIDEST_TEMPLATE = 160  # characters of one line
# Where the environment is read or handed on, and why; everything else asks django.conf.settings.
READS_THE_ENVIRONMENT = {
    "starting/telling.py": "names a log file also where the settings do not load",
    "pmo/env.py": "the helpers of the settings",
    "pmo/celery.py": "names the settings module",
    "pmo/wsgi.py": "names the settings module",
    "pmo/asgi.py": "names the settings module",
    "pmo/common/background/healthcheck.py": "a script that must not load the settings",
    "pmo/common/management/commands/rounds.py": "hands the environment on to its processes",
}
# Who may read the first values of the organization from the settings.
FIRST_VALUES = re.compile(
    r"settings\b.{0,3}\b(ORGANIZATION_NAME|CURRENCY|FISCAL_YEAR_START_MONTH|TIME_ZONE)\b"
    r"|\bget_default_timezone\b"
)
READS_FIRST_VALUES = {"pmo/organization/defaults.py": "the organization until it is saved"}
# Functions in services that are less or more than one write, and why.
NOT_ONE_WRITE = {
    "reports/services/summaries.py compile_summary": "reads for seconds, then writes once",
    "reports/services/variance.py make_variance": "reads for seconds, then writes once",
    "projects/services/milestones.py move_dates": "a part of publishing a status update",
    "reports/imports/services/direct.py import_now": "three services in a row",
    "reports/imports/services/runs.py apply": "writes in chunks, one write each",
    "reports/imports/services/undoing.py undo": "takes back in chunks, one write each",
    "reports/services/early.py request_freeze": "asks, then freezes or queues, one write each",
    "reports/services/early.py freeze_early": "judges in lots, so that nobody waits, then writes once",
    "reports/services/early.py run_freeze_early": "the job of it",
}
# Calls that write.
WRITES = {"save", "create", "bulk_create", "get_or_create", "update", "delete", "atomic", "execute"}
# Written in pieces, or this file would be the one that names them.
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "npmjs" + ".com"]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|opt|root|farm|home)/\w|(?<![\w.])/tmp/\w")
MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
# The container's own root directory; nothing of any machine.
IN_CONTAINER = {"docker-compose.yml", "Dockerfile"}


def lines_of(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_files_stay_short():
    long = {
        name_of(path): lines_of(path)
        for path in files_with(".py", ".css", ".js", ".html")
        if "migrations" not in path.parts and lines_of(path) > LONGEST_FILE
    }

    assert long == {}, "Split by noun: a module becomes a package."


def test_functions_stay_short():
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in files_with(".py")
        if "migrations" not in path.parts
        for node in functions_of(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }

    assert long == {}, "Give the parts names of their own."


def test_templates_stay_short():
    long = {
        name_of(path): lines_of(path)
        for path in files_with(".html")
        if lines_of(path) > LONGEST_TEMPLATE
    }

    assert long == {}, "Move a part into a partial or a component."


def test_templates_stay_narrow():
    wide = {
        f"{name_of(path)}:{number}": len(line)
        for path in files_with(".html", ".txt")
        if path.is_relative_to(ROOT / "templates")
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if len(line) > WIDEST_TEMPLATE
    }

    assert wide == {}, (
        "One element a line, the attributes of a long tag one a line, a long row in a partial; "
        "a long sentence of a tag goes into `{% with %}`."
    )


def environment_names() -> set[str]:
    """Return every variable that the settings read, from the calls of the env helpers."""
    names = set()
    for call in ast.walk(ast.parse(text_of(ROOT / "pmo" / "settings.py"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if not (call.func.id.startswith("env_") or call.func.id == "secret_of"):
            continue
        if not (call.args and isinstance(call.args[0], ast.Constant)):
            continue
        name = call.args[0].value
        names.add(name)
        if call.func.id in {"env_secret", "secret_of"}:
            names.add(f"{name}_FILE")
    return names


def test_every_setting_from_the_environment_is_in_the_example_file_and_no_other():
    example = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text_of(ROOT / ".env.example"), re.M)

    assert sorted(example) == sorted(environment_names())


def test_only_the_settings_read_the_environment():
    readers = {
        name_of(path) for path in code() if re.search(r"\bos\.(environ|getenv)\b", text_of(path))
    }

    assert readers == set(READS_THE_ENVIRONMENT), "Ask django.conf.settings."


def test_only_the_first_organization_reads_its_values_from_the_settings():
    readers = {name_of(path) for path in code() if FIRST_VALUES.search(text_of(path))}

    assert readers == set(READS_FIRST_VALUES), (
        "Ask organization(): the environment says only what held at first."
    )


def is_whole_write(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a service takes its values by name and is one write, which says its clashes."""
    decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
    return not node.args.args and "all_or_nothing" in decorators


def test_every_service_takes_its_values_by_name_and_writes_all_or_nothing():
    writes = {
        f"{name_of(path)} {node.name}": is_whole_write(node)
        for path in code()
        if "services" in path.with_suffix("").parts
        for node in functions_of(path)
        if not node.name.startswith("_") and "by" in {a.arg for a in node.args.kwonlyargs}
    }

    assert len(writes) > 30
    assert {name for name, whole in writes.items() if not whole} == set(NOT_ONE_WRITE), (
        "A service is keyword-only and @all_or_nothing."
    )


def test_a_page_or_resource_opens_no_transaction_and_writes_no_row():
    writing = {
        f"{name_of(path)} {ast.unparse(call.func)}"
        for path in code()
        if {"views", "api", "endpoints"} & set(path.with_suffix("").parts)
        for call in ast.walk(ast.parse(text_of(path)))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in WRITES and ast.unparse(call.func) != "context.update"
    }

    assert writing == set(), "Call a service: only there a clash of two writers becomes a sentence."


def test_nothing_names_a_package_registry():
    naming = {
        (name_of(path), host)
        for path in text_files()
        for host in REGISTRY_HOSTS
        if host in text_of(path)
    }

    assert naming == set()


def test_lock_files_hold_no_address():
    for path in (ROOT / "requirements").iterdir():
        found = re.findall(r"^.*(?:://|--index-url|--find-links|file:).*$", text_of(path), re.M)
        assert found == [], name_of(path)


def test_lock_files_pin_every_package_by_hash():
    for name in ("base", "dev"):
        text = text_of(ROOT / "requirements" / f"{name}.txt").replace("\\\n", "")
        packages = [line for line in text.splitlines() if re.match(r"\w", line)]
        assert len(packages) > 20
        assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_nothing_names_a_path_of_one_machine():
    naming = {
        f"{name_of(path)}: {line.strip()}"
        for path in text_files()
        if path.name not in IN_CONTAINER and path != Path(__file__).resolve()
        for line in text_of(path).splitlines()
        if MACHINE_PATHS.search(line)
    }

    assert naming == set()


def test_nothing_is_left_for_later():
    marked = {
        f"{name_of(path)}: {line.strip()}"
        for path in files_with(".py", ".html", ".css", ".js", ".sh")
        for line in text_of(path).splitlines()
        if MARKS.search(line)
    }

    assert marked == set(), "Do it now, or leave it out."


def test_every_silenced_check_names_its_code_and_a_reason():
    silent = {
        f"{name_of(path)}: {line.strip()}"
        for path in code()
        for line in text_of(path).splitlines()
        if re.search(r"#\s*(noqa|type:\s*ignore)", line)
        and not re.search(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\])( #)? ?- \S", line)
        and not re.search(r"# type: ignore\[[\w, -]+\]\s+# \S", line)
    }

    assert silent == set(), "Write `# noqa: CODE - why`."


INLINE = re.compile(
    r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|<script(?![^>]*\b(?:src|type=\"application/json\"))",
    re.I,
)


@pytest.mark.parametrize("path", files_with(".html"), ids=name_of)
def test_page_has_nothing_that_the_content_policy_forbids(path):
    if "emails" in path.parts:
        pytest.skip("A mail carries its style with it; no policy applies there.")
    without_comments = re.sub(
        r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text_of(path), flags=re.S
    )

    assert [line.strip() for line in without_comments.splitlines() if INLINE.search(line)] == []


ROLE = re.compile(r"{%\s*(?:el)?if[^%]*\b(role|roles|is_staff|is_superuser|perms)\b")


@pytest.mark.parametrize("path", files_with(".html"), ids=name_of)
def test_page_decides_nothing_from_a_role(path):
    assert [line.strip() for line in text_of(path).splitlines() if ROLE.search(line)] == [], (
        "Let the view pass a boolean that the policy computed."
    )


def test_what_drives_chromium_lies_where_it_is_looked_for():
    mark = ".".join(("mark", "browser"))
    outside = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if mark in path.read_text(encoding="utf-8") and path.parent.name != "browser"
    ]

    assert outside == [], "`make test` collects the browser's tests from tests/browser alone."
