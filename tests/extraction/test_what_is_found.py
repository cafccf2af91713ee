"""Each mechanism on sentences that were written for it."""

import pytest

from .conftest import Read


def test_who_blocked_what_where_and_when(read: Read) -> None:
    found = read("On 3 March 2015, the government blocked Telegram and Viber in Belarus.")
    event = found.one("Blocking")
    assert found.values(event, "target") == {"Telegram", "Viber"}
    assert found.values(event, "conductedBy") == {"government"}
    assert found.values(event, "country") == {"Belarus"}
    assert found.values(event, "date") == {"2015-03-03"}


@pytest.mark.parametrize(
    "sentence",
    [
        "In May 2019, authorities in Sudan blocked WhatsApp.",
        "In May 2019, WhatsApp was blocked by authorities in Sudan.",
        "Authorities in Sudan imposed a block on WhatsApp in May 2019.",
        "The blocking of WhatsApp in Sudan by authorities in May 2019 drew criticism.",
    ],
)
def test_an_act_is_found_in_whatever_form_it_is_told(read: Read, sentence: str) -> None:
    found = read(sentence)
    event = found.one("Blocking")
    assert found.values(event, "target") == {"WhatsApp"}
    assert found.values(event, "date") == {"2019-05"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The government of Chad did not block WhatsApp.",
        "The government of Chad may block WhatsApp next year.",
        "The government of Chad denied plans to block WhatsApp.",
        "It is unclear whether the government of Chad blocked WhatsApp.",
    ],
)
def test_what_did_not_happen_is_no_event(read: Read, sentence: str) -> None:
    assert read(sentence).nodes("Blocking") == []


def test_a_network_is_shut_down_and_a_platform_blocked(read: Read) -> None:
    found = read("On 5 June 2020, authorities shut down mobile internet in Ethiopia.")
    assert found.values(found.one("Shutdown"), "target") == {"mobile internet"}


def test_two_tolls_are_two_claims_on_one_strike(read: Read) -> None:
    found = read(
        "Officials said 12 miners were killed during a 2013 strike in Rustenburg.",
        "Rights groups put the death toll of the strike as high as 40.",
    )
    claims = found.nodes("Claim")
    assert {v for c in claims for v in found.values(c, "claimedValue")} == {"12", "40"}
    assert all(found.values(claim, "stance") == {"asserts"} for claim in claims)


def test_a_count_keeps_its_bound(read: Read) -> None:
    found = read(
        "Amnesty International said that at least 200 people were killed in the protests in Iran in 2019."
    )
    claim = found.one("Claim")
    assert found.values(claim, "claimedValue") == {"200"}
    assert found.values(claim, "bound") == {"atLeast"}
    assert found.values(claim, "claimedBy") == {"Amnesty International"}


def test_a_bounded_count_is_no_exact_fact(read: Read) -> None:
    found = read("On 9 June 2018, police detained more than 500 demonstrators in Yerevan.")
    assert found.values(found.one("Arrest"), "arrestCount") == set()
    assert found.values(found.one("Claim"), "bound") == {"atLeast"}


def test_an_exact_count_of_nobody_is_a_fact(read: Read) -> None:
    found = read("On 9 June 2018, police detained 23 demonstrators in Yerevan.")
    assert found.values(found.one("Arrest"), "arrestCount") == {"23"}
    assert found.nodes("Claim") == []


@pytest.mark.parametrize(
    ("denied", "claims"),
    [
        ("denied that it was behind the blocking of Twitter", 1),
        ("denied that the outage was linked to the blocking of Twitter", 0),
    ],
)
def test_who_denies_an_act_denies_it_of_themselves(read: Read, denied: str, claims: int) -> None:
    found = read(f"On 3 May 2021, Twitter was blocked in Nigeria. The government {denied}.")
    assert len(found.nodes("Claim")) == claims


def test_a_law_lets_someone_block_without_a_court(read: Read) -> None:
    found = read(
        "Under the 2016 Information Act, the regulator may block websites without a court order in Uganda."
    )
    power = found.one("LegalPower")
    assert found.values(power, "permits") == {"blocking"}
    assert found.values(power, "courtOrderRequired") == {"false"}
    assert found.values(power, "powerHolder") == {"regulator"}


