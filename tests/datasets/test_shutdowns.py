"""Shutdowns, blocked services and throttling by Access Now, in the three layouts of its files."""

from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, workbook

from kgraph import SourceError

_ROW = {
    "start_date_type": "Actual", "start_date": "2021-02-04", "country": "Myanmar",
    "geo_scope": "It affected locations in more than one state, province, or region",
    "area_name": "Nationwide",
    "shutdown_type": "Shutdown", "affected_network": "Mobile", "shutdown_extent": "Full network",
    "ordered_by": "Military", "decision_maker": "", "actual_cause": "Protests", "actual_cause_details": "",
    "shutdown_status": "Ended", "end_date": "2021-02-10",
    "gov_justification": "National security/ Counter-terrorism", "gov_just_details": "", "legal_method": "",
    "facebook_affected": "No", "twitter_affected": "No", "whatsapp_affected": "No",
    "instagram_affected": "No",
    "telegram_affected": "No", "other_affected": "", "sms_affected": "Unknown",
    "phonecall_affected": "Unknown", "telcos_involved": "",
}  # fmt: skip
_EVENT = (
    "?e a ?class ; kg:date ?from . "
    "FILTER (?class IN (kg:Shutdown, kg:Blocking, kg:Throttling, kg:InformationControl))"
)
_CLAIM = (
    "?c a kg:Claim ; kg:about ?e ; kg:claimedProperty ?property ; kg:claimedValue ?value ; kg:claimedBy ?who"
)
_SERVICE = {"shutdown_extent": "Service-based"}


def _write(path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_bytes([{**_ROW, **each} for each in changes], encoding=encoding))
    return path


def _class(iri: str) -> str:
    return iri.rpartition("#")[2]


def test_a_row_is_a_shutdown_with_its_place_in_time_and_what_it_cut(tmp_path: Path) -> None:
    graph, became = loaded("keepiton", _write(tmp_path / "stop.csv", {}))
    assert (became.rows, became.problems) == (1, ())
    said = f"{_EVENT} ?e kg:endDate ?to ; kg:country ?where ; kg:target ?hit . ?hit kg:networkKind ?kind"
    [found] = answers(graph, said, "class", "from", "to", "where", "kind")
    assert (_class(found[0]), *found[1:]) == ("Shutdown", "2021-02-04", "2021-02-10", "country/MM", "mobile")
    assert not answers(graph, "?e kg:location ?p", "p")  # the whole country is no place in it
    assert not answers(graph, "?e kg:ongoing ?o", "o")
    assert conforms(graph)


def test_why_is_a_claim_of_the_tracker_beside_one_of_the_government(tmp_path: Path) -> None:
    graph, _ = loaded("keepiton", _write(tmp_path / "stop.csv", {}))
    assert {(who, value) for who, value in answers(graph, _CLAIM, "who", "value")} == {
        ("organization/access-now", "Protests"),
        ("country/MM", "National security/ Counter-terrorism"),
    }
    assert not answers(graph, "?e kg:cause ?c", "c")
    assert len(graph.disputes()) == 1


def test_what_nobody_says_is_no_claim(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "stop.csv",
        {"actual_cause": "Unknown", "gov_justification": "None"},
        {"actual_cause": "Other", "actual_cause_details": "It is not clear", "gov_justification": "Other"},
        {"actual_cause": "Other", "actual_cause_details": "A bridge was opened", "gov_justification": ""},
    )
    graph, became = loaded("keepiton", file)
    assert became.problems == ()
    assert answers(graph, _CLAIM, "value") == {("A bridge was opened",)}


@pytest.mark.parametrize(
    ("kind", "extent", "expected"),
    [
        ("Shutdown", "Full network", {"Shutdown"}),
        ("Shutdown", "Service-based", {"Blocking"}),
        ("Shutdown", "Full network, Service-based", {"Shutdown", "Blocking"}),
        ("Shutdown, Throttle", "Full network", {"Shutdown", "Throttling"}),
        ("Throttle", "Service-based", {"Throttling"}),
        ("Unknown", "Full network", {"InformationControl"}),
    ],
)
def test_type_and_extent_tell_what_it_was(tmp_path: Path, kind: str, extent: str, expected: set[str]) -> None:
    changed = {"shutdown_type": kind, "shutdown_extent": extent}
    graph, _ = loaded("keepiton", _write(tmp_path / "stop.csv", changed))
    assert {_class(c) for (c,) in answers(graph, _EVENT, "class")} == expected


