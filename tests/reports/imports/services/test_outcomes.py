"""What rows come to is packed, counted, and unpacked as it was."""

from reports.imports.domain import RECORD_KINDS, ImportRow
from reports.imports.services.outcomes import Outcomes
from reports.imports.services.setting import Change, Told, Written

PROJECT = RECORD_KINDS["project"]


def row(line: int, column: str = "", **values) -> ImportRow:
    return ImportRow(line, column, (str(line),), values, {}, {}, {})


def written(outcome: str, *changes: Change, told: tuple[Told, ...] = ()) -> Written:
    return Written(outcome, changes, 7, told)


def test_outcome_is_unpacked_as_it_was():
    change = Change("approved_budget", "Approved budget", "empty", "€ 1,000 – “ja”", is_far=True)
    said = written("updated", change, told=(Told.LATE, Told.NO_LINE))
    outcomes = Outcomes(PROJECT)

    outcomes.add(row(2), said)
    outcomes.add(row(5), written("unchanged"))

    assert outcomes.of(row(2)) == said
    assert isinstance(outcomes.of(row(2)).changes[0], Change)
    assert outcomes.of(row(3)) is None
    assert list(outcomes) == [said, written("unchanged")]


def test_records_in_columns_are_told_apart_by_their_column():
    outcomes = Outcomes(PROJECT)

    outcomes.add(row(2, "B"), written("created"))
    outcomes.add(row(2, "C"), written("updated"))

    assert outcomes.of(row(2, "B")).outcome == "created"
    assert outcomes.of(row(2, "C")).outcome == "updated"
    assert outcomes.of(row(2, "D")) is None


def test_what_is_told_of_all_rows_is_counted():
    color = Change("color", "Overall", "Green", "Red")
    outcomes = Outcomes(PROJECT)

    outcomes.add(row(2, stage="idea", color="red"), written("created", told=(Told.LATE,)))
    outcomes.add(row(3), written("created"))
    outcomes.add(row(4, color="red"), written("updated", color, told=(Told.LATE,)))
    outcomes.add(row(5, color="red"), written("unchanged"))
    outcomes.add(row(6, color="green"), written("updated", color))

    assert outcomes.counts == {"created": 2, "updated": 2, "unchanged": 1}
    assert outcomes.arriving == {"idea": 1, "": 1}
    assert outcomes.red == 2
    assert outcomes.told == {Told.LATE: 2}


def test_long_check_is_held_small():
    fields = PROJECT.fields[:20]
    outcomes = Outcomes(PROJECT)
    for number in range(300):
        changes = [Change(one.name, one.label, "empty", f"{one.label} {number}") for one in fields]
        outcomes.add(row(number + 2), written("created", *changes))

    assert sum(map(len, outcomes._packed.values())) / 300 < 500  # as tuples they were 2,500
