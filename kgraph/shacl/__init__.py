"""A SHACL engine on Oxigraph: shapes and data in, a validation report out.

It stands alone: `Shapes.load(triples)`, `validate(shapes, data)`; `check_files(shapes, data)` for
files. SHACL Core and SHACL-SPARQL are complete; what is not known is refused when shapes are loaded, never
silently passed.

Source: W3C Shapes Constraint Language (SHACL), Recommendation of 20 July 2017.
"""

from kgraph.shacl.changes import Delta, Recheck, recheck, touched
from kgraph.shacl.data import Data
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.files import check_files, idle_shapes, load_files
from kgraph.shacl.layers import Changed, Layered
from kgraph.shacl.loading import Shapes
from kgraph.shacl.memory import Lasting, MemoryData
from kgraph.shacl.paths import Alternative, Inverse, Path, Predicate, Repeat
from kgraph.shacl.paths import Sequence_ as SequencePath
from kgraph.shacl.results import ValidationReport, ValidationResult
from kgraph.shacl.stored import StoreData
from kgraph.shacl.trying import asks_class, datatypes_asked, members_asked, upper_limit, would_hold
from kgraph.shacl.validation import validate
from kgraph.shacl.vocabulary import RDF, RDFS, SH, Node, Terms

__all__ = [
    "RDF",
    "RDFS",
    "SH",
    "Alternative",
    "Changed",
    "Data",
    "Delta",
    "Inverse",
    "Lasting",
    "Layered",
    "MemoryData",
    "Node",
    "Path",
    "Predicate",
    "Recheck",
    "Repeat",
    "SequencePath",
    "Shapes",
    "ShapesError",
    "StoreData",
    "Terms",
    "ValidationReport",
    "ValidationResult",
    "asks_class",
    "check_files",
    "datatypes_asked",
    "idle_shapes",
    "load_files",
    "members_asked",
    "recheck",
    "touched",
    "upper_limit",
    "validate",
    "would_hold",
]
