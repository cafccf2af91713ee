"""Measurements of OONI, in the layouts of its reports, its pipeline and its API."""

import csv
import json
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_ROW = {
    "": "0", "measurement_start_time": "2020-01-04 16:38:56", "anomaly": "", "confirmed": "",
    "report_id": "r1", "probe_cc": "MM", "probe_asn": "136255", "test_name": "web_connectivity",
    "input": "https://www.site-one.example/page?a=1", "blocking": "false",
}  # fmt: skip
_FOUND = "?m a kg:Measurement ; kg:measured ?what ; kg:verdict ?verdict"


def _write(path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    columns = dict.fromkeys(("http_experiment_failure",), "")
    path.write_bytes(csv_bytes([{**columns, **_ROW, **each} for each in changes], encoding=encoding))
    return path


def test_a_test_is_a_measurement_of_a_site_through_a_network(tmp_path: Path) -> None:
    graph, became = loaded("ooni", _write(tmp_path / "mm.csv", {}))
    assert became.problems == ()
    said = f"{_FOUND} ; kg:date ?when ; kg:throughNetwork ?by . ?by kg:asn ?number ; kg:country ?where"
    assert answers(graph, said, "what", "verdict", "when", "by", "number", "where") == {
        (
            "site/site-one-example",
            "reachable",
            "2020-01-04T16:38:56Z",
            "network/as136255",
            "136255",
            "country/MM",
        )
    }
    hosts = answers(graph, "<https://w3id.org/kgraph/id/site/site-one-example> kg:domainName ?h", "h")
    assert hosts == {("site-one.example",), ("www.site-one.example",)}
    page = ("https://www.site-one.example/page?a=1",)
    assert answers(graph, "?m a kg:Measurement ; kg:url ?u", "u") == {page}
    assert conforms(graph)


@pytest.mark.parametrize(
    ("changed", "verdict", "method"),
    [
        ({"blocking": "dns", "anomaly": "True"}, "anomaly", "dns"),
        ({"blocking": "tcp_ip"}, "anomaly", "tcpIp"),
        ({"blocking": "http-diff", "anomaly": "true"}, "anomaly", "http"),
        ({"blocking": "confirmed-dns", "anomaly": ""}, "confirmed", "dns"),
        ({"blocking": "dns", "confirmed": "True"}, "confirmed", "dns"),
        ({"blocking": "false"}, "reachable", ""),
        ({"blocking": "false", "http_experiment_failure": "connect_error"}, "inaccessible", ""),
        ({"blocking": "dns", "http_experiment_failure": "connect_error"}, "anomaly", "dns"),
    ],
)
def test_an_anomaly_is_an_anomaly_and_no_block(
    tmp_path: Path, changed: dict[str, str], verdict: str, method: str
) -> None:
    graph, _ = loaded("ooni", _write(tmp_path / "mm.csv", changed))
    said = f"{_FOUND} OPTIONAL {{ ?m kg:blockingMethod ?how }}"
    assert answers(graph, said, "verdict", "how") == {(verdict, method)}
    assert not answers(graph, "?e a kg:Blocking", "e")


def test_tests_without_a_result_and_of_no_site_are_set_aside(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "mm.csv",
        {"blocking": ""},
        {"input": "", "test_name": "ndt"},
        {"test_name": "telegram", "input": "", "blocking": "", "anomaly": "False"},
    )
    graph, became = loaded("ooni", file)
    assert (became.rows, became.lost) == (3, 0)
    assert reasons(became, lost=False) == [
        "the test failed, or came to no result", "the test ndt is of no site and no app"
    ]  # fmt: skip
    assert answers(graph, _FOUND, "what", "verdict") == {("platform/telegram", "reachable")}


def test_nobodys_network_and_nowhere_say_nothing(tmp_path: Path) -> None:
    file = _write(tmp_path / "mm.csv", {"probe_asn": "AS0"}, {"probe_cc": "ZZ", "report_id": "r2"})
    graph, became = loaded("ooni", file)
    assert became.problems == ()
    assert len(answers(graph, _FOUND, "m")) == 2
    assert answers(graph, "?n a kg:Network OPTIONAL { ?n kg:country ?c }", "n", "c") == {
        ("network/as136255", "")
    }


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "mm.csv",
        {"input": "not an address"},
        {"probe_cc": "QQ", "report_id": "r2"},
        {"probe_asn": "many", "report_id": "r3"},
        {"measurement_start_time": "yesterday", "report_id": "r4"},
        {"report_id": "r5"},
        {"report_id": "r5"},
        {"report_id": "r5", "blocking": "dns"},
    )
    graph, became = loaded("ooni", file)
    assert reasons(became)[0] == "'not an address' is no address of a site"
    assert "too" in reasons(became)[1]
    noted = reasons(became, lost=False)
    assert noted[0] == "'QQ' is no code of a state that is known (iso2)"
    assert noted[1] == "probe_asn is 'many', which is no number of a network"
    assert noted[2] == "measurement_start_time is 'yesterday', which is no instant"
    assert noted[3] == "it says the same as row=6"
    assert len(answers(graph, _FOUND, "m")) == 4
    assert conforms(graph)


