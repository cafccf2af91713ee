"""Terms of the vocabularies that SHACL speaks of, as the engine's own nodes."""

import pyoxigraph as ox

from kgraph import namespaces

#: A node of a graph, as the engine has it.
Node = ox.NamedNode | ox.BlankNode | ox.Literal


class Terms:
    """A namespace whose terms are nodes: `SH.minCount`, `SH["in"]`; each is made once."""

    def __init__(self, namespace: namespaces.Namespace):
        self._namespace = namespace
        self._made: dict[str, ox.NamedNode] = {}

    def __getattr__(self, name: str) -> ox.NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> ox.NamedNode:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = ox.NamedNode(self._namespace[name])
        return made


SH = Terms(namespaces.SH)
RDF = Terms(namespaces.RDF)
RDFS = Terms(namespaces.RDFS)
OWL = Terms(namespaces.OWL)
XSD = Terms(namespaces.XSD)


def show(node: Node) -> str:
    """A node for people: IRIs by prefix where we have one, texts in quotes with what belongs to them."""
    if isinstance(node, ox.NamedNode):
        short = namespaces.shorten(node.value)
        return short if short != node.value else f"<{node.value}>"
    if isinstance(node, ox.BlankNode):
        return str(node)
    if node.language:
        return f'"{node.value}"@{node.language}'
    if node.datatype == XSD.string:
        return f'"{node.value}"'
    if node.datatype in {XSD.integer, XSD.decimal, XSD.boolean}:
        return node.value
    return f'"{node.value}"^^{show(node.datatype)}'
