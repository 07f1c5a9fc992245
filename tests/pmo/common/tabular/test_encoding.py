import pytest

from pmo.common.tabular.encoding import decode
from pmo.common.tabular.errors import UnknownFileError

TEXT = "Name,Cost\r\nCafé “Süd” – the patient’s wing,£5\r\n"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_decode_finds_the_encoding(written, found):
    decoded = decode(TEXT.encode(written))

    assert (decoded.encoding, decoded.text) == (found, TEXT)


def test_decode_keeps_bytes_that_cp1252_does_not_define():
    decoded = decode(TEXT.encode("cp1252") + b"\x9d")

    assert (decoded.encoding, decoded.odd, decoded.text[-1]) == ("cp1252", 1, "\x9d")


def test_decode_named_encoding_that_does_not_fit_says_the_line():
    with pytest.raises(UnknownFileError, match=r"^Line 2 cannot be read as utf-8\."):
        decode(TEXT.encode("cp1252"), "utf-8")


def test_decode_named_encoding_that_does_not_exist():
    with pytest.raises(UnknownFileError, match="no encoding named “klingon”"):
        decode(b"a,b", "klingon")


def test_decode_refuses_binary():
    with pytest.raises(UnknownFileError, match="not a text file"):
        decode(b"a\0\0b\xff\x00c" * 11)


def test_decode_asks_the_adviser_when_neither_western_reading_is_plausible():
    text = "Название проекта;Бюджет\nНовая больница для детей;12\n" * 40

    assert decode(text.encode("cp1251")).text == text


def test_named_windows_encoding_is_read_as_browsers_do():
    assert decode("£5".encode("cp1252") + b"\x81", "windows-1252").text == "£5\x81"


def test_bytes_full_of_undefined_ones_are_no_windows_text():
    with pytest.raises(UnknownFileError, match="The encoding of this file cannot be told"):
        decode(b"\x81\x8d\x8f\x90\x9d" * 30, "cp1252")


def test_bytes_without_any_plausible_reading_still_give_text():
    decoded = decode(b"\x81\x8d\x8f\x90\x9d\xfe\xff\x80" * 30)

    assert len(decoded.text) > 0