def test_the_answer_of_the_api_and_a_raw_measurement_are_read(tmp_path: Path) -> None:
    result = {
        "measurement_uid": "20240212.1", "measurement_start_time": "2024-02-12T20:33:47Z",
        "probe_asn": "AS137",
        "probe_cc": "IT", "test_name": "web_connectivity", "input": "https://site-two.example/",
        "anomaly": True,
        "confirmed": False, "failure": False, "scores": {"blocking_general": 1.0},
    }  # fmt: skip
    raw = {
        "measurement_start_time": "2024-02-12 20:33:47", "probe_asn": "AS137", "probe_cc": "IT",
        "test_name": "web_connectivity", "input": "https://site-three.example/", "report_id": "",
        "test_keys": {"blocking": "tcp_ip", "queries": [{"a": 1}]},
    }  # fmt: skip
    failed = {**result, "measurement_uid": "2", "failure": True, "anomaly": False}
    (tmp_path / "api.json").write_text(
        json.dumps({"metadata": {"count": 2}, "results": [result, failed]}), "utf-8"
    )
    (tmp_path / "raw.jsonl").write_text(json.dumps(raw), "utf-8")
    graph, became = loaded("ooni", tmp_path / "api.json", tmp_path / "raw.jsonl")
    assert reasons(became, lost=False) == ["the test failed, or came to no result"]
    assert answers(graph, f"{_FOUND} OPTIONAL {{ ?m kg:blockingMethod ?how }}", "what", "verdict", "how") == {
        ("site/site-two-example", "anomaly", ""), ("site/site-three-example", "anomaly", "tcpIp"),
    }  # fmt: skip
    assert ("https://w3id.org/kgraph/id/dataset/ooni/20240212-1",) in {
        (str(row["m"]),) for row in graph.query("SELECT ?m { ?m a kg:Measurement }")
    }
    assert conforms(graph)


@pytest.mark.parametrize(
    ("test", "keys", "verdict", "method"),
    [
        ("web_connectivity", {"blocking": False, "accessible": True}, "reachable", ""),
        ("web_connectivity", {"blocking": False, "accessible": False}, "inaccessible", ""),
        ("facebook_messenger", {"facebook_dns_blocking": True}, "anomaly", "dns"),
        ("facebook_messenger", {"facebook_dns_blocking": False}, "reachable", ""),
        ("telegram", {"telegram_http_blocking": False, "telegram_web_status": "blocked"}, "anomaly", ""),
        ("whatsapp", {"registration_server_status": "ok", "whatsapp_web_status": "ok"}, "reachable", ""),
        ("signal", {"signal_backend_status": "blocked"}, "anomaly", ""),
    ],
)
def test_what_a_raw_measurement_found_is_quoted(
    tmp_path: Path, test: str, keys: dict[str, object], verdict: str, method: str
) -> None:
    raw = {
        "measurement_start_time": "2024-02-12 20:33:47", "probe_asn": "AS137", "probe_cc": "IT",
        "test_name": test, "input": "https://site-one.example/" if test == "web_connectivity" else None,
        "report_id": "r1", "test_keys": {"agent": "x" * 2000, **keys},
    }  # fmt: skip
    (tmp_path / "raw.jsonl").write_text(json.dumps(raw), "utf-8")
    graph, became = loaded("ooni", tmp_path / "raw.jsonl")
    assert became.problems == ()
    found = answers(graph, f"{_FOUND} OPTIONAL {{ ?m kg:blockingMethod ?how }}", "verdict", "how")
    assert found == {(verdict, method)}
    [(quote,)] = answers(graph, "?r a kg:Record ; oa:hasSelector/oa:exact ?quote", "quote")
    name, value = list(keys.items())[-1]
    assert f"{name}: {str(value).lower()}" in quote
    assert conforms(graph)