def test_an_office_belongs_to_a_person_and_a_country(read: Read) -> None:
    found = read("Aleksandr Lukashenko, the president of Belarus, signed the law.")
    person = found.one("Person")
    assert found.values(person, "holdsOffice") == {"president"}
    assert found.values(person, "officeOf") == {"Belarus"}


def test_an_adjective_gives_a_body_its_country(read: Read) -> None:
    found = read("The Tanzanian government blocked Twitter in 2020.")
    assert found.values(found.one("StateBody"), "country") == {"Tanzania"}


def test_one_thing_is_one_node_however_often_it_is_named(read: Read) -> None:
    found = read(
        "The Uganda Communications Commission (UCC) ordered operators to block Facebook in January 2021.",
        "The UCC also ordered them to block Twitter.",
    )
    assert len([label for label in found.labels("StateBody") if "C" in label]) == 1


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("on 5 June 2020", "2020-06-05"),
        ("on June 5, 2020", "2020-06-05"),
        ("in June 2020", "2020-06"),
        ("in 2020", "2020"),
        ("yesterday", "2020-06-09"),
        ("last month", "2020-05"),
    ],
)
def test_a_date_is_as_precise_as_the_text(read: Read, words: str, date: str) -> None:
    found = read(f"Authorities blocked Signal in Uzbekistan {words}.", issued="2020-06-10")
    assert found.values(found.one("Blocking"), "date") == {date}


def test_a_duration_is_kept_as_one(read: Read) -> None:
    found = read("A nine-month strike of teachers in Peru ended in 2012.")
    assert found.values(found.one("Strike"), "duration") == {"P9M"}


def test_a_platform_used_by_protesters_is_told(read: Read) -> None:
    found = read("During the protests in Belarus in August 2020, protesters used Telegram to organise.")
    assert found.values(found.one("Protest"), "usedPlatform") == {"Telegram"}


def test_a_launch_opens_accounts(read: Read) -> None:
    found = read("In May 2014, the Nairobi City Council opened accounts on Twitter and Instagram.")
    assert len(found.nodes("Account")) == 2
    assert found.values(found.one("Launch"), "date") == {"2014-05"}


def test_generalities_and_opinions_yield_no_event(read: Read) -> None:
    found = read("Censorship is a grave threat to democracy.", "Many fear that things will get worse.")
    assert not any(found.nodes(name) for name in ("Blocking", "Ban", "Protest", "Repression"))


def test_a_name_with_the_number_of_a_network_is_an_operator_wherever_it_stands(read: Read) -> None:
    found = read(
        "Blue Chad (AS64500) has blocked Telegram since 3 May 2019.",
        "On 9 June 2020, Blue Chad also blocked WhatsApp.",
    )
    events = found.nodes("Blocking")
    assert len(events) == 2
    assert {by for event in events for by in found.values(event, "conductedBy")} == {"Blue Chad"}
    assert found.nodes("Person") == []
    assert len(found.nodes("TelecomOperator")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "A leaked paper outlines the plan of the government of Chad to order providers to block WhatsApp.",
        "Unlicensed posts could result in a shutdown of WhatsApp in Chad.",
        "Police in Chad were accused of plotting to block WhatsApp.",
        "The test is designed to measure the DNS and TCP blocking of WhatsApp in Chad.",
        "By law authorities in Chad were required to obtain an order to block WhatsApp.",
        "If our data from Chad is right, this suggests that WhatsApp was blocked.",
    ],
)
def test_what_may_happen_or_is_tested_is_no_event(read: Read, sentence: str) -> None:
    found = read(sentence)
    assert found.nodes("Blocking") == found.nodes("Shutdown") == []


def test_who_speaks_of_an_act_does_not_date_it(read: Read) -> None:
    found = read("On June 15, lawyers denounced the blocking of WhatsApp in Chad.")
    assert found.values(found.one("Blocking"), "date") == set()


def test_a_list_behind_a_passive_names_what_is_hit(read: Read) -> None:
    found = read("During the vote in Chad, services were blocked, including WhatsApp and Telegram.")
    assert found.values(found.one("Blocking"), "target") == {"WhatsApp", "Telegram"}


def test_acts_in_a_list_hit_what_stands_behind_it(read: Read) -> None:
    found = read("Protesters in Lima demanded an end to the trial and arrest of Jane Okello.")
    assert found.values(found.one("Arrest"), "target") == {"Jane Okello"}


