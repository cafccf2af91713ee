"""The datasets that can be loaded: a module for each, in which `DATASET` declares it."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kgraph.datasets.declaring import Dataset
from kgraph.errors import NotFound


@cache
def datasets() -> dict[str, Dataset]:
    """All of them by name, sorted."""
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    found = [module.DATASET for module in modules if hasattr(module, "DATASET")]
    return {dataset.name: dataset for dataset in sorted(found, key=lambda each: each.name)}


def find_dataset(name: str) -> Dataset:
    """The dataset that goes by a name.

    :raises NotFound: if none does; names those that there are.
    """
    found = datasets().get(name)
    if found is None:
        raise NotFound(f"no dataset goes by {name!r}; there are {', '.join(datasets())}")
    return found
