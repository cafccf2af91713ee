"""The publishers' files as a whole: how many rows they have, and how many things are left out."""

from pathlib import Path

import pytest
from published import loaded

pytestmark = pytest.mark.slow

_MEASURED = ("2020-mm-ooni-measurements", "20191123-ooni-measurements-iran-fastpath")
_LISTS = ("cis", "cn", "kz", "ru", "sg", "ua", "uz")
#: Files, rows, and things that are left out, counted by hand: REIGN's pairs of rulers, indexes that were not
#: computed, Transkei, Hong Kong where a state is asked for; shutdowns that end before they begin, requests
#: from nowhere and from the Virgin Islands.
_WHOLE = [
    ("country-codes", ["country-codes/country-codes.csv"], 249, 0),
    ("reign", ["reign/leaderlist_3_21.csv", "reign/regime_list.csv", "reign/electionlist_3_21.csv"], 7502, 9),
    ("un-egov", [f"un-egov/egdi-{year}.csv" for year in (2010, 2012, 2014, 2016, 2018)], 965, 12),
    ("freedom-of-the-press", ["freedom-of-the-press/Press freedom - Freedom House (2017).csv"], 6528, 8),
    ("rsf", ["rsf-press-freedom/owid_press_freedom_rsf.csv"], 1619, 0),
    ("keepiton", ["accessnow-keepiton/Keepiton_raw_dataset.xlsx"], 1118, 3),
    ("keepiton", ["accessnow-keepiton/access_now_snapshot_2026-05-20.parquet"], 2102, 3),
    ("ooni", [f"ooni/{name}.csv" for name in _MEASURED], 4374, 0),
    ("ooni", ["ooni/ir-blocked-not-blocked-urls.csv"], 8913, 0),
    ("test-lists", [f"citizenlab-test-lists/lists/{code}.csv" for code in _LISTS], 3961, 0),
    ("state-media", ["state-media-profiles/State_Media_Matrix.csv"], 1156, 0),
    ("google-removals", ["google-removals/google-government-removals.json"], 27991, 4),
    ("mass-mobilization", ["mass-mobilization/Protest_Time_and_Type.csv"], 4558, 0),
    ("mass-mobilization", ["mass-mobilization/protestnum.csv"], 4558, 0),
    ("vdem-pandem", ["vdem-pandem/pandem_TS_v6.1.xlsx"], 720, 1),
]


@pytest.mark.parametrize(("name", "files", "rows", "lost"), _WHOLE, ids=[files[0] for _, files, *_ in _WHOLE])
def test_a_whole_file_loads(name: str, files: list[str], rows: int, lost: int, shared: Path) -> None:
    _, became = loaded(name, *(shared / "datasets" / file for file in files))
    assert (became.rows, became.lost) == (rows, lost)
