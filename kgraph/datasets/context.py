"""What cells know beside their row: whose dataset it is, and the states of the world by their codes."""

from dataclasses import dataclass, field
from typing import Self

from kgraph.datasets.declaring import Dataset, Named, Odd
from kgraph.datasets.states import States
from kgraph.gazetteer import Gazetteer
from kgraph.iris import Minter, slug
from kgraph.namespaces import KG


@dataclass
class Context:
    """While one dataset is loaded.

    :param dataset: its name.
    :param publisher: who assesses, measures and counts in it.
    :ivar told: of the dataset's own things so far, by their addresses: the place of the row that told of one,
        and a hash of what it said.
    :ivar file: the name of the file that is being read: some publishers tell the edition nowhere else.
    """

    dataset: str
    minter: Minter
    gazetteer: Gazetteer
    publisher: Named
    file: str = ""
    told: dict[str, tuple[str, int]] = field(default_factory=dict)
    states: States = field(init=False)

    def __post_init__(self) -> None:
        self.states = States(self.gazetteer, self.minter)

    @classmethod
    def of(cls, dataset: Dataset, minter: Minter, gazetteer: Gazetteer) -> Self:
        """For a dataset, whose publisher is what the gazetteer knows by the name, as in documents."""
        name, kind = dataset.publisher, dataset.publisher_kind
        publisher = _known(gazetteer, name, kind) or Named(minter.named("actor", name), KG[kind], name)
        return cls(dataset.name, minter, gazetteer, publisher)

    @property
    def iri(self) -> str:
        """The dataset's address."""
        return self.minter.dataset(self.dataset)

    def own(self, key: str) -> str:
        """The address of something that is this dataset's alone.

        :raises Odd: if nothing of the key is left to stand in an IRI.
        """
        words = slug(key)
        if not words:
            raise Odd(f"{key!r} has no letter or digit to make an IRI of")
        return f"{self.iri}/{words}"

    def known(self, name: str, *kinds: str) -> Named | None:
        """What the gazetteer knows by a name, if it is of one of some kinds (local names of classes)."""
        return _known(self.gazetteer, name, *kinds)


def _known(gazetteer: Gazetteer, name: str, *kinds: str) -> Named | None:
    for entry in gazetteer.find(name):
        if entry.kind in kinds:
            return Named(entry.iri, KG[entry.kind], entry.label)
    return None
