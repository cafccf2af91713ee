"""Asking saved questions: parameters as users write them, answers with their evidence."""

import pytest
from sample_graph import KZ, MINTER, SKYPE, TWITTER, Draft, day, first_note, integer, load, second_note, year

from kgraph.errors import QuestionError
from kgraph.iris import Minter
from kgraph.namespaces import KGC, XSD
from kgraph.query import ask, questions, standalone
from kgraph.records import Literal
from kgraph.store import View, open_store

UNNAMED = MINTER.known("country", "ZZ")
NEEDED = {"country-timeline": {"country": "KZ"}, "everything-on": {"about": "Twitter"}}


def rows(view: View, name: str, **parameters: str) -> list[dict[str, str]]:
    return [
        {k: str(v) for k, v in row.items()} for row in ask(view, name, {**NEEDED.get(name, {}), **parameters})
    ]


@pytest.mark.parametrize("name", [each.name for each in questions()])
def test_each_question_answers_with_a_sentence_and_a_document(view: View, name: str) -> None:
    answer = rows(view, name)
    assert answer
    assert all(row["sentence"] and row["title"] and row["document"] for row in answer)


@pytest.mark.parametrize("name", [each.name for each in questions()])
def test_each_question_asked_twice_gives_the_same_rows_in_the_same_order(view: View, name: str) -> None:
    with load(open_store(None), second_note(), first_note()) as other, other.view() as again:
        assert rows(view, name) == rows(again, name)


@pytest.mark.parametrize("name", [each.name for each in questions()])
def test_a_question_as_a_query_to_paste_gives_the_same_rows(view: View, name: str) -> None:
    (saved,) = (each for each in questions() if each.name == name)
    given = NEEDED.get(name) or {p.name: "KZ" for p in saved.parameters if p.type == "country"}
    pasted = view.evaluate(standalone(view, saved, given))
    assert [dict(row) for row in pasted] == [dict(row) for row in ask(view, name, given)]


def test_blocked_platforms_tell_where_when_by_whom_and_on_what_basis(view: View) -> None:
    skype, twitter = rows(view, "blocked-platforms")
    assert (skype["target"], twitter["target"]) == (SKYPE, TWITTER)
    assert skype["whereLabel"] == "Kazakhstan"
    assert skype["date"] == "2016-05-21"
    assert skype["byLabel"] == "prosecutor's office"
    assert skype["lawLabel"] == "Communications Law"
    assert skype["publisher"] == "The Example Post"
    assert "could not be reached" in skype["sentence"]


@pytest.mark.parametrize("country", ["KZ", "kz", "Kazakhstan", "kazakhstan", "Qazaqstan", KZ])
def test_a_country_can_be_told_by_code_name_or_iri(view: View, country: str) -> None:
    assert len(rows(view, "blocked-platforms", country=country)) == 2


def test_parameters_narrow_the_answer(view: View) -> None:
    assert rows(view, "blocked-platforms", country="UZ") == []
    assert [row["target"] for row in rows(view, "blocked-platforms", platform="twitter")] == [TWITTER]
    assert [row["target"] for row in rows(view, "blocked-platforms", platform="SKYPE")] == [SKYPE]
    assert rows(view, "blocked-platforms", since="2016-05-22") == []
    assert len(rows(view, "blocked-platforms", since="2016-05-21", until="2016-05-21")) == 2


def test_a_year_lies_within_a_range_of_days(view: View) -> None:
    labels = [row["thingLabel"] for row in rows(view, "country-timeline", until="2011-06-30")]
    assert labels == ["Zhanaozen strike"]


def test_control_events_within_days_of_a_protest(view: View) -> None:
    week, fortnight = rows(view, "controls-near-protests"), rows(view, "controls-near-protests", days="14")
    assert {row["controlKind"].rpartition("#")[2] for row in week} == {"Blocking"}
    assert {row["controlKind"].rpartition("#")[2] for row in fortnight} == {"Blocking", "Shutdown"}
    assert {row["isCertain"] for row in fortnight} == {"true"}


def test_what_may_lie_near_a_protest_of_unknown_day_is_told_from_what_does() -> None:
    note = Draft("urn:x", "Imprecise")
    p = note.sentence("In 2020 people marched; on 3 March 2020 the net was cut.")
    note.says(p, note.node("event", 1), "Protest", country=KZ, date=year("2020"))
    note.says(p, note.node("event", 2), "Shutdown", country=KZ, date=day("2020-03-03"))
    with load(open_store(None), note) as store, store.view() as view:
        assert [row["isCertain"] for row in rows(view, "controls-near-protests")] == ["false"]
        assert rows(view, "controls-near-protests", certain="true") == []


def test_disputed_tolls_show_the_sides_and_leave_out_who_agrees(view: View) -> None:
    told = [(row["toll"], row.get("byLabel"), row.get("bound")) for row in rows(view, "disputed-death-tolls")]
    assert told == [("16", "officials", None), ("73", "some reporters", KGC.atMost)]


