"""Content packs: read with every fault at once, written so that they read back as the same."""

import pytest

from pmo.common.records import phi
from projects.project_templates.domain.checking import checked, read_pack, settled
from projects.project_templates.domain.texts import texts_of
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.shipped import FOLDER, shipped_documents
from tests.any_text import TEXTS

FILES = sorted(FOLDER.glob("*.yaml"))
TELEHEALTH = (FOLDER / "telehealth.yaml").read_text(encoding="utf-8")
SMALL = """
schema: rounds.template/1
code: small
name: A small one
category: digital
lane: strategic
phases:
  - {key: P1, name: Only phase}
tasks:
  - {id: T01, phase: P1, name: Build, days: 5, after: [], role: pm}
  - {id: GL, phase: P1, name: Go-live, days: 0, after: [T01], milestone: go_live}
budget:
  illustrative_total: 1000
  lines:
    - {name: Work, kind: operating, share: 1}
roles:
  - {key: pm, name: Manager}
stakeholders:
  - {group: Nurses, category: nursing, power: high, interest: high, now: neutral, wanted: supportive}
risks:
  - {id: R1, name: Late, consequence: 2, likelihood: 3, score: 6, response: reduce, owner: pm, action: Look weekly}
measures:
  - {name: Visits, unit: "%", direction: up, baseline: 4, target: 20, kind: adoption}
"""


def faults_of(text):
    return [(fault.line, fault.sentence) for fault in read_pack(text).faults]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_each_shipped_file_is_sound_and_reads_back_as_the_same(file):
    read = read_pack(file.read_text(encoding="utf-8"))

    assert read.faults == []
    assert read_pack(written(read.document)).document == read.document


def test_six_files_are_shipped():
    assert [one["code"] for one in shipped_documents()] == [file.stem for file in FILES]
    assert len(FILES) == 6


def test_no_text_of_a_shipped_file_looks_like_a_patient():
    doubtful = [text for one in shipped_documents() for text in texts_of(one) if phi.findings(text)]

    assert doubtful == []


def test_a_small_file_is_read_and_gets_its_length():
    document = read_pack(SMALL).document

    assert (document["length_working_days"], document["go_live_day"]) == (5, 5)