def test_services_that_were_blocked_are_its_targets(tmp_path: Path) -> None:
    changed = {
        "facebook_affected": "Yes",
        "twitter_affected": "Unknown",
        "other_affected": "Signal, possibly; Zaplo and VPN services",
    }
    graph, became = loaded("keepiton", _write(tmp_path / "stop.csv", {**_SERVICE, **changed}))
    assert became.problems == ()
    assert answers(graph, "?e kg:target ?t", "t") == {
        ("platform/facebook",),
        ("platform/signal",),
        ("platform/zaplo",),
    }


def test_an_estimated_day_is_a_claim_and_an_unknown_end_no_end(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "stop.csv",
        {"start_date_type": "Estimated", "shutdown_status": "Unknown", "end_date": ""},
        {"shutdown_status": "Ongoing", "end_date": "", "country": "Yemen"},
    )
    graph, became = loaded("keepiton", file)
    assert became.problems == ()
    dates = answers(
        graph,
        f"{_EVENT} ?e kg:country ?where OPTIONAL {{ ?e kg:latest ?l }} OPTIONAL {{ ?e kg:ongoing ?o }}",
        "where", "from", "l", "o",
    )  # fmt: skip
    assert dates == {("country/MM", "2021", "2021-12-31", ""), ("country/YE", "2021-02-04", "", "true")}
    claimed = answers(graph, f"{_CLAIM} ; kg:bound ?bound", "property", "value", "bound")
    assert {(_class(p), v, b) for p, v, b in claimed} == {("date", "2021-02-04", "approximately")}
    assert conforms(graph)


def test_areas_are_the_places_of_the_country(tmp_path: Path) -> None:
    one, several = "It only affected one city, county, or village", _ROW["geo_scope"]
    rows = [
        ("India", one, "Srinagar, Jammu & Kashmir", {"place/srinagar"}),
        ("Pakistan", one, "Hyderabad", {"place/hyderabad-PK-1176734"}),
        ("India", several, "Haryana, Punjab", {"place/haryana", "place/punjab-india"}),
        (
            "Kazakhstan",
            several,
            "Almaty and Kökdala districts in Almaty Region",
            {"place/almaty", "place/kokdala"},
        ),
        ("Iraq", several, "most of the south, except two towns (see the report)", set()),
        ("Iraq", several, "Entire country", set()),
    ]
    file = _write(
        tmp_path / "stop.csv",
        *(
            {"country": country, "geo_scope": scope, "area_name": area, "start_date": f"2020-01-0{n}"}
            for n, (country, scope, area, _) in enumerate(rows, 1)
        ),
    )
    graph, became = loaded("keepiton", file)
    assert became.problems == ()
    found = answers(graph, "?e kg:date ?d ; kg:location ?p", "d", "p")
    assert found == {(f"2020-01-0{n}", p) for n, (*_, places) in enumerate(rows, 1) for p in places}


_OPERATED = "?e a kg:Shutdown ; kg:target ?hit . ?hit kg:operator ?who . ?who rdfs:label ?name"


@pytest.mark.parametrize(
    ("country", "text", "names"),
    [
        ("Sudan", "MTN, Sudani (Sudatel) and Steppecell", {"MTN Sudan", "Sudatel", "Steppecell"}),
        ("Sudan", "Sudan: MTN, Eswatini: MTN", {"MTN Sudan", "MTN Eswatini"}),
        ("Myanmar", "Myanmar: all telcos, including Telenor\nMytel", {"Telenor Myanmar", "Mytel"}),
        ("Myanmar", "Mytel, and others except Ooredoo, MPT", {"Mytel"}),
        ("Iraq", "Fastlink (Regional Telecom), Kurdistan, Iraq: Korek Telecom", {"Fastlink", "Korek"}),
        ("Eswatini", "Eswatini: Steppe Post and Telecommunications", {"Steppe Post and Telecommunications"}),
        ("Jordan", "Zain, Orange", {"Zain Jordan", "Orange Jordan"}),
        ("Jordan", "Unknown", set()),
        ("Jordan", "All operators", set()),
        ("Jordan", "https://news.example/a, Multiple ISPs", set()),
    ],
)
def test_networks_of_operators_are_hit(tmp_path: Path, country: str, text: str, names: set[str]) -> None:
    row = {"country": country, "telcos_involved": text}
    graph, became = loaded("keepiton", _write(tmp_path / "stop.csv", row))
    assert became.problems == ()

    assert answers(graph, f"{_OPERATED} FILTER (LANG(?name) = 'en')", "name") == {(name,) for name in names}
    assert conforms(graph)


