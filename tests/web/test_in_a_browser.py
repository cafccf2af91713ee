"""Pages in a real browser: no network, by keyboard alone, read aloud, light and dark, on a narrow screen."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import ENTER, TAB, Browser, chromium
from live_server import Served, serving
from sample_graph import KZ, MINTER, first_note, load, second_note

from kgraph.store import open_store

AXE = Path(__file__).parent / "javascript" / "node_modules" / "axe-core" / "axe.min.js"

TABLE = "SELECT ?event ?date WHERE { ?event a kg:Blocking ; kg:earliest ?date }"
WRONG = "SELECT ?event WHERE { ?event a kg:Blocking ?event kg:date ?date }"
MISSPELT = "SELECT ?event WHERE { ?event a kg:Blockng }"
TRIPLES = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 5"


def _asking(query: str) -> str:
    return "/sparql?" + urlencode({"query": query})


def _path(iri: str) -> str:
    return iri.removeprefix(MINTER.base[:-1])


PAGES = {
    "home": "/",
    "form": "/sparql",
    "table": _asking(TABLE),
    "triples": _asking(TRIPLES),
    "yes": _asking("ASK { ?s ?p ?o }"),
    "malformed": _asking(WRONG),
    "unknown term": _asking(MISSPELT),
    "country": _path(KZ),
    "document": _path(first_note().iri),
    "graph": _path(MINTER.document_graph(first_note().iri)),
    "question": "/questions/blocked-platforms?country=KZ",
    "wrong parameter": "/questions/controls-near-protests?days=soon",
    "disputes": "/disputes",
    "class": "/things/Country",
    "ontology": "/ontology",
    "nothing there": "/id/country/QQ",
}


@pytest.fixture(scope="module")
def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for a browser: where there is none, it is not started either."""
    store = tmp_path_factory.mktemp("browser") / "store"
    with open_store(store, create=True) as opened:
        load(opened, first_note(), second_note())
    with serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as window:
        yield window


@pytest.fixture
def visit(served: Served, browser: Browser) -> Iterator[Browser]:
    """A browser that has been nowhere since the last test."""
    browser.prefer("light")
    browser.resize(1280, 900)
    browser.asked_for()
    browser.complaints()
    return browser


def _open(browser: Browser, served: Served, page: str) -> None:
    browser.open(served.address + PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_nothing_from_elsewhere(visit: Browser, served: Served, page: str) -> None:
    _open(visit, served, page)
    asked = visit.asked_for()
    assert f"{served.address}/static/style.css" in asked
    assert not [each for each in asked if not each.startswith(served.address)]
    # The status of an error page is one of the things that a browser complains of.
    assert not [each for each in visit.complaints() if "the server responded with a status" not in each]


@pytest.mark.parametrize("page", PAGES)
def test_the_tab_key_reaches_all_that_can_be_used(visit: Browser, served: Served, page: str) -> None:
    _open(visit, served, page)
    usable = visit.run(
        """
        const all = [...document.querySelectorAll(
            'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')];
        window.usable = all.filter(each => each.checkVisibility({visibilityProperty: true}));
        window.reached = [];
        window.unseen = [];
        addEventListener('focusin', ({target}) => {
            window.reached.push(window.usable.indexOf(target));
            const {outlineStyle, outlineWidth} = getComputedStyle(target);
            if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) window.unseen.push(target.outerHTML);
        });
        return window.usable.length;
        """
    )
    visit.press(*[TAB] * usable)
    assert visit.run("return window.reached") == list(range(usable))
    assert visit.run("return window.unseen") == []


def test_the_first_key_leads_past_the_navigation(visit: Browser, served: Served) -> None:
    _open(visit, served, "country")
    visit.press(TAB, ENTER)
    assert visit.run("return document.activeElement.id") == "main"
    visit.press(TAB)
    assert visit.run("return document.querySelector('main').contains(document.activeElement)")


def test_a_query_is_asked_corrected_and_answered_by_keyboard(visit: Browser, served: Served) -> None:
    _open(visit, served, "form")
    visit.run("const area = document.querySelector('textarea'); area.focus(); area.value = ''")
    visit.press(*WRONG)
    visit.press(TAB, TAB, ENTER)
    _until(visit, "document.querySelector('[role=alert]')")
    assert visit.run("return document.querySelector('mark').textContent") == "?event"
    assert visit.run("return document.querySelector('textarea').value") == WRONG
    visit.run("document.querySelector('[role=alert] button').focus()")
    visit.press(ENTER)
    _until(visit, "!document.querySelector('[role=alert]') && document.querySelector('#answer')")
    assert " . ?event kg:date" in visit.run("return document.querySelector('textarea').value")


def _until(browser: Browser, condition: str) -> None:
    """Wait until the page has become another."""
    reached = browser.run(
        f"""
        return new Promise(resolve => {{
            const look = left => document.readyState === 'complete' && ({condition}) ? resolve(true)
                : left ? setTimeout(look, 50, left - 1) : resolve(false);
            look(100);
        }})
        """
    )
    assert reached, condition


@pytest.mark.parametrize("page", PAGES)
def test_a_page_breaks_no_rule_of_accessibility(visit: Browser, served: Served, page: str) -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core: make javascript")
    _open(visit, served, page)
    visit.run(AXE.read_text(encoding="utf-8"))
    found = visit.run("return axe.run().then(result => result.violations)")
    visit.prefer("dark")
    found += visit.run("return axe.run({runOnly: ['color-contrast']}).then(result => result.violations)")
    assert not [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def test_dark_is_dark_and_light_is_light(visit: Browser, served: Served) -> None:
    lightness = {}
    for scheme in ("light", "dark"):
        visit.prefer(scheme)
        _open(visit, served, "home")
        colour = visit.run(
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        )
        lightness[scheme] = sum(colour[:3]) / 3
    assert lightness["light"] > 200
    assert lightness["dark"] < 60


@pytest.mark.parametrize("page", PAGES)
def test_a_narrow_screen_scrolls_one_way_only(visit: Browser, served: Served, page: str) -> None:
    visit.resize(320, 700)
    _open(visit, served, page)
    assert visit.run("return document.documentElement.scrollWidth") <= 320
