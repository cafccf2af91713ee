"""Saved questions as files: what their head says, and what is wrong with it, by line."""

from pathlib import Path

import pytest

from kgraph.errors import ConfigError, QuestionError
from kgraph.query import question, questions
from kgraph.query.questions import TYPES, parse_question

GOOD = """# title: A question
# description: What it asks,
#   over two lines.
# parameter days (integer, default 7): how many days
# parameter country (country, optional): where
# parameter who (string): by whom

SELECT ?s WHERE { ?s ?days ?country , ?who }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "a-question.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_head_gives_title_description_and_parameters(tmp_path: Path) -> None:
    read = parse_question(write(tmp_path, GOOD))
    assert (read.name, read.title) == ("a-question", "A question")
    assert read.description == "What it asks, over two lines."
    days, country, who = read.parameters
    assert (days.default, days.required) == ("7", False)
    assert (country.default, country.required) == (None, False)
    assert (who.required, who.example) == (True, "president")
    assert read.body.startswith("SELECT")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("# titel: A question", "line 1: 'titel: A question' is no field"),
        ("# title: A question\n# title: Again", "line 2: title stands here for the second time"),
        (
            "# title: A\n# description: B\n# parameter days integer: x",
            "line 3: 'days integer: x' is no parameter",
        ),
        ("# title: A\n# description: B\n# parameter days (number): x", "line 3: there is no type 'number'"),
        ("# title: A question", "no `# description: …`"),
        ("# title: A\n# description: B\n# parameter x (string): x", "?x is nowhere in the query"),
    ],
)
def test_a_wrong_head_is_refused_with_file_and_line(tmp_path: Path, wrong: str, told: str) -> None:
    with pytest.raises(ConfigError, match=r"a-question\.rq") as caught:
        parse_question(write(tmp_path, wrong + "\n\nSELECT ?s WHERE { ?s ?days ?o }\n"))
    assert told in str(caught.value)


def test_the_eight_questions_ship_with_titles_and_known_types() -> None:
    names = [each.name for each in questions()]
    assert names == sorted(names)
    assert set(names) >= {
        "blocked-platforms", "laws-without-court", "protest-platforms", "controls-near-protests",
        "disputed-death-tolls", "single-source", "officials-accounts", "country-timeline",
    }  # fmt: skip
    for each in questions():
        assert each.title
        assert each.description
        assert {parameter.type for parameter in each.parameters} <= set(TYPES)


def test_an_unknown_question_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(QuestionError, match="did you mean blocked-platforms"):
        question("blocked-platform")
