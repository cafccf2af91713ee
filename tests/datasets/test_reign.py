"""Leaders, regimes and elections."""

import csv
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_LEADER = {
    "stateabb": "KZK",
    "ccode": "705",
    "leadid": "t-1",
    "leader": "Abenov",
    "sdate": "24",
    "smonth": "4",
    "syear": "1990",
    "emonth": "3",
    "eyear": "2019",
    "birthyear": "1940",
    "gender": "1",
    "militarycareer": "0",
}
_REGIME = {
    "cowcode": "705",
    "gwf_country": "Kazakhstan",
    "gwf_casename": "Kazakhstan1",
    "gwf_startdate": "12/16/1991",
    "gwf_enddate": "12/31/2020",
    "gwf_regimetype": "personal",
}
_ELECTION = {
    "ccode": "705", "electionnumber": "1", "country": "Kazakhstan", "elec_year": "2011", "elec_month": "4",
    "elec_day": "3", "sequence": "1", "event": "Vote, Early", "elecnum": "705001", "type": "X", "direct": "Y",
    "regular": "N", "victory": "Y", "change": "N", "runoff": "N",
}  # fmt: skip


def _leaders(path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_bytes([{**_LEADER, **each} for each in changes], encoding=encoding))
    return path


def _regimes(path: Path, *changes: dict[str, str]) -> Path:
    path.write_bytes(csv_bytes([{**_REGIME, **each} for each in changes]))
    return path


def _elections(path: Path, *changes: dict[str, str]) -> Path:
    path.write_bytes(csv_bytes([{**_ELECTION, **each} for each in changes]))
    return path


_TENURE = (
    "?t a kg:Tenure ; kg:officeOf ?of ; kg:date ?from ; kg:holder/rdfs:label ?who "
    "OPTIONAL { ?t kg:endDate ?to }"
)


def test_a_leader_holds_an_office_as_long_as_the_row_says(tmp_path: Path) -> None:
    file = _leaders(
        tmp_path / "leaderlist.csv",
        {},
        {"leadid": "t-2", "leader": "Tokaev (acting)", "sdate": "20", "smonth": "3", "syear": "2019",
         "emonth": "", "eyear": ""},
    )  # fmt: skip
    graph, became = loaded("reign", file)
    assert became.problems == ()
    assert answers(graph, _TENURE, "who", "of", "from", "to") == {
        ("Abenov", "country/KZ", "1990-04-24", "2019-03"),
        ("Tokaev", "country/KZ", "2019-03-20", ""),
    }
    assert conforms(graph)


def test_people_of_one_surname_are_told_apart_and_one_person_is_one(tmp_path: Path) -> None:
    rossi = {"ccode": "331", "leader": "Rossi", "birthyear": "-99"}
    us = {"ccode": "2", "sdate": "20", "smonth": "1", "emonth": "1"}
    file = _leaders(
        tmp_path / "leaderlist.csv",
        {**us, "leadid": "b1", "leader": "Bush", "birthyear": "1924", "syear": "1989", "eyear": "1993"},
        {**us, "leadid": "b2", "leader": "Bush", "birthyear": "1946", "syear": "2001", "eyear": "2009"},
        {"leadid": "t1", "leader": "Thors", "birthyear": "1892", "syear": "1942", "eyear": "1944"},
        {"leadid": "t2", "leader": "Thors", "birthyear": "1892", "syear": "1949", "eyear": "1950"},
        {**rossi, "leadid": "r1", "syear": "1960", "eyear": "1961"},
        {**rossi, "leadid": "r2", "syear": "1970", "eyear": "1971"},
    )  # fmt: skip
    graph, became = loaded("reign", file)
    assert became.problems == ()
    people = answers(graph, "?p a kg:Person ; rdfs:label ?n", "n", "p")
    assert sorted(name for name, _ in people) == ["Bush", "Bush", "Rossi", "Rossi", "Thors"]


