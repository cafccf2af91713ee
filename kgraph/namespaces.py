"""Prefixes and terms: the one place where a namespace is written down.

A term is a plain `str`, so that this module costs nothing to import:

>>> KG.Protest
'https://w3id.org/kgraph/ontology#Protest'
>>> shorten(KG.Protest)
'kg:Protest'
"""


class Namespace:
    """An IRI that other IRIs start with; `NS.name` and `NS["name"]` give the term.

    No `str`, whose methods would shadow terms such as `DCTERMS.title`; `str(NS)` gives the IRI.
    """

    __slots__ = ("_iri",)

    def __init__(self, iri: str):
        self._iri = iri

    def __str__(self) -> str:
        return self._iri

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._iri + name

    def __getitem__(self, name: str) -> str:
        return self._iri + name


KG = Namespace("https://w3id.org/kgraph/ontology#")
KGC = Namespace("https://w3id.org/kgraph/concept/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SH = Namespace("http://www.w3.org/ns/shacl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
OA = Namespace("http://www.w3.org/ns/oa#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SCHEMA = Namespace("https://schema.org/")
GEO = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
WD = Namespace("http://www.wikidata.org/entity/")
GN = Namespace("https://sws.geonames.org/")

_NAMESPACES: dict[str, Namespace] = {
    "kg": KG,
    "kgc": KGC,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "sh": SH,
    "prov": PROV,
    "oa": OA,
    "dcterms": DCTERMS,
    "dcat": DCAT,
    "void": VOID,
    "sd": SD,
    "foaf": FOAF,
    "schema": SCHEMA,
    "geo": GEO,
    "wd": WD,
    "gn": GN,
}

#: Prefix to namespace, as queries, Turtle and pages write them.
PREFIXES: dict[str, str] = {prefix: str(namespace) for prefix, namespace in _NAMESPACES.items()}


def shorten(iri: str) -> str:
    """The prefixed name of an IRI where we have a prefix for it, else the IRI itself."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{local}"
    return iri


def local_name(iri: str) -> str:
    """What stands behind the last `#` or `/` of an IRI."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
