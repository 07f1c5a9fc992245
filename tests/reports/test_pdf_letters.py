"""Whatever people write, a PDF comes out, tagged; what cannot be printed is replaced and counted."""

import re
import shutil
import subprocess

import pytest
import typst
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reports import pdf
from reports.pdf import summary_pdf
from reports.pdf.faces import FAMILIES, OWN, faces, letters_in
from reports.pdf.letters import BOX, REPLACED, Printer, clusters, folded
from tests.any_text import BULLET, TEXTS

NONE = {"rows": [], "total": 0, "more": 0}


def data(text=""):
    """Return what a summary of one red project prints, with the text wherever people write."""
    one = {
        "color": "red",
        "name": text,
        "code": text,
        "manager": text,
        "changed": text,
        "why": text,
        "data_says": text,
        "comment": text,
        "over": "",
        "share": "",
        "finish": "",
        "is_late": False,
        "slip": "",
    }
    return {
        "title": f"Weekly summary: {text}",
        "subtitle": "Data as of Sunday",
        "office": f"{text}, project management office",
        "on": [2026, 11, 15],
        "is_draft": False,
        "proof": "Seal",
        "attributions": [],
        "tone": "red",
        "headline": f"One. {text}. Two.",
        "note": text,
        "words_note": "",
        "facts": [],
        "decisions": NONE,
        "attention": {"rows": [one], "total": 1, "more": 0},
        "landing": [],
        "money": "",
        "money_note": "",
        "money_facts": [],
        "risks": NONE,
        "missed": NONE,
        "soon": NONE,
        "ended": NONE,
        "new": NONE,
        "on_track": NONE,
        "owing": NONE,
        "unsent": NONE,
        "freshness": "Fresh.",
    }


@pytest.fixture
def refused(monkeypatch):
    """The texts that the typesetter refused at first."""
    found = []
    monkeypatch.setattr(pdf, "folded", lambda value: (found.append(value), folded(value))[1])
    return found


def text_of(content, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed here")
    path = tmp_path / "summary.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    return done.stdout


def printed(text):
    printer = Printer(faces().families)
    return printer.printable(text), printer.lost


@pytest.mark.parametrize("name", TEXTS)
def test_texts_as_people_paste_them_are_printed_at_the_first_try(name, refused):
    content = summary_pdf(data(TEXTS[name]))

    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content
    assert refused == []


@given(st.text())
@hypothesis_settings(max_examples=100, deadline=None)
def test_every_text_gives_a_pdf(text):
    assert summary_pdf(data(text)).startswith(b"%PDF-")


@given(st.text())
def test_what_is_printable_stays_so_and_what_is_lost_is_said(text):
    first, lost = printed(text)

    assert printed(first)[0] == first
    assert lost >= first.count(BOX) + first.count(REPLACED) - text.count(BOX) - text.count(REPLACED)


@pytest.mark.parametrize(
    ("text", "expected", "lost"),
    [
        ("Übergabe, naïve", "Übergabe, naïve", 0),
        ("e\u0301", "é", 0),
        ("Больница Νοσοκομείο Łódź ≤ → ₿", "Больница Νοσοκομείο Łódź ≤ → ₿", 0),
        ("✅ 🎉 👩‍⚕️ 👍🏽 🇩🇪", "✅ 🎉 👩‍⚕️ 👍🏽 🇩🇪", 0),
        ("日本", BOX * 2, 2),
        ("ไม่มี", BOX * 3, 3),
        (f"{BULLET} first", f"{REPLACED} first", 1),
        ("a\u202eb\u0000\u0007c\ufeffd\ud800e\ufffff", "abcdef", 0),
        ("one\r\ntwo\u2028three\tfour", "one\ntwo\nthree four", 0),
        ("\u3000x", " x", 0),
    ],
)
def test_the_rule_of_letters(text, expected, lost):
    assert printed(text) == (expected, lost)


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("👩‍⚕️", ["Noto Emoji"]),
        ("1️⃣", ["Noto Sans Symbols"]),
        ("❤️‍🔥", ["Noto Emoji"]),
        ("z\u0334", ["Noto Sans"]),
        ("Ä ⚕ ❤ 👩 1 ✓ 🇩🇪", []),
    ],
)
def test_a_sign_whose_parts_are_in_several_fonts_is_set_in_the_one_that_has_it_whole(
    text, families
):
    printer = Printer(faces().families)

    printer.printable(text)

    assert list(printer.whole.values()) == families


def test_flags_joined_emoji_and_marks_are_one_sign_each():
    assert clusters("🇩🇪🇫🇷") == ["🇩🇪", "🇫🇷"]
    assert clusters("👩‍⚕️x") == ["👩‍⚕️", "x"]
    assert clusters("👍🏽q̃\n\u0301") == ["👍🏽", "q̃", "\n", "\u0301"]
    assert clusters("🏴󠁧󠁢󠁥󠁮󠁧󠁿a") == ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a"]


