"""What the tests of linking hand to each other."""

from collections.abc import Callable

#: Lets drafts into a store, through the gate.
Enter = Callable[..., None]