def test_protests_on_other_grounds_elsewhere_are_others(read: Read) -> None:
    found = read(
        "In Chad, a protest against the new tax was held at Amal Square.",
        "Officers also dispersed demonstrations against the felling of trees at Doba Park.",
    )
    assert len([*found.nodes("Protest"), *found.nodes("Rally")]) == 2


@pytest.mark.parametrize(
    ("sentence", "kind", "name"),
    [
        ("Prime Minister Somsak Wat-a-nabe of Thailand banned Telegram.", "Person", "Somsak Wat-a-nabe"),
        ("Officials in Chad cited the Decree on Order in Emergency Times when they banned Telegram.", "Law",
         "Decree on Order in Emergency Times"),
        ("The rights group Nurlan reported that authorities in Chad blocked WhatsApp.", "CivicOrganization",
         "Nurlan"),
        ("State prosecutor Amina Deby banned a meeting in Chad.", "Person", "Amina Deby"),
        ("The State Committee for Public Order banned Telegram in Chad.", "StateBody",
         "State Committee for Public Order"),
    ],
)  # fmt: skip
def test_a_name_is_whole_and_of_its_class(read: Read, sentence: str, kind: str, name: str) -> None:
    found = read(sentence)
    assert name in {found.label(node) for node in found.nodes(kind)}


@pytest.mark.parametrize(
    "sentence",
    [
        "The general staff met, and the government of Chad blocked WhatsApp.",
        "The government of Chad blocked WhatsApp and restricted the freedoms of assembly and association.",
        "The government of Chad blocked WhatsApp; the state of press freedom is poor.",
        "The government of Chad ordered providers to block WhatsApp, and journalists censor themselves.",
    ],
)
def test_words_for_what_is_nobody_make_no_node(read: Read, sentence: str) -> None:
    found = read(sentence)
    assert len(found.nodes("Blocking")) == 1
    assert found.nodes("Person") == found.nodes("CivicOrganization") == found.nodes("Group") == []
    assert len(found.nodes("StateBody")) == 1


def test_sites_of_two_owners_are_two(read: Read) -> None:
    found = read(
        "Authorities in Chad blocked the website of the Amal Institute on 3 May 2019.",
        "On 9 May 2019, authorities blocked the website of the Doba Foundation.",
    )
    assert len(found.nodes("Website")) == 2


def test_all_gerunds_of_a_list_are_told_of_who_does_the_first(read: Read) -> None:
    found = read(
        "The government of Chad keeps control by ordering editors to avoid covering rallies, closing down"
        " radio stations and blocking websites."
    )
    assert found.values(found.one("Ban"), "target") == {"radio stations"}
    assert found.values(found.one("Blocking"), "conductedBy") == {"government"}


@pytest.mark.parametrize(
    ("sentence", "ground"),
    [
        ("Authorities in Chad blocked a website on the grounds it was unlicensed.", "was unlicensed"),
        ("Authorities in Chad blocked websites they claimed lacked a licence.", "lacked a licence"),
        ("Authorities in Chad banned Telegram after alleging the app had spread lies.", "spread lies"),
        ("Authorities in Chad often cited safety as the basis for banning Telegram.", "safety"),
    ],
)  # fmt: skip
def test_the_ground_of_a_measure_is_its_maker_s_claim(read: Read, sentence: str, ground: str) -> None:
    found = read(sentence)
    claim = found.one("Claim")
    assert found.values(claim, "claimedValue") == {ground}
    assert {name.lower() for name in found.values(claim, "claimedBy")} == {"authorities"}


def test_an_act_is_of_the_country_of_its_sentence(read: Read) -> None:
    found = read(
        "In Chad, Chad's regulator blocked WhatsApp in Chad.",
        "In neighbouring Sudan, the internet was shut down after soldiers cracked down on marchers.",
    )
    assert found.values(found.one("Crackdown"), "country") == {"Sudan"}


def test_those_who_died_before_a_protest_are_not_its_toll(read: Read) -> None:
    found = read("Protests in Chad began in May 2019 after 16 people died in the collapse of a roof.")
    assert found.values(found.one("Protest"), "deathToll") == set()


def test_a_line_under_a_chart_tells_of_nothing_new(read: Read) -> None:
    found = read(
        "On 5 May 2020, the government of Chad blocked WhatsApp.",
        "Chart: Blocking of messaging apps in Chad",
    )
    assert len(found.nodes("Blocking")) == 1
