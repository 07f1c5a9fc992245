"""The risk map: worst first, every cell with its number, word and address."""

from risks.charts import COLUMNS, level, risk_map
from risks.words import risk_map as words


def test_map_places_each_count_in_its_cell():
    rows = risk_map(
        {(5, 1): 2, (1, 5): 1}, lambda likelihood, impact: f"{likelihood}-{impact}", words.cell
    )

    assert [row.label for row in rows] == [
        "Almost certain",
        "Likely",
        "Possible",
        "Unlikely",
        "Rare",
    ]
    assert COLUMNS == ("Minimal", "Minor", "Moderate", "Major", "Severe")
    counts = [[cell.count for cell in row.cells] for row in rows]
    assert counts == [[2, 0, 0, 0, 0], *[[0] * 5] * 3, [0, 0, 0, 0, 1]]
    first, last = rows[0].cells[0], rows[4].cells[4]
    assert (first.word, first.level, first.url) == ("Moderate", "m", "5-1")
    assert (first.label, last.label) == (
        "2 risks, Almost certain, Minimal",
        "1 risk, Rare, Severe",
    )


def test_levels_are_the_tints_of_the_style_sheet():
    assert [level(1, 1), level(2, 2), level(3, 3), level(5, 5)] == ["l", "m", "h", "vh"]
