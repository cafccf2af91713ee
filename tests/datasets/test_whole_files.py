"""The publishers' files as a whole: how many rows they have, and how many things are left out."""

from pathlib import Path

import pytest
from published import loaded

pytestmark = pytest.mark.slow

#: Files, rows, and things that are left out, counted by hand: REIGN's pairs of rulers, indexes that were not
#: computed, Transkei, Hong Kong where a state is asked for.
_WHOLE = [
    ("country-codes", ["country-codes/country-codes.csv"], 249, 0),
    ("reign", ["reign/leaderlist_3_21.csv", "reign/regime_list.csv", "reign/electionlist_3_21.csv"], 7502, 9),
    ("un-egov", [f"un-egov/egdi-{year}.csv" for year in (2010, 2012, 2014, 2016, 2018)], 965, 12),
    ("freedom-of-the-press", ["freedom-of-the-press/Press freedom - Freedom House (2017).csv"], 6528, 8),
    ("rsf", ["rsf-press-freedom/owid_press_freedom_rsf.csv"], 1619, 0),
    ("vdem-pandem", ["vdem-pandem/pandem_TS_v6.1.xlsx"], 720, 1),
]


@pytest.mark.parametrize(("name", "files", "rows", "lost"), _WHOLE, ids=[name for name, *_ in _WHOLE])
def test_a_whole_file_loads(name: str, files: list[str], rows: int, lost: int, shared: Path) -> None:
    _, became = loaded(name, *(shared / "datasets" / file for file in files))
    assert (became.rows, became.lost) == (rows, lost)