def test_private_codes_are_printed_as_no_letters_of_another_font(tmp_path):
    said = text_of(summary_pdf(data("A\ue000B \uf0b7C")), tmp_path)

    assert f"A{REPLACED}B {REPLACED}C" in said
    assert "fb" not in said.partition("A�")[2][:4]
    assert re.search(r"\d+ characters cannot be printed", said)


def test_joined_emoji_keep_their_parts_in_the_text(tmp_path):
    said = text_of(summary_pdf(data("X👩‍⚕️Y")), tmp_path)

    assert "👩" in said
    assert "cannot be printed" not in said


def test_characters_that_no_font_has_are_counted_below(tmp_path):
    one = data() | {"note": "日"}

    assert "1 character cannot be printed and stands as □ or �." in text_of(
        summary_pdf(one), tmp_path
    )
    assert "cannot be printed" not in text_of(summary_pdf(data("Wing")), tmp_path)


def test_a_document_that_is_refused_anyway_comes_in_plain_letters(monkeypatch, caplog, tmp_path):
    compile_document = typst.compile

    def strict(*args, **kwargs):
        if not kwargs["sys_inputs"]["data"].isascii():
            raise typst.TypstError("could not be displayed", "", [], [])
        return compile_document(*args, **kwargs)

    monkeypatch.setattr(pdf.typst, "compile", strict)

    content = summary_pdf(data("Übergabe 日 – naïve\nzwei"))

    assert "plain letters" in caplog.text
    assert "Ubergabe ? ? naive" in text_of(content, tmp_path)


def test_every_script_that_must_print_is_in_our_fonts():
    ours = frozenset().union(*(face.letters for face in faces().families))
    must = [
        *range(0x20, 0x7F),
        *range(0xA0, 0x250),
        *range(0x400, 0x482),
        *range(0x391, 0x3A2),
        *range(0x1F600, 0x1F650),
        *map(ord, "✓✔✗•●○■□▪◆★☆☐☑⚠→←↑↓⇒≤≥≠≈±×÷∞√∑Ωµ°€£¥₿™©®№½⅓‰…–—“”„‹›①②"),
    ]

    assert [chr(code) for code in must if code not in ours and code != 0xAD] == []
    assert [face.family for face in faces().families] == list(FAMILIES)


def test_a_font_of_the_hospital_is_used_and_a_broken_one_is_left_out(tmp_path, settings, caplog):
    (tmp_path / "deep").mkdir()
    ttlib = pytest.importorskip("fontTools.ttLib")
    font = ttlib.TTFont(OWN / "RoundsSans-Regular.ttf")
    for table in font["cmap"].tables:
        table.cmap = {0x65E5: table.cmap[ord("A")]}
    for record in font["name"].names:
        record.string = record.toUnicode().replace("Rounds", "Theirs")
    font.save(tmp_path / "deep" / "theirs.TTF")
    (tmp_path / "broken.otf").write_bytes(b"OTTO" + bytes(40))
    (tmp_path / "readme.txt").write_text("no font")
    settings.FONT_DIR = str(tmp_path)

    found = faces()

    assert [face.family for face in found.families] == [*FAMILIES, "Theirs Sans"]
    assert found.families[-1].letters == {0x65E5}
    assert printed("日本") == (f"日{BOX}", 1)
    assert summary_pdf(data("日 ✅")).startswith(b"%PDF-")


def collection(path, *faces):
    """Write a collection of fonts, each with its name and the codes that look like an A in it."""
    ttlib = pytest.importorskip("fontTools.ttLib")
    whole = ttlib.TTCollection()
    for name, codes in faces:
        font = ttlib.TTFont(OWN / "RoundsSans-Regular.ttf")
        for table in font["cmap"].tables:
            table.cmap = dict.fromkeys(codes, table.cmap[ord("A")])
        for record in font["name"].names:
            record.string = record.toUnicode().replace("Rounds", name)
        whole.fonts.append(font)
    whole.save(path)


def test_a_collection_is_read_face_by_face_and_asked_in_its_own_order(tmp_path, settings):
    collection(tmp_path / "2.ttc", ("Alpha", {0x65E5}))
    collection(tmp_path / "1.ttc", ("Zulu", {0x65E5}), ("Bravo", {0x65E5, 0x672C}))
    settings.FONT_DIR = str(tmp_path)

    theirs = faces().families[len(FAMILIES) :]

    assert [(face.family, face.letters) for face in theirs] == [
        ("Zulu Sans", {0x65E5}),
        ("Bravo Sans", {0x65E5, 0x672C}),
        ("Alpha Sans", {0x65E5}),
    ]
    assert printed("日本語") == (f"日本{BOX}", 1)
    (tmp_path / "out").mkdir()
    assert "日" in text_of(summary_pdf(data("日本")), tmp_path / "out")


def test_what_a_font_maps_is_read_as_other_tools_read_it():
    ttlib = pytest.importorskip("fontTools.ttLib")
    for path in sorted(OWN.glob("*.ttf")):
        glyphs = ttlib.TTFont(path).getBestCmap()
        theirs = {code for code, glyph in glyphs.items() if glyph != ".notdef"}
        ours = set(next(letters_in(path.read_bytes())))
        assert (theirs - ours, ours - theirs - {0xFFFF}) == (set(), set()), path.name
