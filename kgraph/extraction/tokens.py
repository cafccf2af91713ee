"""Words with what the model says of them: plain objects under the names that spaCy gives the same.

spaCy makes a new object, and a new string, each time a token is asked for or asked something;
the rules ask some hundred times a word. These are made once, are seven times as fast, and
outlive the model's memory, which is freed batch by batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import SupportsIndex, overload
from unicodedata import category


class Token:
    """One word of a sentence and its place in the tree.

    :param i: its position in the sentence; `idx`, its code-point offset in the passage.
    :param head: the token that it hangs on; itself for the root.
    :param children: what hangs on it, in reading order; `lefts` before it, `rights` behind.
    """

    __slots__ = (
        "children", "dep_", "doc", "ent_iob_", "ent_type_", "head", "i", "idx", "is_alpha", "lefts", "lemma_",
        "like_num", "lower_", "pos_", "rights", "tag_", "text", "whitespace_",
    )  # fmt: skip

    def __init__(
        self,
        doc: "Doc",
        i: int,
        idx: int,
        text: str,
        *,
        lower: str,
        lemma: str,
        tag: str,
        pos: str,
        dep: str,
        entity: tuple[str, str],
        is_alpha: bool,
        like_num: bool,
        whitespace: str,
    ):
        self.doc = doc
        self.i = i
        self.idx = idx
        self.text = text
        self.lower_ = lower
        self.lemma_ = lemma
        self.tag_ = tag
        self.pos_ = pos
        self.dep_ = dep
        self.ent_iob_, self.ent_type_ = entity
        self.is_alpha = is_alpha
        self.like_num = like_num
        self.whitespace_ = whitespace
        self.head = self
        self.lefts: Sequence[Token] = ()
        self.rights: Sequence[Token] = ()
        self.children: Sequence[Token] = ()

    def __repr__(self) -> str:
        return self.text

    @property
    def subtree(self) -> "Iterator[Token]":
        """The token and all below it, in reading order where the tree does not cross itself."""
        for token in self.lefts:
            yield from token.subtree
        yield self
        for token in self.rights:
            yield from token.subtree

    @property
    def ancestors(self) -> "Iterator[Token]":
        """The heads above it, the nearest first."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def left_edge(self) -> "Token":
        """The first token of its subtree."""
        return min(self.subtree, key=_position)

    @property
    def right_edge(self) -> "Token":
        """The last token of its subtree."""
        return max(self.subtree, key=_position)

    def nbor(self, distance: int = 1) -> "Token":
        """The token so many places behind it, or before it.

        :raises IndexError: if there is none.
        """
        if self.i + distance < 0:
            raise IndexError(f"no token stands at {self.i + distance}")
        return self.doc[self.i + distance]


def _position(token: Token) -> int:
    return token.i


class Span(list[Token]):
    """Some neighbouring words of a sentence."""

    __slots__ = ("doc",)

    def __init__(self, doc: "Doc", tokens: Iterable[Token]):
        super().__init__(tokens)
        self.doc = doc

    @property
    def text(self) -> str:
        """Their text as it stands, without white space behind."""
        if not self:
            return ""
        last = self[-1]
        return self.doc.text[self[0].idx : last.idx + len(last.text)]

    @property
    def root(self) -> Token:
        """The word nearest to the sentence's root, the first of several; a mark only where it rules words."""
        first, last = self[0].i, self[-1].i
        tops = [t for t in self if t.head is t or not first <= t.head.i <= last]
        return tops[0] if len(tops) == 1 else min(tops, key=_depth, default=self[0])


def _depth(token: Token) -> int:
    if token.head is token:
        return -1  # also where it is a mark
    if not token.children and all(c.isspace() or category(c).startswith("P") for c in token.text):
        return len(token.doc) - 1
    return sum(1 for _ in token.ancestors)


class Doc(list[Token]):
    """A parsed passage: its words in reading order.

    :param text: its words and the white space between them.
    """

    __slots__ = ("text",)

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    @overload
    def __getitem__(self, at: SupportsIndex) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> Span: ...

    def __getitem__(self, at: SupportsIndex | slice) -> Token | Span:
        if isinstance(at, slice):
            return Span(self, list.__getitem__(self, at))
        return list.__getitem__(self, at)

    def hang(self, heads: Sequence[int]) -> None:
        """Make the tree.

        :param heads: of each token the position of its head, its own for the root's.
        """
        lefts: list[list[Token]] = [[] for _ in self]
        rights: list[list[Token]] = [[] for _ in self]
        for token, head in zip(self, heads, strict=True):
            token.head = self[head]
            if token.i < head:
                lefts[head].append(token)
            elif token.i > head:
                rights[head].append(token)
        for token, before, behind in zip(self, lefts, rights, strict=True):
            if before or behind:  # most words are leaves; they share one empty tuple
                token.lefts, token.rights = before, behind
                token.children = [*before, *behind] if before and behind else before or behind
