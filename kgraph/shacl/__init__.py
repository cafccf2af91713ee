"""A SHACL engine on Oxigraph: shapes and data in, a validation report out.

It stands alone: `Shapes.load(triples)`, `validate(shapes, data)`. SHACL Core and SHACL-SPARQL are complete;
what is not known is refused when shapes are loaded, never silently passed.

Source: W3C Shapes Constraint Language (SHACL), Recommendation of 20 July 2017.
"""

from kgraph.shacl.changes import Delta, Recheck, recheck, touched
from kgraph.shacl.data import Changed, Data, Lasting, Layered, MemoryData, StoreData
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.loading import Shapes
from kgraph.shacl.results import ValidationReport, ValidationResult
from kgraph.shacl.validation import validate
from kgraph.shacl.vocabulary import RDF, RDFS, SH, Node, Terms

__all__ = [
    "RDF",
    "RDFS",
    "SH",
    "Changed",
    "Data",
    "Delta",
    "Lasting",
    "Layered",
    "MemoryData",
    "Node",
    "Recheck",
    "Shapes",
    "ShapesError",
    "StoreData",
    "Terms",
    "ValidationReport",
    "ValidationResult",
    "recheck",
    "touched",
    "validate",
]
