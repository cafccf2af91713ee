"""What a result tells people: messages of shapes, of SPARQL constraints and of declared components."""

import pyoxigraph as ox
import pytest
from engines import report_of

PREFIX = 'ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'


def _messages(shapes: str, data: str = "ex:a ex:p 5 .") -> list[set[str]]:
    results = report_of(f"{PREFIX} {shapes}", data).results
    return [{str(message) for message in result.messages} for result in results]


def test_the_messages_of_a_shape_are_those_of_its_results() -> None:
    """2.1.5: exactly these messages, copied with their languages."""
    shapes = 'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:maxCount 0 ; sh:message "text"@en, "Text"@de, "t" .'
    assert _messages(shapes) == [{'"text"@en', '"Text"@de', '"t"'}]


def test_a_shape_within_another_keeps_its_own_messages() -> None:
    """2.1.5: results produced as a result of that shape; a nested property shape's are its own."""
    inner = '[ sh:path ex:p ; sh:maxCount 0 ; sh:message "inner" ]'
    shapes = f'ex:S sh:targetNode ex:a ; sh:message "outer" ; sh:property {inner} .'
    assert _messages(shapes) == [{'"inner"'}]


def test_a_result_without_a_message_in_the_shapes_gets_one() -> None:
    """3.6.2.6: a processor may make one; ours says what was expected."""
    (messages,) = _messages("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:datatype xsd:string .")
    assert all("string" in message for message in messages)
    assert messages


def test_the_message_of_a_sparql_constraint_names_what_its_solution_binds() -> None:
    """5.3.2: {?name} and {$name} are replaced by the bindings; other braces stay."""
    shapes = """
        ex:S sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex:prefixes ;
            sh:message "{?value} and {$n} of {?this} {?other} {}"@en ;
            sh:select "SELECT $this ?value (?value + 1 AS ?n) WHERE { $this ex:p ?value }" ] .
    """
    ((message,),) = _messages(shapes)
    assert message.startswith('"5 and 6 of ')
    assert "example.org/a" in message or "ex:a" in message
    assert message.endswith(' {?other} {}"@en')


def test_a_bound_message_goes_before_that_of_the_constraint() -> None:
    """5.3.2: the first rule that gives a value counts: ?message, then sh:message."""
    select = (
        "SELECT $this ?message WHERE { $this ex:p ?value BIND (CONCAT('has ', STR(?value)) AS ?message) }"
    )
    constraint = f'[ sh:prefixes ex:prefixes ; sh:message "told" ; sh:select "{select}" ]'
    shapes = f"ex:S sh:targetNode ex:a ; sh:sparql {constraint} ."
    assert _messages(shapes) == [{'"has 5"'}]


COMPONENT = """
    ex:C a sh:ConstraintComponent ; {validator} ;
        sh:parameter [ sh:path ex:least ], [ sh:path ex:most ; sh:optional true ] .
    ex:S sh:targetNode ex:a ; sh:path ex:p ; ex:least {least} {more} .
"""
ASK = """sh:validator [ a sh:SPARQLAskValidator ; {message}
    sh:ask "ASK {{ FILTER ($value >= $least && (!BOUND($most) || $value <= $most)) }}" ]"""


@pytest.mark.parametrize(
    ("least", "more", "failing"),
    [(5, "", 0), (6, "", 1), (1, "; ex:most 5", 0), (1, "; ex:most 4", 1), ("'x'", "", 1)],
)
def test_a_declared_component_asks_of_each_value(least: object, more: str, failing: int) -> None:
    """6.3: ASK of each value node, with its parameters pre-bound, and optional ones only if given."""
    shapes = COMPONENT.format(validator=ASK.format(message=""), least=least, more=more)
    results = report_of(shapes, "ex:a ex:p 5 .").results
    assert len(results) == failing
    assert all(result.component == ox.NamedNode("http://example.org/C") for result in results)
    assert all(str(result.value).startswith('"5"') for result in results)


def test_the_message_of_a_component_may_name_its_parameters() -> None:
    """5.3.2: of the validator, with the parameters' names as well."""
    ask = ASK.format(message='sh:message "{$value} is less than {$least}" ;')
    assert _messages(COMPONENT.format(validator=ask, least=6, more="")) == [{'"5 is less than 6"'}]


def test_the_message_of_the_component_stands_in_for_that_of_the_validator() -> None:
    """5.3.2: the values of sh:message of the component come last."""
    ask = ASK.format(message="") + ' ; sh:message "at least {$least}"'
    assert _messages(COMPONENT.format(validator=ask, least=6, more="")) == [{'"at least 6"'}]


SELECTED = {
    "nodeValidator": '"SELECT $this WHERE { FILTER ($this != $least) }"',
    "propertyValidator": '"SELECT $this ?value WHERE { $this $PATH ?value FILTER (?value != $least) }"',
}


def test_a_validator_is_chosen_by_the_kind_of_shape() -> None:
    """6.2.3: nodeValidator for node shapes, propertyValidator for property shapes, else validator."""
    validators = " ; ".join(
        f"sh:{name} [ a sh:SPARQLSelectValidator ; sh:message '{name}' ; sh:select {query} ]"
        for name, query in SELECTED.items()
    )
    shapes = (
        COMPONENT.format(validator=validators, least=6, more="") + "ex:N sh:targetNode ex:a ; ex:least ex:b ."
    )
    assert sorted(map(sorted, _messages(shapes))) == [['"nodeValidator"'], ['"propertyValidator"']]
    only = f"sh:propertyValidator [ sh:select {SELECTED['propertyValidator']} ] ; " + ASK.format(message="")
    shapes = COMPONENT.format(validator=only, least=6, more="") + "ex:N sh:targetNode 5 ; ex:least 6 ."
    assert len(_messages(shapes)) == 2


def test_each_value_of_a_single_parameter_is_a_constraint() -> None:
    """6.2.1: a component of one parameter gives a constraint for each of its values."""
    validator = 'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ($value >= $least) }" ]'
    shapes = f"""
        ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:least ] ; {validator} .
        ex:S sh:targetNode ex:a ; sh:path ex:p ; ex:least 4, 6, 7 .
    """
    assert len(_messages(shapes)) == 2
