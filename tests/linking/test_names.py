"""Names are compared across scripts, spellings and cuts; what tells two apart stays telling."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("rapidfuzz")
pytest.importorskip("anyascii")

from kgraph.linking import SURE, Thing, score
from kgraph.linking.cutting import is_cut_from
from kgraph.linking.names import forms, read_name
from kgraph.linking.sounds import likeness, skeletons, sound
from kgraph.linking.things import country_words
from kgraph.namespaces import KG

BASE = "https://w3id.org/kgraph/id/"


def thing(kind: str, name: str, state: str = "", **more: object) -> Thing:
    country = f"{BASE}country/{state}"
    return Thing(
        f"{BASE}{kind.lower()}/{name}",
        kind,
        names=frozenset({name}),
        countries=frozenset({country} if state else ()),
        said_anyway=country_words(country) if state else frozenset(),
        **more,  # type: ignore[arg-type]  # what a test needs
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yusuf al-Hamdani", "يوسف الحمداني"),
        ("Abdul Karim Saadi", "عبد الكريم السعدي"),
        ("Abdelkarim Saadi", "Abdul-Karim Saadi"),
        ("Hussein Nasrallah", "حسين نصر الله"),
        ("Nizamuddin Rahimi", "نظام‌الدین رحیمی"),
        ("Zhang Weiming", "Чжан Вэймин"),
        ("Park Min-jun", "박민준"),
        ("Kyaw Min Oo", "ကျော်မင်းဦး"),
        ("Suresh Mehta", "सुरेश मेहता"),
        ("Rahima Khatun", "রহিমা খাতুন"),
        ("Nino Kapanadze", "ნინო კაპანაძე"),
        ("Bekele Tadesse", "በቀለ ታደሰ"),
        ("Jovan Kovačić", "Јован Ковачић"),
        ("Siarhei Harecki", "Сергей Горецкий"),
        ("Shimon Barak", "שמעון ברק"),
        ("Mohd. Salim Ismail", "Mohammad Salim Ismail"),
        ("Petrov, Ivan Sergeyevich", "Иван Петров"),
        ("Nikolaos Petridis", "Νικόλαος Πετρίδης"),
    ],
)
def test_a_persons_name_is_one_in_all_scripts_and_spellings(one: str, other: str) -> None:
    assert score(thing("Person", one, "KZ"), thing("Person", other, "KZ")).value >= SURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hassan Karimi", "حسین کریمی"),
        ("Khalid Al Sabri", "Hamad bin Khalid Al Sabri"),
        ("Nino Kapanadze", "ანზორ კაპანაძე"),
        ("Park Min-jun", "박서연"),
        ("Zhang Weiming", "张德江"),
        ("Sergei Petrov", "Ирина Петрова"),
    ],
)
def test_who_shares_a_part_of_a_name_is_someone_else(one: str, other: str) -> None:
    assert score(thing("Person", one, "KZ"), thing("Person", other, "KZ")).value < SURE


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        ("Steppe Mobile Lietuva", "Steppe Mobile", "LT"),
        ("Steppe Kazakhstan", "Steppe Қазақстан", "KZ"),
        ("Steppe Telecom S.A.B. de C.V.", "Steppe Telecom", "MX"),
        ("Kenyan Roads Board", "Kenya Roads Board", "KE"),
        ("Steppe Roads Board (SRB)", "Steppe Roads Board", "KZ"),
        ("SRB", "Steppe Roads Board", "KZ"),
        ("STV", "Steppe Televizija", "KZ"),
        ("Kazroad", "Kazakh Roads Agency", "KZ"),
        ("Степная газета", "Stepnaya Gazeta", "KZ"),
    ],
)
def test_a_body_is_found_by_what_its_names_have_beside_forms_and_states(
    one: str, other: str, state: str
) -> None:
    assert score(thing("Actor", one, state), thing("Actor", other, state)).value >= SURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Steppe Kazakhstan", "Steppe Media"),
        ("Kazakh Media Authority", "Kazakh Communications Authority"),
        ("Gazeta", "Kazakhstan Gazeta"),
        ("SRB", "Steppe Radio Network"),
    ],
)
def test_two_bodies_of_a_state_stay_two(one: str, other: str) -> None:
    assert score(thing("Actor", one, "KZ"), thing("Actor", other, "KZ")).value < SURE


def test_initials_tell_nothing_across_states() -> None:
    assert score(thing("Actor", "SRB", "KZ"), thing("Actor", "Steppe Roads Board", "UZ")).value < SURE


def test_a_platform_that_is_spelt_otherwise_is_another() -> None:
    assert score(thing("Platform", "Jurtgram"), thing("Platform", "Yurtgram")).value < SURE
    assert score(thing("Platform", "Jurtgram"), thing("Platform", "Jurtgram.com")).value >= SURE
    assert score(thing("Platform", "Telegrom"), thing("Platform", "Телегром")).value >= SURE


def test_a_surname_in_front_is_one_name_of_who_was_in_office_then() -> None:
    def in_office(name: str, first: int, last: int) -> Thing:
        state = frozenset({f"{BASE}country/MX"})
        years = date(first, 1, 1), date(last, 12, 31)
        return thing("Person", name, "MX", offices=state, in_office=years)

    row = in_office("Valdez Herrera", 2000, 2006)
    assert score(row, in_office("Luis Alberto Valdez", 2003, 2003)).value >= SURE
    assert score(row, in_office("Luis Alberto Valdez", 2009, 2009)).value < SURE


def test_a_name_is_cut_to_initials_or_clipped() -> None:
    assert is_cut_from("KUNA", "Kuwait News Agency")
    assert is_cut_from("Госсовет", "Государственный совет")
    assert not is_cut_from("KUNA", "Kuwait Television")
    assert not is_cut_from("Kuwait", "Kuwait News Agency")
    assert forms("Steppe News (the agency)") == ("Steppe News (the agency)", "Steppe News")


def event(when: tuple[str, str], document: str, **more: object) -> Thing:
    first, last = map(date.fromisoformat, when)
    return Thing(
        f"{BASE}d/{document}/1-event",
        "Event",
        frozenset({KG.Shutdown}),
        countries=frozenset({f"{BASE}country/KZ"}),
        dates=(first, last),
        origin=f"{BASE}d/{document}",
        **more,  # type: ignore[arg-type]  # what a test needs
    )


def test_accounts_agree_by_the_day_on_which_something_began_however_long_it_lasted() -> None:
    long, short = event(("2020-06-30", "2020-12-06"), "a"), event(("2020-06-30", "2020-06-30"), "b")
    within, month = event(("2020-09-15", "2020-09-15"), "c"), event(("2020-06-01", "2020-06-30"), "d")
    assert score(long, short).value > score(long, month).value > score(long, within).value - 0.001
    assert score(long, short).value >= 0.7


def test_what_happened_in_one_of_several_places_may_be_a_part() -> None:
    places = [f"{BASE}place/{name}" for name in ("almaty", "astana", "atyrau")]
    day = ("2020-06-30", "2020-06-30")
    three = event(day, "a", places=frozenset(places))
    assert (
        score(three, event(day, "b", places=frozenset(places))).value
        > score(three, event(day, "c", places=frozenset(places[:1]))).value
    )


WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=12)


@given(WORDS, WORDS, st.booleans(), st.booleans())
def test_how_alike_words_are_does_not_depend_on_which_comes_first(
    one: str, other: str, across: bool, rough: bool
) -> None:
    found = likeness(one, other, across=across, rough=rough)
    assert 0 <= found <= 1
    assert found == likeness(other, one, across=across, rough=rough)
    assert likeness(one, one) == 1
    assert skeletons(one)
    assert sound(sound(one)) == sound(sound(sound(one)))


@given(st.text(max_size=30))
def test_any_text_can_be_read_as_a_name(text: str) -> None:
    for of_person in (False, True):
        name = read_name(text, of_person=of_person)
        assert all(word.isascii() and word == word.lower() for word in name.tokens)
    assert all(forms(text)) or not text
