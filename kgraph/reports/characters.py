"""Characters of data that must not reach a screen as they are.

A document must not move the cursor or recolour the screen of who reads what it says, nor turn round what
stands beside it. And what is no character (half of a surrogate pair, in the name of a file) cannot be
printed.
"""

_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *_TURNING, *range(0xD800, 0xE000)), "\N{REPLACEMENT CHARACTER}"
)
#: A value that is wrong may be wrong by its white space.
_MARKED = _CONTROLS | {ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"}


def printable(text: str) -> str:
    """One line of text, its control characters replaced.

    >>> printable("red \\x1b[31m")
    'red \N{REPLACEMENT CHARACTER}[31m'
    """
    return text.translate(_CONTROLS)


def one_line(text: str) -> str:
    """Text as one line: white space of every kind is a space."""
    return printable(" ".join(text.split()))


def exact(text: str) -> str:
    """A value as it stands, white space and all, in one line.

    >>> exact("two  spaces\\n")
    'two  spaces\\\\n'
    """
    return text.translate(_MARKED)
