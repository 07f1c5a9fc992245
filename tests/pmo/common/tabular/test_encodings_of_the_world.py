"""Words of other languages, in the encodings that programs there write: right, or somebody is asked."""

import pytest

from pmo.common.tabular import CautionKind, Hints, read
from pmo.common.tabular.encoding import decode

JAPANESE = ("新病棟の建設", "電子カルテ更新", "手術室の改修")
WORDS = {
    "shift_jis": JAPANESE,
    "euc_jp": JAPANESE,
    "euc_kr": ("신축 병동", "전자 의무 기록", "수술실 개보수"),
    "gb18030": ("新病房楼建设", "电子病历系统", "手术室改造"),
    "big5": ("新病房大樓", "電子病歷系統", "手術室改建"),
    "cp1250": ("Łódź szpital", "Příbram nemocnice", "Győr kórház"),
    "iso8859-2": ("Łódź szpital", "Příbram nemocnice", "Győr kórház"),
    "cp1251": ("Новая больница", "Ремонт отделения", "Закупка томографа"),
    "koi8-r": ("Новая больница", "Ремонт отделения", "Закупка томографа"),
    "cp1252": ("Café Süd", "Hôpital général", "Señor Núñez"),
    "mac-roman": ("Café Süd", "Hôpital général", "Señor Núñez"),
    "cp1253": ("Νέα πτέρυγα", "Ακτινολογικό τμήμα", "Χειρουργείο"),
    "cp1254": ("İstanbul şubesi", "Göğüs cerrahisi", "Ağrı kliniği"),
    "cp1257": ("Rīgas slimnīca", "Ķirurģijas nodaļa", "Žalgirio ligoninė"),
}
# enough words in these, and nobody has to be asked
CERTAIN = ("shift_jis", "euc_kr", "gb18030", "big5", "cp1250", "cp1251", "cp1253", "mac-roman")


def table_in(encoding: str, rows: int) -> tuple[str, bytes]:
    names = WORDS[encoding]
    lines = [f"P-{row},{names[row % len(names)]}" for row in range(rows)]
    text = "\r\n".join(["Code,Name", *lines])
    return text, text.encode(encoding)


@pytest.mark.parametrize("rows", [1, 2, 3, 30])
@pytest.mark.parametrize("encoding", WORDS)
def test_words_are_right_or_somebody_is_asked(encoding, rows):
    text, data = table_in(encoding, rows)
    decoded = decode(data)

    assert decoded.text == text or decoded.is_doubted
    if decoded.is_doubted:
        assert any(decode(data, one.name).text == text for one in decoded.others)


@pytest.mark.parametrize("encoding", CERTAIN)
def test_thirty_names_are_read_right_and_nobody_is_asked(encoding):
    text, data = table_in(encoding, 30)
    decoded = decode(data)

    assert (decoded.text, decoded.is_doubted) == (text, False)


def test_names_in_german_or_french_on_windows_are_asked_about_by_nobody():
    text = "Code,Name\r\nP-1,Küche Süd\r\nP-2,Gebäude für Ärzte\r\nP-3,Rénovation de l’étage"

    assert decode(text.encode("cp1252")).text == text
    assert not decode(text.encode("cp1252")).is_doubted


def test_a_doubted_encoding_is_said_with_the_table_and_can_be_chosen():
    _, data = table_in("cp1254", 1)
    table = read(data)

    assert CautionKind.ENCODING in {one.kind for one in table.cautions}
    assert [one.name for one in table.encodings if "İstanbul" in one.words] == ["cp1254"]
    assert read(data, Hints(encoding="cp1254")).rows[0].cells[1] == "İstanbul şubesi"


def test_encodings_that_give_the_same_words_are_offered_once():
    _, data = table_in("euc_kr", 30)
    shown = [one.words for one in decode(data).others]

    assert len(shown) == len(set(shown))