def test_a_toll_stated_as_fact_is_a_side() -> None:
    one, other = Draft("urn:a", "A"), Draft("urn:b", "B")
    event = MINTER.named("event", "the march")
    for note, toll in ((one, 3), (other, 5)):
        p = note.sentence(f"At the march {toll} died.")
        note.says(p, event, "Rally", "the march", deathToll=integer(toll))
    with load(open_store(None), one, other) as store, store.view() as view:
        assert [(row["toll"], row["title"]) for row in rows(view, "disputed-death-tolls")] == [
            ("3", "A"),
            ("5", "B"),
        ]


def test_what_two_documents_say_is_not_single_source(view: View) -> None:
    about = rows(view, "single-source", about="Zhanaozen strike")
    properties = {row["property"].rpartition("#")[2] for row in about}
    assert "location" in properties
    assert "country" not in properties


def test_officials_are_told_with_office_and_account(view: View) -> None:
    (row,) = rows(view, "officials-accounts", country="Kazakhstan")
    assert (row["holderLabel"], row["office"]) == ("Karim Massimov", "prime minister")
    assert (row["onLabel"], row["handle"]) == ("Twitter", "massimov_k")


def test_labels_are_found_whatever_the_base() -> None:
    base = Minter("https://example.org/other/")
    with open_store(None, minter=base) as store:
        with store.writer() as writer:
            country = base.known("country", "KZ")
            writer.replace_graph(
                base.graph("reference"),
                f"""<{country}> a <https://w3id.org/kgraph/ontology#Country> ;
                    <http://www.w3.org/2000/01/rdf-schema#label> "Kazakhstan"@en .""".encode(),
            )
            writer.commit()
        with store.view() as view:
            assert list(ask(view, "country-timeline", {"country": "Kazakhstan"})) == []


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("country-timeline", {}, "needs country"),
        ("blocked-platforms", {"contry": "KZ"}, "did you mean country"),
        ("blocked-platforms", {"country": "Kazakstan"}, "did you mean Kazakhstan"),
        ("blocked-platforms", {"since": "2011"}, "since=2016-05-21"),
        ("blocked-platforms", {"since": "2011-02-30"}, "since=2016-05-21"),
        ("controls-near-protests", {"days": "seven"}, "days=7"),
        ("controls-near-protests", {"days": "7 } UNION { ?s ?p ?o"}, "days=7"),
        ("controls-near-protests", {"certain": "perhaps"}, "certain=true"),
        ("blocked-platforms", {"country": "x" * 1000}, "500 characters"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_would_do(
    view: View, name: str, parameters: dict[str, str], told: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        ask(view, name, parameters)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_optional_parameter_left_empty_is_not_given(view: View) -> None:
    assert rows(view, "blocked-platforms", country="", since=" ") == rows(view, "blocked-platforms")


def test_a_time_line_ends_with_what_has_no_date() -> None:
    note = Draft("urn:x", "Undated")
    p = note.sentence("Kazakhstan once blocked Skype; in 2020 it cut the net.")
    note.says(p, KZ, "Country", "Kazakhstan")
    note.says(p, SKYPE, "Platform", "Skype")
    note.says(p, note.node("event", 1), "Blocking", country=KZ, target=SKYPE)
    note.says(p, note.node("event", 2), "Shutdown", country=KZ, date=year("2020"))
    with load(open_store(None), note) as store, store.view() as view:
        line = rows(view, "country-timeline")
        assert [(row["kind"].rpartition("#")[2], row.get("date")) for row in line] == [
            ("Shutdown", "2020"),
            ("Blocking", None),
        ]
        (blocked,) = rows(view, "blocked-platforms")
        assert blocked.keys() & {"date", "by", "byLabel", "law", "lawLabel"} == set()
        assert rows(view, "blocked-platforms", since="1990-01-01") == []


def test_what_has_no_label_in_its_document_is_still_told() -> None:
    note = Draft("urn:x", "Unlabelled")
    p = note.sentence("In May 2020 people marched with Skype, and the net was cut.")
    month = Literal("2020-05", XSD.gYearMonth)
    note.says(p, SKYPE, "Platform", "Skype")
    note.says(p, note.node("event", 1), "Rally", country=UNNAMED, date=month, usedPlatform=SKYPE)
    note.says(p, note.node("event", 2), "Shutdown", country=UNNAMED, date=month)
    with load(open_store(None), note) as store, store.view() as view:
        (pair,) = rows(view, "controls-near-protests", days="31")
        assert pair["where"] == UNNAMED
        assert "whereLabel" not in pair
        assert {row["property"].rpartition("#")[2] for row in rows(view, "single-source")} == {
            "country", "date", "usedPlatform",
        }  # fmt: skip
