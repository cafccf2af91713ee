"""Domain lists: which hosts are a platform's."""

from pathlib import Path

import pytest
from published import answers, conforms, loaded, reasons

from kgraph import SourceError

_DOMAINS = "?p a kg:Platform ; kg:domainName ?d"
#: What the file says, beside what the gazetteer does.
_SAID = f"GRAPH <https://w3id.org/kgraph/graph/dataset/platform-domains> {{ {_DOMAINS} }}"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_rules_are_domains_of_the_service_of_the_files_name(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "telegram",
        "# all of it\n\ncdn-one.example\nfull:Host.Two.example @ads  # a host\n"
        "domain:three.example @ads @cn &x\n",
    )
    graph, became = loaded("platform-domains", file)
    assert (became.rows, became.problems) == (3, ())
    assert answers(graph, _SAID, "p", "d") == {
        ("platform/telegram", host) for host in ("cdn-one.example", "host.two.example", "three.example")
    }
    assert conforms(graph)


def test_what_names_no_host_is_set_aside(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "vk", "include:mailru\nkeyword:vkontakte\nregexp:^vk[0-9]\\.example$\nvk.example\n"
    )
    graph, became = loaded("platform-domains", file)
    assert became.lost == 0
    assert len(reasons(became, lost=False)) == 3
    assert answers(graph, _SAID, "d") == {("vk.example",)}


def test_lists_of_companies_topics_and_top_level_domains_stay_out(tmp_path: Path) -> None:
    files = [
        _write(tmp_path / "google", "one.example\n"),
        _write(tmp_path / "category-media", "two.example\n"),
        _write(tmp_path / "youtube", "youtube\nthree.example\n"),
    ]
    graph, became = loaded("platform-domains", *files)
    assert reasons(became) == [
        "google is the list of a company, for all its services",
        "category-media is no platform that is known",
        "'youtube' is no address of a site",
    ]  # fmt: skip
    assert answers(graph, _SAID, "d") == {("three.example",)}


@pytest.mark.parametrize(
    "text", ["telegram;one.example;ads\nno rule at all\n", "telegram: one.example\n", "<html>\n"]
)
def test_what_is_no_list_is_one_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"line [12] is no rule|there is no row"):
        loaded("platform-domains", _write(tmp_path / "telegram", text))


def test_an_empty_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no row"):
        loaded("platform-domains", _write(tmp_path / "telegram", "# nothing yet\n"))


def test_the_lists_load_and_counts_agree(shared: Path) -> None:
    folder = shared / "datasets/v2fly-domains/data"
    names = ("facebook", "telegram", "twitter", "vk", "whatsapp")
    graph, became = loaded("platform-domains", *(folder / name for name in names))
    lines = [
        line.partition("#")[0].split()
        for name in names
        for line in (folder / name).read_text("utf-8").splitlines()
    ]
    rules = {
        words[0].partition(":")[2] or words[0]
        for words in lines
        if words and not words[0].startswith("include:")
    }
    assert became.rows == sum(bool(words) for words in lines)
    assert {d for (d,) in answers(graph, _SAID, "d")} == rules
    assert conforms(graph)