def test_where_no_column_tells_the_country_the_files_name_does(tmp_path: Path) -> None:
    row = {name: value for name, value in _ROW.items() if name != "probe_cc"}
    row |= {"explorer_url": "https://explorer.ooni.example/measurement/r1"}
    (tmp_path / "20190502-china-news.csv").write_bytes(csv_bytes([row]))
    graph, _ = loaded("ooni", tmp_path / "20190502-china-news.csv")
    assert answers(graph, "?m kg:throughNetwork/kg:country ?where", "where") == {("country/CN",)}


def test_a_file_about_one_app_tells_it_in_its_name(tmp_path: Path) -> None:
    row = {"": "0", "measurement_start_time": "2018-11-30 15:19:19", "probe_asn": "48832",
           "explorer_url": "https://explorer.ooni.example/measurement/r1", "false": "0.0",
           "http-failure": "1.0"}  # fmt: skip
    (tmp_path / "201906-JO-facebook.csv").write_bytes(csv_bytes([row]))
    (tmp_path / "untold.csv").write_bytes(csv_bytes([{**row, "probe_asn": "1"}]))
    graph, became = loaded("ooni", tmp_path / "201906-JO-facebook.csv", tmp_path / "untold.csv")
    assert reasons(became) == ["it does not say what was tested"]
    said = f"{_FOUND} ; kg:blockingMethod ?how ; kg:throughNetwork/kg:country ?where"
    assert answers(graph, said, "what", "verdict", "how", "where") == {
        ("platform/facebook", "anomaly", "http", "country/JO")
    }


def test_tests_that_were_summed_up_are_a_count(tmp_path: Path) -> None:
    row = {"a_probe_asn": "AS31549", "input": "http://site-one.example", "calc_blockpage": "page-1",
           "category_code": "NEWS", "a_test_start_time": "89"}  # fmt: skip
    (tmp_path / "ir.csv").write_bytes(
        csv_bytes([row, {**row, "calc_blockpage": "not-blocked", "a_test_start_time": "x"}])
    )
    graph, became = loaded("ooni", tmp_path / "ir.csv")
    assert reasons(became) == ["a_test_start_time is 'x', which is no whole number from 0 on"]
    assert answers(
        graph, "?c a kg:Count ; kg:counted ?of ; kg:value ?n ; kg:indicator ?what", "of", "n", "what"
    ) == {
        (of, "89", "tests that met the block page page-1")
        for of in ("site/site-one-example", "network/as31549")
    }


def test_a_changed_header_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "mm.csv").write_bytes(csv_bytes([{"url": "https://site-one.example/", "asn": "1"}]))
    with pytest.raises(SourceError, match="there is no column"):
        loaded("ooni", tmp_path / "mm.csv")


def test_rows_of_the_files_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    folder = shared / "datasets/ooni"
    files = [
        some_lines(folder / name, tmp_path / name, 60)
        for name in (
            "2020-mm-ooni-measurements.csv", "20191123-ooni-measurements-iran-fastpath.csv",
            "201906-JO-facebook-ooni-measurements.csv", "20190502-china-wikipedia.csv",
        )
    ]  # fmt: skip
    graph, became = loaded("ooni", *files)
    aside = sum(not problem.is_lost for problem in became.problems)
    assert became.lost == 0
    assert len(answers(graph, _FOUND, "m")) == became.rows - aside
    rows = [row for file in files[:1] for row in csv.DictReader(file.read_text("utf-8").splitlines())]
    confirmed = {(row["report_id"], row["input"]) for row in rows if row["blocking"] == "confirmed-dns"}
    assert len(answers(graph, "?m kg:verdict kgc:confirmed", "m")) == len(confirmed)
    assert conforms(graph)


def test_the_laboratorys_measurements_are_read(shared: Path) -> None:
    files = sorted((shared / "datasets/ooni/wc05_qa").glob("*.json"))
    graph, became = loaded("ooni", *files)
    told = [json.loads(file.read_text("utf-8"))["test_keys"]["blocking"] for file in files]
    assert became.rows == len(files)
    found = answers(graph, "?m kg:verdict ?v FILTER(?v IN (kgc:reachable, kgc:inaccessible))", "m")
    assert len(found) == told.count(False)
    assert len(answers(graph, "?m kg:verdict kgc:anomaly", "m")) == sum(
        isinstance(each, str) for each in told
    )
