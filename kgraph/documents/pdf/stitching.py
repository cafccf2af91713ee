"""Blocks across columns and pages: the second half of a paragraph back to its first."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.documents.pdf.blocks import Block, Role

#: What may stand between the halves: it floats, or stands at the foot of the page.
_BETWEEN = frozenset({Role.CAPTION, Role.TABLE, Role.NOTE})
_RUNNING = frozenset({Role.BODY, Role.LIST})
#: The other half stands no further than this many pages on.
_MOST_PAGES = 2


def stitch(regions: Iterable[Iterable[Block]]) -> Iterator[Block]:
    """The blocks of all regions in order; what a column or a page parted is one block again.

    What stood between two halves follows the whole.
    """
    waiting: list[Block] = []  # a block whose sentence goes on, then what came after it
    for region in regions:
        is_first = True
        for block in region:
            if (
                waiting
                and block.role in _RUNNING
                and _continues(waiting[0], block, is_first and len(waiting) == 1)
            ):
                waiting[0] = _joined(waiting[0], block)
            elif waiting and block.role is Role.NOTE and (at := _open_note(waiting, block)):
                waiting[at] = _joined(waiting[at], block)
                continue
            elif waiting and block.role in _BETWEEN:
                waiting.append(block)
                continue
            else:
                yield from waiting
                waiting = [block]
            is_first = False
            if waiting[0].role not in _RUNNING or waiting[0].is_ended:
                yield from waiting
                waiting = []
    yield from waiting


def _continues(first: Block, second: Block, adjacent: bool) -> bool:
    """Whether a block is the other half of one whose sentence has not ended.

    :param adjacent: it is the first of the next region, and nothing stands between.
    """
    before, line = first.lines[-1], second.lines[0]
    if abs(before.size - line.size) > 0.08 * before.size or before.bold != line.bold:
        return False
    if second.role is Role.LIST or line.page - before.page > _MOST_PAGES:
        return False
    if line.text[:1].islower() or before.text.endswith("-"):
        return True
    return adjacent and first.full


def _open_note(waiting: list[Block], block: Block) -> int | None:
    """Where the footnote waits that goes on at the foot of the next page."""
    at = len(waiting) - 1
    last, line = waiting[at], block.lines[0]
    goes_on = last.role is Role.NOTE and not last.is_ended and not line.marked
    return at if goes_on and line.page > last.lines[-1].page and line.text[:1].islower() else None


def _joined(first: Block, second: Block) -> Block:
    return replace(first, lines=first.lines + second.lines, full=second.full)