def test_where_services_were_blocked_no_operators_network_was_hit(tmp_path: Path) -> None:
    row = {**_SERVICE, "facebook_affected": "Yes", "telcos_involved": "Mytel"}
    graph, _ = loaded("keepiton", _write(tmp_path / "stop.csv", row))
    assert answers(graph, "?e a kg:Blocking ; kg:target ?hit", "hit") == {("platform/facebook",)}


def test_what_was_done_to_a_service_is_no_part_of_its_name(tmp_path: Path) -> None:
    row = {**_SERVICE, "other_affected": "Instagram blocked, Steppegram was suspended, Throttled"}
    graph, _ = loaded("keepiton", _write(tmp_path / "stop.csv", row))
    assert answers(graph, "?e a kg:Blocking ; kg:target ?hit", "hit") == {
        ("platform/instagram",), ("platform/steppegram",),
    }  # fmt: skip


def test_who_decided_is_a_body_of_that_country(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "stop.csv",
        {"ordered_by": "Executive government", "decision_maker": "Ministry of Education"},
        {"ordered_by": "Executive government", "decision_maker": "Ministry of Education", "country": "Iraq"},
        {"ordered_by": "Law enforcement", "country": "Chad"},
        {"ordered_by": "Unknown", "country": "Togo"},
    )
    graph, became = loaded("keepiton", file)
    assert became.problems == ()
    said = (
        f"{_EVENT} ?e kg:country ?where ; kg:conductedBy ?by . "
        "?by a ?kind ; kg:country ?where ; rdfs:label ?name"
    )
    found = answers(graph, said, "where", "kind", "name")
    assert {(where, _class(kind), name) for where, kind, name in found} == {
        ("country/MM", "StateBody", "Ministry of Education"), ("country/IQ", "StateBody",
        "Ministry of Education"),
        ("country/TD", "SecurityForce", "Law enforcement"),
    }  # fmt: skip
    assert len(answers(graph, "?e kg:conductedBy ?by", "by")) == 3  # two ministries, not one


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "stop.csv",
        {"country": "Atlantis"},
        {"start_date": "2021-02-30"},
        {"end_date": "upon the visit"},
        {"start_date": "2021-03-04"},  # ends before it begins
        {"country": "Chad"},
        {"country": "Chad"},
    )
    graph, became = loaded("keepiton", file)
    lost = reasons(became)
    assert lost[0] == "'Atlantis' is no name of a state that is known"
    assert lost[1] == "start_date is '2021-02-30', and there is no such day"
    assert any("last one" in reason for reason in lost[2:])
    assert "end_date is 'upon the visit', which is no date" in reasons(became, lost=False)
    assert any("says the same as row=6" in reason for reason in reasons(became, lost=False))
    assert {c for (c,) in answers(graph, f"{_EVENT} ?e kg:country ?where", "where")} == {
        "country/MM",
        "country/TD",
    }
    assert conforms(graph)


def test_a_cable_serves_several_states_and_a_territory_is_a_place(tmp_path: Path) -> None:
    file = _write(tmp_path / "stop.csv", {"country": "Laos; Myanmar"}, {"country": "Somaliland"})
    graph, became = loaded("keepiton", file)
    assert became.problems == ()
    assert answers(graph, f"{_EVENT} ?e kg:country ?where", "where") == {("country/LA",), ("country/MM",)}
    assert answers(graph, f"{_EVENT} ?e kg:location ?place", "place") == {("place/somaliland",)}