def test_an_office_is_of_the_state_of_its_time(tmp_path: Path) -> None:
    def leader(who: str, ccode: str, first: str, last: str) -> dict[str, str]:
        return {"leadid": who, "leader": who, "ccode": ccode, "syear": first, "eyear": last, "emonth": "12"}

    file = _leaders(
        tmp_path / "leaderlist.csv",
        leader("Soviet", "365", "1985", "1991"), leader("Russian", "365", "1991", "1999"),
        leader("Yugoslav", "345", "1989", "2000"), leader("Serb", "345", "2006", "2008"),
        leader("Czechoslovak", "315", "1989", "1992"), leader("East", "265", "1989", "1990"),
    )  # fmt: skip
    graph, _ = loaded("reign", file)
    assert answers(graph, _TENURE, "who", "of") == {
        ("Soviet", "country/SUHH"), ("Russian", "country/RU"), ("Yugoslav", "country/YUCS"),
        ("Serb", "country/RS"), ("Czechoslovak", "country/CSHH"), ("East", "country/DDDE"),
    }  # fmt: skip
    assert conforms(graph)


def test_odd_leaders_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _leaders(
        tmp_path / "leaderlist.csv",
        {"leader": "One and Two"},
        {"ccode": "999"},
        {"syear": "19900"},
        {"sdate": "31"},
        {"eyear": "1980", "leader": "Late"},
    )
    graph, became = loaded("reign", file)
    found = reasons(became)
    assert found[:4] == [
        "leader is 'One and Two', which is no one person's name",
        "'999' is no code of a state that is known (cow)",
        "syear is '19900', which is no year",
        "syear, smonth, sdate is '1990-4-31', and there is no such day",
    ]
    assert "lies after" in found[4]
    assert len(found) == 5
    assert not answers(graph, "?t a kg:Tenure", "t")


def test_lines_in_two_encodings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "leaderlist.csv"
    table = csv_bytes([{**_LEADER, "leader": "Dačić"}])
    western = csv_bytes([{**_LEADER, "leader": "Jóhannsson", "leadid": "t-9"}], encoding="latin-1")
    file.write_bytes(table + western.split(b"\r\n", 1)[1])
    graph, _ = loaded("reign", file)
    assert answers(graph, "?p a kg:Person ; rdfs:label ?n", "n") == {("Dačić",), ("Jóhannsson",)}


_RULE = (
    "?r a kg:Regime ; kg:regimeOf ?of ; kg:regimeType ?type ; kg:date ?from "
    "OPTIONAL { ?r kg:autocracyType ?rests } OPTIONAL { ?r kg:endDate ?to }"
)


def test_a_regime_that_stands_has_no_end(tmp_path: Path) -> None:
    file = _regimes(
        tmp_path / "regime_list.csv",
        {},
        {"cowcode": "40", "gwf_country": "Cuba", "gwf_startdate": "10/10/1940", "gwf_enddate": "3/10/1952",
         "gwf_regimetype": "presidential"},
        {"cowcode": "40", "gwf_country": "Cuba", "gwf_startdate": "1/1/1959", "gwf_enddate": "12/31/2021",
         "gwf_regimetype": "party-personal"},
        {"cowcode": "315", "gwf_country": "Czechoslovakia", "gwf_startdate": "12/4/1989",
         "gwf_enddate": "12/31/1992", "gwf_regimetype": "parliamentary"},
        {"cowcode": "817", "gwf_country": "Vietnam South", "gwf_startdate": "11/2/1963",
         "gwf_enddate": "4/30/1975", "gwf_regimetype": "military"},
        {"cowcode": "700", "gwf_country": "Afghanistan", "gwf_startdate": "4/15/1992",
         "gwf_enddate": "9/27/1996", "gwf_regimetype": "warlordism"},
    )  # fmt: skip
    graph, became = loaded("reign", file)
    assert became.problems == ()
    assert answers(graph, _RULE, "of", "type", "rests", "from", "to") == {
        ("country/KZ", "authoritarian", "personal", "1991-12-16", ""),
        ("country/CU", "presidentialDemocracy", "", "1940-10-10", "1952-03-10"),
        ("country/CU", "authoritarian", "partyPersonal", "1959-01-01", ""),
        ("country/CSHH", "parliamentaryDemocracy", "", "1989-12-04", "1992-12-31"),
        ("country/south-vietnam", "authoritarian", "military", "1963-11-02", "1975-04-30"),
        ("country/AF", "warlordism", "", "1992-04-15", "1996-09-27"),
    }
    assert conforms(graph)


