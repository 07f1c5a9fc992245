"""One reading of names for searching and ordering, the same on every database."""

import ast
import re
import unicodedata
from collections.abc import Iterator

import pytest
from django.db import connection

from pmo.accounts.roles import Role
from pmo.common.folding import fold
from pmo.common.records.search import NAMES, as_read, found, same
from projects.models import Project
from reports.models import Snapshot
from reports.services.snapshots import refresh
from tests.factories import MemberFactory, ProjectFactory, RiskFactory, UserFactory, person
from tests.tree import code, name_of

pytestmark = pytest.mark.django_db


def folded_by_database(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        rows = []
        for text in texts:
            cursor.execute("SELECT rounds_folded(%s)", [text])
            rows.append(cursor.fetchone()[0])
    return rows


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("ÉCLAIRAGE", "eclairage"),
        ("éclairage", "eclairage"),
        ("Äpfel", "apfel"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("ΟΔΌΣ", "οδοσ"),
        ("İstanbul", "istanbul"),
        ("Йод", "иод"),
        ("ＥＨＲ－０１", "ehr-01"),
        ("日本語", "日本語"),
        ("O’Brien", "o'brien"),
        ("Oʼbrien", "o'brien"),
        ("“New” wing", '"new" wing'),
        ("St\u2011John", "st-john"),
        ("2026–2027", "2026-2027"),
        ("−5", "-5"),
        ("co\u00adop", "coop"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("مُحَمَّد", "محمد"),
        ("كـــتاب", "كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("مبنى ١٢٣", "مبنى 123"),
        ("۴۵۶", "456"),
        ("भवन ७", "भवन 7"),
        ("New  Wing", "new wing"),
        ("New\u00a0\u2003 Wing", "new wing"),
        ("New\u200b \u200b Wing", "new wing"),
        ("Neuer   Flügel", "neuer flugel"),
    ],
)
def test_a_text_is_read_without_case_and_accents(said: str, read: str) -> None:
    assert fold(said) == read
    assert folded_by_database([said]) == [read]


def test_every_letter_is_folded_alike_by_the_database() -> None:
    """Old letters that newer Unicode versions give a case are left out: servers know them later."""
    letters = [
        chr(code)
        for code in range(1, 0x2FFF)
        if unicodedata.category(chr(code))[0] in "LMNPSZ"
        or (
            unicodedata.category(chr(code)) == "Cf"
            and unicodedata.ucd_3_2_0.category(chr(code)) != "Cn"
        )
    ]
    words = [f"a{letter}b" for letter in letters]
    other = [
        (word, here, there)
        for word, here, there in zip(
            words, map(fold, words), folded_by_database(words), strict=True
        )
        if here != there
    ]
    assert len(words) > 5000
    assert other == []


@pytest.mark.parametrize("words", ["éclairage", "eclairage", "ÉCLAIRAGE", "  Eclairage ", "clair"])
def test_a_search_finds_whatever_the_accents_and_capitals(words: str) -> None:
    lit = ProjectFactory(name="ÉCLAIRAGE du bloc")
    ProjectFactory(name="Chauffage")
    assert list(Project.objects.filter(found(Project, words))) == [lit]


@pytest.mark.parametrize("kept", ["New  Wing", "New Wing", "New\u00a0 Wing", "Ne\u00adw Wing"])
@pytest.mark.parametrize("words", ["New  Wing", "new wing", " New\u00a0Wing", "w wi"])
def test_a_name_is_found_however_many_blanks_stand_in_it(words: str, kept: str) -> None:
    wing = ProjectFactory(name="x")
    write = "UPDATE projects_project SET name = %s WHERE id = %s"  # of before blanks were collapsed
    with connection.cursor() as cursor:
        cursor.execute(write, [kept, wing.pk])
    assert list(Project.objects.filter(found(Project, words))) == [wing]


def test_a_name_is_kept_with_one_blank_between_its_words() -> None:
    wing = ProjectFactory(name="\u2028 New  Wing\u00a0\n2 ")
    wing.refresh_from_db()
    assert wing.name == "New Wing 2"
    wing.name = "  A\t\tB "
    wing.full_clean()
    assert wing.name == "A B"


@pytest.mark.parametrize("words", ["%", "_", "\\", "'"])
def test_no_sign_in_a_search_stands_for_others(words: str) -> None:
    ProjectFactory(name="Plain")
    marked = ProjectFactory(name=f"a {words} b")
    assert list(Project.objects.filter(found(Project, words))) == [marked]


def test_a_project_is_found_by_name_by_code_and_by_its_manager() -> None:
    project = MemberFactory(user=UserFactory(name="Zoë Müller"), project__code="EHR-01").project
    MemberFactory(user=UserFactory(name="Zoe Other"), role=Role.SPONSOR)
    for words in (project.name, "ehr-01", "zoe muller"):
        assert list(Project.objects.filter(found(Project, words))) == [project]


def test_names_stand_as_people_expect_and_equal_ones_by_age() -> None:
    names = ["Zebra", "AI", "Äpfel", "Access", "apfel", "Öl", "Access", "Oil"]
    made = [ProjectFactory(name=name) for name in names]
    found_order = list(Project.objects.order_by(*as_read("name", "pk")))
    assert [one.name for one in found_order] == [
        "Access",
        "Access",
        "AI",
        "Äpfel",
        "apfel",
        "Oil",
        "Öl",
        "Zebra",
    ]
    assert [one.pk for one in found_order[:2]] == [made[3].pk, made[6].pk]
    turned = Project.objects.order_by(*as_read("-name", "pk"))
    assert [one.name for one in turned][:2] == ["Zebra", "Öl"]


def test_the_same_name_is_known_in_any_writing() -> None:
    known = ProjectFactory(name="Große Säle")
    ProjectFactory(name="Große Säle 2")
    assert list(Project.objects.filter(same("GROSSE SALE", "name"))) == [known]


API = "/api/v1/"


def listed(client, path: str) -> list[str]:
    answer = client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.content
    return [one.get("name") or one["title"] for one in answer.json()["results"]]


def test_the_api_finds_what_the_pages_find(client) -> None:
    project = MemberFactory(
        user=UserFactory(name="Zoë Müller"), project__code="EHR-01", project__name="Télésanté"
    ).project
    RiskFactory(project=project, title="Délai")
    ProjectFactory()
    refresh(Project.objects.values_list("pk", flat=True))
    client.force_login(person(Role.PMO_LEAD))
    for words in ("EHR-01", "ehr-0", "telesante", "zoe muller"):
        assert listed(client, f"projects/?search={words}") == ["Télésanté"]
        assert "Télésanté" in client.get(f"/projects/?q={words}").content.decode()
        assert listed(client, f"snapshots/?search={words}") == ["Télésanté"]
        assert "Télésanté" in client.get(f"/find/?q={words}").content.decode()
    assert listed(client, "risks/?search=delai") == ["Délai"]
    assert listed(client, "risks/?search=EHR-01") == ["Délai"]
    assert Snapshot.objects.live().count() == 2


def test_the_api_orders_names_as_the_pages_do(client) -> None:
    for name in ("Zebra", "AI", "Äpfel", "Access"):
        ProjectFactory(name=name)
    client.force_login(person(Role.PMO_LEAD))
    assert listed(client, "projects/?ordering=name") == ["Access", "AI", "Äpfel", "Zebra"]
    assert listed(client, "projects/?ordering=-name") == ["Zebra", "Äpfel", "AI", "Access"]


@pytest.mark.parametrize(
    "path",
    ["projects/?stage=delivery&stage=closing", "jobs/?page=1&page=2", "people/?search=a&search=b"],
)
def test_a_filter_given_twice_is_refused_with_a_sentence(client, path: str) -> None:
    client.force_login(person(Role.ADMINISTRATOR if path.startswith("people") else Role.PMO_LEAD))
    answer = client.get(f"{API}{path}")
    assert answer.status_code == 400
    assert "Give this filter once" in answer.content.decode()


BARE = re.compile(r"__(?:icontains|istartswith|iendswith)\b")
PICKS = {"sort", "sorted", "min", "max"}
READ_BY = {"as_read", "by_name", "fold"}


def called(node: ast.AST) -> str:
    """Return the name of the function that a call calls, "" for what is no call."""
    return str(
        getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
    )


def is_name(said: object) -> bool:
    return isinstance(said, str) and said.removeprefix("-").rpartition("__")[2] in NAMES


def bare_names(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the names below a node that no reading has folded."""
    if called(node) in READ_BY or isinstance(node, ast.Compare):
        return
    word = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", None)
    if is_name(word):
        yield node
    for below in ast.iter_child_nodes(node):
        yield from bare_names(below)


def bare_orders(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that order by a name as it is stored: by `order_by`, or by the key of a sort."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        orders: list[ast.AST] = []
        if called(call) == "order_by":
            orders += call.args
        if called(call) in PICKS:
            keys = [one.value for one in call.keywords if one.arg == "key"]
            orders += [functions.get(getattr(key, "id", ""), key) for key in keys]
        if any(True for order in orders for _ in bare_names(order)):
            yield call.lineno


def test_nothing_is_searched_or_ordered_past_the_one_reading() -> None:
    past = []
    for path in code():
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        wrong = {number for number, line in enumerate(lines, 1) if BARE.search(line)}
        wrong.update(bare_orders(ast.parse(text)))
        past += [f"{name_of(path)}: {lines[number - 1].strip()}" for number in sorted(wrong)]
    assert len(code()) > 300
    assert past == [], (
        "order with as_read or by_name, search with found: see pmo/common/records/search.py"
    )


@pytest.mark.parametrize(
    "bare",
    [
        'rows.order_by("-strength", "objective__name", "pk")',
        'rows.order_by(\n    "-strength",\n    F("unit__name").desc(),\n)',
        "sorted(lines, key=lambda line: (line.days, line.name))",
        'marks.sort(key=lambda mark: mark["name"])',
        "def order(one):\n    return one.days, one.title\nmax(found, key=order)",
    ],
)
def test_an_order_by_a_bare_name_is_seen_in_any_writing(bare: str) -> None:
    assert list(bare_orders(ast.parse(bare)))


@pytest.mark.parametrize(
    "read",
    [
        'rows.order_by("-strength", *as_read("objective__name", "pk"))',
        "sorted(lines, key=lambda line: (line.days, *by_name(line.name, line.pk)))",
        'marks.sort(key=lambda mark: fold(mark["name"]))',
        'sorted(rows, key=lambda row: row.name == "Other")',
    ],
)
def test_an_order_by_names_as_they_are_read_is_let_through(read: str) -> None:
    assert not list(bare_orders(ast.parse(read)))