_2019 = {
    "ID": 1, "start_date": "2019-01-15", "end_date ": "Unkown ", "country ": "Zimbabwe ",
    "geo_scope": "Level 3",
    "area_name ": "National ", "ordered_by ": "Executive government", "decision_maker": "",
    "shutdown_type_new": "Shutdown and throttle", "affected_network": "Mobile and broadband",
    "full or service-based": "Full", "Facebook_affected": True, "other_service_details (specify) ": "",
    "SMS_and_phone_call_affected": "SMS", "official_just": "Other",
    "other_just_details": "Precautionary Measure ",
    "actual_cause": "Protests\n", "other_cause_details": "", "legal_method ": "Section 144 CrPC ",
}  # fmt: skip
_OLDER = {
    "year": 2018, "start_date": "2018-04-02", "end_date": "ongoing", "country": "Chad",
    "geo_scope": "National",
    "area_name": "Nationwide", "ordered_by": "Unknown", "shutdown_type_group": "Service-based",
    "shutdown_type": "Service-based", "official_just": "Public Safety", "actual_cause": "Protest",
    "service_details": "WhatsApp, Viber", "id": 45,
}  # fmt: skip


def test_the_workbook_has_a_layout_a_generation(tmp_path: Path) -> None:
    sheets = {
        "2019": [list(_2019), list(_2019.values())],
        "2016+2017+2018 ": [list(_OLDER), list(_OLDER.values())],
        "Need more details": [[2017, "Afghanistan", "https://news.example/"]],
    }
    graph, became = loaded("keepiton", workbook(tmp_path / "stop.xlsx", sheets))
    assert (became.rows, became.problems) == (2, ())
    found = answers(
        graph, f"{_EVENT} ?e kg:country ?where OPTIONAL {{ ?e kg:ongoing ?o }}", "class", "where", "from", "o"
    )
    assert {(_class(c), *rest) for c, *rest in found} == {
        ("Shutdown", "country/ZW", "2019-01-15", ""),
        ("Throttling", "country/ZW", "2019-01-15", ""),
        ("Blocking", "country/TD", "2018-04-02", "true"),
    }
    assert answers(graph, "?e a kg:Blocking ; kg:target ?t", "t") == {
        ("platform/viber",),
        ("platform/whatsapp",),
    }
    assert ("country/ZW", "Precautionary Measure") in answers(graph, _CLAIM, "who", "value")
    assert answers(graph, "?e kg:legalBasis ?l . ?l rdfs:label ?n", "n") == {("Section 144 CrPC",)}
    assert conforms(graph)


def test_a_changed_header_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "stop.csv").write_bytes(csv_bytes([{"start": "2021-02-04", "country": "Myanmar"}]))
    with pytest.raises(SourceError, match="there is no column"):
        loaded("keepiton", tmp_path / "stop.csv")


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "stop.csv").write_bytes(csv_bytes([_ROW]).splitlines(keepends=True)[0])
    with pytest.raises(SourceError, match="there is no row"):
        loaded("keepiton", tmp_path / "stop.csv")


def test_rows_of_the_file_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    table = parquet.read_table(shared / "datasets/accessnow-keepiton/access_now_snapshot_2026-05-20.parquet")
    some = table.take(list(range(0, table.num_rows, 12)))
    parquet.write_table(some, tmp_path / "stop.parquet")
    graph, became = loaded("keepiton", tmp_path / "stop.parquet")
    rows = some.to_pylist()
    assert became.rows == len(rows)
    lost = {problem.place for problem in became.problems}
    kept = [row for number, row in enumerate(rows, 2) if f"row={number}" not in lost]

    def number_of(class_: str) -> int:
        return len(answers(graph, f"?e a kg:{class_}", "e"))

    assert number_of("Throttling") == sum("Throttle" in row["shutdown_type"] for row in kept)
    shutdowns = [row for row in kept if "Shutdown" in row["shutdown_type"]]
    assert number_of("Shutdown") == sum("Full network" in row["shutdown_extent"] for row in shutdowns)
    assert number_of("Blocking") == sum("Service-based" in row["shutdown_extent"] for row in shutdowns)
    assert len(lost) < len(rows) / 20
    assert conforms(graph)