def test_an_unknown_type_of_regime_is_told_of(tmp_path: Path) -> None:
    _, became = loaded("reign", _regimes(tmp_path / "regime_list.csv", {"gwf_regimetype": "technocracy"}))
    (reason,) = reasons(became)
    assert reason.startswith("gwf_regimetype is 'technocracy'; known are")


def test_only_votes_are_elections(tmp_path: Path) -> None:
    file = _elections(
        tmp_path / "electionlist.csv",
        {},
        {"elecnum": "705002", "elec_year": "2012", "elec_month": "1", "elec_day": " ", "type": "L",
         "event": "Vote, As Scheduled "},
        {"elecnum": "705003", "event": "Upcoming, Scheduled", "elec_year": "2021"},
        {"elecnum": "705004", "event": "Announced"},
        {"elecnum": "705005", "type": "R", "elec_year": "1995", "elec_month": "8", "elec_day": "30"},
        {"elecnum": "705006", "type": "Q", "elec_year": "1999"},
        {"elecnum": "365001", "ccode": "365", "elec_year": "1989"},
    )  # fmt: skip
    graph, became = loaded("reign", file)
    said = "?e a kg:Election ; kg:country ?of ; kg:date ?on OPTIONAL { ?e kg:electionKind ?kind }"
    assert answers(graph, said, "of", "on", "kind") == {
        ("country/KZ", "2011-04-03", "executiveElection"),
        ("country/KZ", "2012-01", "legislativeElection"),
        ("country/KZ", "1995-08-30", "referendum"),
        ("country/KZ", "1999-04-03", ""),
        ("country/SUHH", "1989-04-03", "executiveElection"),
    }
    assert reasons(became) == []
    assert sorted(reasons(became, lost=False)) == [
        "event is 'Announced', which is no vote",
        "event is 'Upcoming, Scheduled', which is no vote",
        "type is 'Q'; known are l, r, x",
    ]
    assert conforms(graph)


def test_the_three_files_load_at_once_and_rows_keep_their_files(tmp_path: Path) -> None:
    graph, became = loaded(
        "reign", _leaders(tmp_path / "leaderlist.csv", {}), _regimes(tmp_path / "regime_list.csv", {}),
        _elections(tmp_path / "electionlist.csv", {"event": "Announced"}, {}),
    )  # fmt: skip
    assert became.rows == 4
    assert [problem.place for problem in became.problems] == ["electionlist.csv#row=2"]
    evidence = (
        "?a rdf:subject ?s ; rdf:predicate rdf:type ; rdf:object ?class ; "
        "kg:evidence/oa:hasSelector/rdf:value ?where . FILTER (?class IN (kg:Tenure, kg:Regime, kg:Election))"
    )
    assert answers(graph, evidence, "where") == {
        ("leaderlist.csv#row=2",), ("regime_list.csv#row=2",), ("electionlist.csv#row=3",),
    }  # fmt: skip


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, other = _leaders(tmp_path / "l.csv", {}), _leaders(tmp_path / "other/l.csv", {})
    with pytest.raises(SourceError, match="two of the files have this name"):
        loaded("reign", one, other)


def test_files_of_the_publisher_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    folder = shared / "datasets/reign"
    files = [some_lines(folder / f"{name}.csv", tmp_path / f"{name}.csv", 40)
             for name in ("leaderlist_3_21", "regime_list", "electionlist_3_21")]  # fmt: skip
    leaders, regimes, elections = (
        list(csv.DictReader(file.read_text("latin-1").splitlines())) for file in files
    )
    graph, became = loaded("reign", *files)
    assert became.rows == 120
    assert became.lost == 0
    tenures = answers(graph, "?t a kg:Tenure ; kg:date ?d", "t", "d")
    assert sorted(day for _, day in tenures) == sorted(
        f"{row['syear']}-{int(row['smonth']):02}-{int(row['sdate']):02}" for row in leaders
    )
    assert len(answers(graph, "?r a kg:Regime", "r")) == len(regimes)
    ended = [row for row in regimes if row["gwf_enddate"] not in {"12/31/2020", "12/31/2021"}]
    assert len(answers(graph, "?r a kg:Regime ; kg:endDate ?d", "r")) == len(ended)
    votes = [row for row in elections if row["event"].lower().startswith("vote")]
    assert len(answers(graph, "?e a kg:Election", "e")) == len(votes)
    assert len(reasons(became, lost=False)) == len(elections) - len(votes)
    assert conforms(graph)
