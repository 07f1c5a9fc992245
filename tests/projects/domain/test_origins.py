from projects.domain.origins import LONGEST, imported_from, is_imported, origin_of


def test_mark_of_a_table_says_its_name_and_fits():
    assert imported_from("projects12.xlsx") == "Imported from projects12.xlsx"
    long = imported_from("a" * 80)
    assert (len(long), long[-1], is_imported(long)) == (LONGEST, "…", True)


def test_origin_is_said_for_what_the_manager_did_not_publish_here():
    assert origin_of("") == ""
    assert origin_of("Amber/Red") == "Published as Amber/Red"
    assert origin_of("Imported from a.csv") == "Imported from a.csv"
    assert not is_imported("Amber/Red")