@pytest.mark.parametrize(
    ("before", "after", "line", "sentence"),
    [
        ("after: [T01]", "after: [T09]", 11, "Task GL: the link T09 names T09, which is not in this template."),
        ("after: [T01]", 'after: ["T01:SS-3"]', 11, "Task GL: the lag of T01:SS-3 is negative. Write an overlap as SS + lag."),
        ("after: [T01]", "after: [T01, T01]", 11, "Task GL: T01 is named twice. Two tasks have one link."),
        ("after: [T01]", "after: []", 9, "A plan starts with one task; these wait for nothing: T01, GL."),
        ("days: 5, after: []", "days: 5, after: [GL]", 9, "These tasks wait for each other in a loop: "),
        ("role: pm}\n  - {id: GL", "role: cio}\n  - {id: GL", 10, "Task T01: “role” names cio, which is not in this template."),
        ("share: 1}", "share: 0.9}", 14, "The shares of the budget add up to 0.9, not to 1."),
        ("score: 6", "score: 7", 21, "Risk R1: the score is 6, consequence times likelihood."),
        ("owner: pm", "owner: nobody", 21, "Risk R1: “owner” names nobody, which is not in this template."),
        ("name: Build, days", "name: Build, and test, days", 10, "Task T01: “and test” is no field of it. Put a name that holds a comma in quotes."),
        ("days: 5", "days: 0", 10, "Task T01: it has no days and is no milestone."),
        ("lane: strategic", "lane: fast", 6, "The lane is one of mandatory, strategic, operational."),
        ("code: small", "code: small\nlength_working_days: 7", 4, "“length_working_days” says 7; its tasks take 5 working days."),
        ("milestone: go_live", "milestone: gate, gate: G3", 9, "One milestone is the go-live: its id is GL, its kind go_live."),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_line(before, after, line, sentence):
    assert before in SMALL

    found = faults_of(SMALL.replace(before, after, 1))

    assert any(at == line and said.startswith(sentence) for at, said in found), found


def test_all_faults_are_said_at_once():
    broken = SMALL.replace("after: [T01]", "after: [T09]").replace("owner: pm", "owner: x")
    broken = broken.replace("lane: strategic", "lane: fast")

    assert [line for line, _ in faults_of(broken)] == [6, 11, 21]


def test_9e_a_negative_lag_is_refused_and_an_overlap_is_start_to_start():
    with_lead = TELEHEALTH.replace('"T01:SS+3"', '"T01:FS-3"')

    assert [said for _, said in faults_of(with_lead)] == [
        "Task T02: the lag of T01:FS-3 is negative. Write an overlap as SS + lag."
    ]
    assert faults_of(TELEHEALTH.replace('"T01:SS+3"', '"T01:SS+2"')) == []


def test_a_loop_is_named():
    looped = SMALL.replace(
        "  - {id: GL,",
        "  - {id: T02, phase: P1, name: Test, days: 2, after: [T03], role: pm}\n"
        "  - {id: T03, phase: P1, name: Mend, days: 2, after: [T02, T01], role: pm}\n"
        "  - {id: GL,",
    ).replace("after: [T01], milestone", "after: [T03], milestone")

    found = [said for _, said in faults_of(looped)]

    assert len(found) == 1
    assert "in a loop: T02 → T03 → T02" in found[0] or "in a loop: T03 → T02 → T03" in found[0]


@pytest.mark.parametrize(
    "text",
    ["", "{", "- a\n- b", "a: &x 1\nb: *x", "a: 1\na: 2", "x" * 1_000_001, "\t", "a: !!python/object:os.system 1"],
)  # fmt: skip
def test_what_is_no_template_is_refused_in_a_sentence(text):
    faults = read_pack(text).faults

    assert faults
    assert all(fault.sentence.endswith(".") for fault in faults)


def test_an_unsound_document_of_any_shape_is_only_a_list_of_faults():
    odd = [None, 3, "x", [], {}, [None], [{"id": []}], {"lines": 3}]
    whole = settled(read_pack(SMALL).document)

    for name in whole:
        for value in odd:
            assert isinstance(checked({**whole, name: value}), list)


def test_the_shipped_files_say_what_the_given_ones_say():
    """Names that hold a comma are whole: unquoted, they would be cut at it."""
    documents = {one["code"]: one for one in shipped_documents()}

    assert documents["ehr_rollout"]["tasks"][0]["name"] == (
        "Charter and sponsor team (operations, medicine, nursing)"
    )
    assert documents["value_based_care"]["risks"][4]["action"] == (
        "Two-way audit, additions and deletions"
    )


@pytest.mark.parametrize(
    "said", ["{a: .nan}", "{a: .inf}", "{a: true}", "{a: 0}", "{a: -3}", "{a: [1]}"]
)
def test_a_size_is_a_number_above_nothing_or_a_short_text(said):
    text = SMALL.replace("code: small", f"code: small\nscale: {said}")

    assert faults_of(text) == [
        (4, "The scale is a list of sizes: names with numbers above 0 or short texts.")
    ]


def test_the_project_category_is_a_code():
    text = SMALL.replace("code: small", "code: small\nproject_category: [1]")

    assert faults_of(text) == [(4, "The project category is the code of a category.")]


@pytest.mark.parametrize("said", [".inf", "-.inf", ".nan", "1.0e+400", "-1.0e+400"])
@pytest.mark.parametrize(
    ("field", "stands"), [("days", "days: 5"), ("score", "score: 6"), ("share", "share: 1}")]
)
def test_what_is_larger_than_any_number_is_a_fault_and_stops_nothing(field, stands, said):
    end = "}" if stands.endswith("}") else ""
    (fault,) = faults_of(SMALL.replace(stands, f"{field}: {said}{end}"))

    assert fault[1].endswith(f"“{field}” is no number.")


@pytest.mark.parametrize("half", ["\\ud800", "\\udc00 \\ud800"])
def test_half_a_character_is_a_fault_with_its_line(half):
    line = SMALL.split("\n").index("name: A small one") + 1
    in_text = SMALL.replace("name: A small one", f'name: "A {half} small one"')
    in_name = f'{SMALL}"{half}": 1\n'

    assert faults_of(in_text) == [(line, "Half a character stands here. Type the text again.")]
    assert faults_of(in_name)[0][1] == "Half a character stands here. Type the text again."


@pytest.mark.parametrize(
    "letters",
    [
        *TEXTS.values(),
        "\x7f\x80\x85\x9f",
        "end\u2028of\u2029line",
        "\ufeff\ufffe\uffff\ufdd0",
        "#: - {[&*!|>%@`'\"\\",
        "null ~ yes 1_000 0x1f 1:30",
    ],
)
def test_any_letters_read_back_as_the_same(letters):
    document = read_pack(SMALL).document
    document["risks"][0]["action"] = f" {letters} \n {letters} "
    document["name"] = " ".join(letters.split())[:200] or "x"

    read = read_pack(written(document))

    assert (read.faults, read.document) == ([], document)


@pytest.mark.parametrize("end", ["\\n", "\\r", "\\u2028", "\\x85"])
def test_a_line_is_one_line_however_it_ends(end):
    (fault,) = faults_of(SMALL.replace("name: Build", f'name: "Build{end}it"'))

    assert fault[1] == "Task T01: “name” is one line of text."


def test_rows_that_differ_in_blanks_alone_are_one_row_twice():
    row = next(line for line in SMALL.split("\n") if "group: Nurses" in line)
    twice = row.replace("Nurses", "Ward nurses"), row.replace("Nurses", '"Ward  nurses"')

    (fault,) = faults_of(SMALL.replace(row, "\n".join(twice)))

    assert fault[1] == "Stakeholders: Ward nurses is there 2 times."
