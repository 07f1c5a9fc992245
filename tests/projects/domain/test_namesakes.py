import doctest

from projects.domain import namesakes
from projects.domain.namesakes import Named, told_apart


def test_the_example_holds():
    assert doctest.testmod(namesakes).failed == 0


def test_the_first_tag_that_differs_among_all_of_a_name_is_taken():
    found = told_apart(
        [
            Named("John Smith", ("ICU", "EHR-01")),
            Named("John Smith", ("ICU", "FAC-01")),
            Named("John Smith", ("Lab", "FAC-02")),
        ]
    )

    assert found == ["John Smith (EHR-01)", "John Smith (FAC-01)", "John Smith (FAC-02)"]


def test_one_of_them_may_have_no_tag():
    assert told_apart([Named("Kim", ("",)), Named("Kim", ("Lab",))]) == ["Kim", "Kim (Lab)"]


def test_what_nothing_tells_apart_keeps_its_name():
    assert told_apart([Named("Kim"), Named("Kim")]) == ["Kim", "Kim"]
