"""What goes wrong with shapes."""

from kgraph.errors import GateError
from kgraph.shacl.vocabulary import Node, show


class ShapesError(GateError):
    """Shapes that are ill-formed, or that use what this engine does not know.

    :param shape: the node that is wrong; None if it is the graph as a whole.
    :param reason: what is wrong with it.
    """

    def __init__(self, shape: Node | None, reason: str):
        self.shape = shape
        self.reason = reason
        super().__init__(f"shape {show(shape)}: {reason}" if shape is not None else reason)
