"""State media: outlets, who owns, pays and steers them, their sites and accounts."""

import csv
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_ROW = {
    "Region": "Asia", "Country": "Kazakhstan", "Media company": "Steppe Media Holding",
    "Main assets": "Steppe Morning News",
    "URL": "https://www.steppe-morning.example/", "Typology": "SC", "Status": "", "Notes": "",
    "Instagram Link": "", "Twitter Link": "", "Facebook Link": "", "Telegram Link": "",
}  # fmt: skip
_OUTLET = "?o a kg:MediaOutlet ; kg:country ?where"


def _write(path: Path, *changes: dict[str, str], encoding: str = "utf-8-sig") -> Path:
    path.write_bytes(csv_bytes([{**_ROW, **each} for each in changes], encoding=encoding))
    return path


def test_an_outlet_has_its_type_its_owner_and_its_site(tmp_path: Path) -> None:
    graph, became = loaded("state-media", _write(tmp_path / "media.csv", {}))
    assert became.problems == ()
    said = (
        f"{_OUTLET} ; kg:outletKind ?kind ; kg:ownedBy ?owner ; kg:website ?site ; "
        "kg:fundedBy ?pays ; kg:controlledBy ?steers"
    )
    assert answers(graph, said, "o", "where", "kind", "owner", "site", "pays", "steers") == {
        ("actor/steppe-morning-news", "country/KZ", "stateControlled", "actor/steppe-media-holding",
         "site/steppe-morning-example", "country/KZ", "country/KZ")
    }  # fmt: skip
    assert conforms(graph)


@pytest.mark.parametrize(
    ("code", "kind", "is_funded", "is_steered"),
    [
        ("CaPu", "capturedPublic", False, True), ("CaPr", "capturedPrivate", False, True),
        ("ISFM", "stateFundedAndManaged", True, False), ("ISF", "stateFunded", True, False),
        ("ISM", "stateManaged", False, False), ("IP", "independentPublic", False, False),
    ],
)  # fmt: skip
def test_the_type_says_who_pays_and_who_steers(
    tmp_path: Path, code: str, kind: str, is_funded: bool, is_steered: bool
) -> None:
    graph, _ = loaded("state-media", _write(tmp_path / "media.csv", {"Typology": code}))
    assert answers(graph, "?o kg:outletKind ?kind", "kind") == {(kind,)}
    assert bool(answers(graph, "?o kg:fundedBy ?by", "by")) == is_funded
    assert bool(answers(graph, "?o kg:controlledBy ?by", "by")) == is_steered


def test_outlets_of_one_name_in_two_countries_are_two(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "media.csv",
        {"Main assets": "Daily Morning News", "Country": "Botswana"},
        {"Main assets": "Daily Morning News", "Country": "Tanzania"},
        {"Main assets": "KTX", "Media company": "Kazakh Television Extra (KTX)"},
    )
    graph, became = loaded("state-media", file)
    assert became.problems == ()
    assert answers(graph, _OUTLET, "o", "where") == {
        ("dataset/state-media/bw-daily-morning-news", "country/BW"),
        ("dataset/state-media/tz-daily-morning-news", "country/TZ"),
        ("dataset/state-media/kz-ktx", "country/KZ"),
    }
    assert not answers(graph, "<https://w3id.org/kgraph/id/dataset/state-media/kz-ktx> kg:ownedBy ?o", "o")


def test_an_outlet_that_is_known_is_that_outlet_and_may_have_several_sites(tmp_path: Path) -> None:
    changes = [
        {"Country": "Qatar", "Main assets": "Al Jazeera", "URL": f"https://{n}.example/"} for n in "ab"
    ]
    graph, became = loaded("state-media", _write(tmp_path / "media.csv", *changes))
    assert became.problems == ()
    assert answers(graph, "?o kg:website ?s", "o", "s") == {
        ("outlet/al-jazeera", "site/a-example"), ("outlet/al-jazeera", "site/b-example")
    }  # fmt: skip
    assert conforms(graph)


def test_an_account_is_on_its_platform_by_its_handle(tmp_path: Path) -> None:
    file = _write(tmp_path / "media.csv", {
        "Instagram Link": "https://www.instagram.com/steppe_news", "Twitter Link": "https://twitter.com/steppe.news.kz",
        "Facebook Link": "https://www.facebook.com/steppe news", "Telegram Link": "https://t.me/steppe",
    })  # fmt: skip
    graph, became = loaded("state-media", file)
    assert became.problems == ()
    said = "?a a kg:Account ; kg:accountHolder ?o ; kg:onPlatform ?on OPTIONAL { ?a kg:handle ?handle }"
    assert answers(graph, said, "o", "on", "handle") == {
        ("actor/steppe-morning-news", f"platform/{on}", handle)
        for on, handle in (
            ("instagram", "steppe_news"),
            ("twitter", ""),
            ("facebook", ""),
            ("telegram", "steppe"),
        )
    }
    assert conforms(graph)


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "media.csv",
        {"Country": "Atlantis"},
        {"Main assets": ""},
        {"Main assets": "Steppe Evening News", "Typology": "ISFM?"},
        {"Main assets": "Steppe Evening News", "Typology": "SC", "URL": "none of its own"},
        {"Main assets": "Steppe Evening News", "Typology": "IP"},
        dict.fromkeys(_ROW, ""),
    )
    graph, became = loaded("state-media", file)
    assert became.rows == 5  # an empty row is none
    assert set(reasons(became)) == {"'Atlantis' is no name of a state that is known", "Main assets is empty"}
    noted = reasons(became, lost=False)
    assert "Typology is 'ISFM?'; known are capr, capu, ip, isf, isfm, ism, sc" in noted
    assert "'none of its own' is no address of a site" in noted
    assert "Typology is 'IP', and another in row=5" in noted
    assert answers(graph, "?o kg:outletKind ?k", "k") == {("stateControlled",)}
    assert conforms(graph)


def test_a_changed_header_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "media.csv").write_bytes(csv_bytes([{"Country": "Kazakhstan", "Outlet": "Steppe"}]))
    with pytest.raises(SourceError, match="there is no column Main assets, Media company, Typology, URL"):
        loaded("state-media", tmp_path / "media.csv")


def test_rows_of_the_file_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    source = shared / "datasets/state-media-profiles/State_Media_Matrix.csv"
    file = some_lines(source, tmp_path / "media.csv", 150)
    graph, became = loaded("state-media", file)
    rows = [row for row in csv.DictReader(file.read_text("utf-8-sig").splitlines()) if row["Country"]]
    assert became.rows == len(rows)
    lost = {problem.place for problem in became.problems}
    kept = [row for number, row in enumerate(rows, 2) if f"row={number}" not in lost]
    assert len(kept) > 0.9 * len(rows)
    told = {(row["Country"], row["Main assets"]) for row in kept}
    said = "GRAPH <https://w3id.org/kgraph/graph/dataset/state-media> { ?o kg:outletKind ?k }"
    assert abs(len(answers(graph, said, "o")) - len(told)) <= 3  # "News agency: X" is X
    assert conforms(graph)
