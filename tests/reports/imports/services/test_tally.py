"""What rows come to is counted over all of them."""

from reports.imports.domain import ImportRow
from reports.imports.services.setting import Change, Told, Written
from reports.imports.services.tally import CheckTally


def row(line: int, **values) -> ImportRow:
    return ImportRow(line, "", (str(line),), values, {}, {}, {})


def written(outcome: str, *changes: Change, told: tuple[Told, ...] = ()) -> Written:
    return Written(outcome, changes, 7, told)


def test_what_is_told_of_all_rows_is_counted():
    color = Change("color", "Overall", "Green", "Red")
    tally = CheckTally()

    tally.add(row(2, stage="idea", color="red"), written("created", told=(Told.LATE,)))
    tally.add(row(3), written("created"))
    tally.add(row(4, color="red"), written("updated", color, told=(Told.LATE,)))
    tally.add(row(5, color="red"), written("unchanged"))
    tally.add(row(6, color="green"), written("updated", color))

    assert tally.counts == {"created": 2, "updated": 2, "unchanged": 1}
    assert tally.arriving == {"idea": 1, "": 1}
    assert tally.red == 2
    assert tally.told == {Told.LATE: 2}
