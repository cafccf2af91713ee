"""The grammar of SPARQL as data: what may follow what.

The grammar is LL(1): the next terminal always tells which way to go. So it is enough to know, for each part
of a rule, with which terminals it can begin. It is wider than the specification's where that makes no
difference to people (it does not tell where blank nodes may stand), and knows no rule about variables.

Source: SPARQL 1.1 Query, section 19.8; SPARQL 1.1 Update, appendix C; SPARQL 1.2 Query for triple terms and
versions. `LATERAL` is the engine's own.
"""

import re
from dataclasses import dataclass
from functools import cache

#: `"…"` is a keyword or mark, CAPITALS are a kind of terminal, other names are rules. `[x]`: x or nothing;
#: `{x}`: any number of x.
_RULES = r"""
QueryUnit = Prologue Query END
UpdateUnit = Updates END
Prologue = { "BASE" IRIREF | "PREFIX" PNAME_NS IRIREF | "VERSION" STRING }
Query = ( Select | Construct | Describe | Ask ) [ Values ]
Select = SelectClause { Dataset } Where Modifiers
SelectClause = "SELECT" [ "DISTINCT" | "REDUCED" ] ( SelectItem { SelectItem } | "*" )
SelectItem = VAR | "(" Expression "AS" VAR ")"
Construct = "CONSTRUCT" ( "{" [ Triples ] "}" { Dataset } Where Modifiers
          | { Dataset } "WHERE" "{" [ Triples ] "}" Modifiers )
Describe = "DESCRIBE" ( VarOrIri { VarOrIri } | "*" ) { Dataset } [ Where ] Modifiers
Ask = "ASK" { Dataset } Where Modifiers
Dataset = "FROM" [ "NAMED" ] Iri
Where = [ "WHERE" ] Group
Modifiers = [ GroupBy ] [ Having ] [ OrderBy ] [ Limits ]
GroupBy = "GROUP" "BY" GroupCondition { GroupCondition }
GroupCondition = BuiltIn | FunctionCall | VAR | "(" Expression [ "AS" VAR ] ")"
Having = "HAVING" Constraint { Constraint }
OrderBy = "ORDER" "BY" OrderCondition { OrderCondition }
OrderCondition = ( "ASC" | "DESC" ) Bracketed | Constraint | VAR
Limits = "LIMIT" NUMBER [ "OFFSET" NUMBER ] | "OFFSET" NUMBER [ "LIMIT" NUMBER ]
Values = "VALUES" DataBlock
DataBlock = VAR "{" { DataValue } "}"
          | ( NIL | "(" { VAR } ")" ) "{" { NIL | "(" { DataValue } ")" } "}"
DataValue = Iri | Literal | "UNDEF" | TripleTermData
TripleTermData = "<<(" TermData ( Iri | "a" ) TermData ")>>"
TermData = Iri | Literal | TripleTermData

Updates = Prologue [ Update [ ";" Updates ] ]
Update = "LOAD" [ "SILENT" ] Iri [ "INTO" GraphRef ]
       | ( "CLEAR" | "DROP" ) [ "SILENT" ] ( GraphRef | "DEFAULT" | "NAMED" | "ALL" )
       | "CREATE" [ "SILENT" ] GraphRef
       | ( "ADD" | "MOVE" | "COPY" ) [ "SILENT" ] GraphOrDefault "TO" GraphOrDefault
       | "INSERT" ( "DATA" Quads | Quads { Using } "WHERE" Group )
       | Delete
       | "WITH" Iri ( "DELETE" Quads [ "INSERT" Quads ] | "INSERT" Quads ) { Using } "WHERE" Group
Delete = "DELETE" ( "DATA" Quads | "WHERE" Quads | Quads [ "INSERT" Quads ] { Using } "WHERE" Group )
Using = "USING" [ "NAMED" ] Iri
GraphRef = "GRAPH" Iri
GraphOrDefault = "DEFAULT" | [ "GRAPH" ] Iri
Quads = "{" [ Triples ] { "GRAPH" VarOrIri "{" [ Triples ] "}" [ "." ] [ Triples ] } "}"

Group = "{" ( SubSelect | GroupBody ) "}"
SubSelect = SelectClause Where Modifiers [ Values ]
GroupBody = [ PathTriples ] { NotTriples [ "." ] [ PathTriples ] }
NotTriples = Group { "UNION" Group } | "OPTIONAL" Group | "MINUS" Group | "LATERAL" Group
           | "GRAPH" VarOrIri Group | "SERVICE" [ "SILENT" ] VarOrIri Group
           | "FILTER" Constraint | "BIND" "(" Expression "AS" VAR ")" | Values
Constraint = Bracketed | BuiltIn | FunctionCall
FunctionCall = Iri ArgList
ArgList = NIL | "(" [ "DISTINCT" ] Expression { "," Expression } ")"
ExpressionList = NIL | "(" Expression { "," Expression } ")"

Triples = SameSubject [ "." [ Triples ] ]
SameSubject = Term Properties | TriplesNode [ Properties ] | ReifiedTriple [ Properties ]
Properties = Verb Objects { ";" [ Verb Objects ] }
Verb = VarOrIri | "a"
Objects = Object { "," Object }
Object = GraphNode { Annotation }
GraphNode = Term | TriplesNode | ReifiedTriple
TriplesNode = "(" GraphNode { GraphNode } ")" | "[" Properties "]"
Annotation = "~" [ VarOrIri | BLANK | ANON ] | "{|" Properties "|}"
ReifiedTriple = "<<" ReifiedTerm Verb ReifiedTerm [ "~" [ VarOrIri | BLANK | ANON ] ] ">>"
ReifiedTerm = Term | ReifiedTriple
TripleTerm = "<<(" Term Verb Term ")>>"

PathTriples = PathSameSubject [ "." [ PathTriples ] ]
PathSameSubject = Term PathProperties | PathTriplesNode [ PathProperties ] | ReifiedTriple [ PathProperties ]
PathProperties = PathVerb PathObjects { ";" [ PathVerb PathObjects ] }
PathVerb = VAR | Path
PathObjects = PathObject { "," PathObject }
PathObject = PathGraphNode { PathAnnotation }
PathGraphNode = Term | PathTriplesNode | ReifiedTriple
PathTriplesNode = "(" PathGraphNode { PathGraphNode } ")" | "[" PathProperties "]"
PathAnnotation = "~" [ VarOrIri | BLANK | ANON ] | "{|" PathProperties "|}"
Path = PathSequence { "|" PathSequence }
PathSequence = PathStep { "/" PathStep }
PathStep = [ "^" ] PathPrimary [ "?" | "*" | "+" ]
PathPrimary = Iri | "a" | "!" PathNegated | "(" Path ")"
PathNegated = PathOne | NIL | "(" PathOne { "|" PathOne } ")"
PathOne = [ "^" ] ( Iri | "a" )

Term = VAR | Iri | Literal | SIGNED | BLANK | ANON | NIL | TripleTerm
VarOrIri = VAR | Iri
Iri = IRIREF | PNAME_LN | PNAME_NS
Literal = STRING [ LANGTAG | "^^" Iri ] | NUMBER | SIGNED | "TRUE" | "FALSE"

Bracketed = "(" Expression ")"
Expression = And { "||" And }
And = Comparison { "&&" Comparison }
Comparison = Sum [ ( "=" | "!=" | "<" | ">" | "<=" | ">=" ) Sum | [ "NOT" ] "IN" ExpressionList ]
Sum = Product { ( "+" | "-" ) Product | SIGNED { ( "*" | "/" ) Unary } }
Product = Unary { ( "*" | "/" ) Unary }
Unary = "!" Unary | [ "+" | "-" ] Primary
Primary = Bracketed | BuiltIn | Iri [ ArgList ] | Literal | VAR | TripleTerm
BuiltIn = Aggregate | "BOUND" "(" VAR ")" | [ "NOT" ] "EXISTS" Group
        | ( "NOW" | "RAND" | "UUID" | "STRUUID" ) NIL | "BNODE" ( NIL | Bracketed )
        | ( "CONCAT" | "COALESCE" ) ExpressionList
        | Function1 "(" Expression ")" | Function2 "(" Expression "," Expression ")"
        | ( "IF" | "TRIPLE" | "STRLANGDIR" ) "(" Expression "," Expression "," Expression ")"
        | ( "SUBSTR" | "REGEX" ) "(" Expression "," Expression [ "," Expression ] ")"
        | "REPLACE" "(" Expression "," Expression "," Expression [ "," Expression ] ")"
Function1 = "STR" | "LANG" | "LANGDIR" | "DATATYPE" | "IRI" | "URI" | "ABS" | "CEIL" | "FLOOR" | "ROUND"
          | "STRLEN" | "UCASE" | "LCASE" | "ENCODE_FOR_URI" | "YEAR" | "MONTH" | "DAY" | "HOURS" | "MINUTES"
          | "SECONDS" | "TIMEZONE" | "TZ" | "MD5" | "SHA1" | "SHA256" | "SHA384" | "SHA512" | "ISIRI"
          | "ISURI" | "ISBLANK" | "ISLITERAL" | "ISNUMERIC" | "ISTRIPLE" | "HASLANG" | "HASLANGDIR"
          | "SUBJECT" | "PREDICATE" | "OBJECT"
Function2 = "LANGMATCHES" | "CONTAINS" | "STRSTARTS" | "STRENDS" | "STRBEFORE" | "STRAFTER" | "STRLANG"
          | "STRDT" | "SAMETERM" | "SAMEVALUE" | "ADJUST"
Aggregate = "COUNT" "(" [ "DISTINCT" ] ( "*" | Expression ) ")"
          | ( "SUM" | "MIN" | "MAX" | "AVG" | "SAMPLE" ) "(" [ "DISTINCT" ] Expression ")"
          | "GROUP_CONCAT" "(" [ "DISTINCT" ] Expression [ ";" "SEPARATOR" "=" STRING ] ")"
"""

#: Marks, the names of kinds of terminals, and words: the terminals that are keywords.
_PIECE = re.compile(r'"([^"]+)"|([A-Za-z_0-9]+)|([\[\]{}()|=])')
KEYWORDS = frozenset(word for word in re.findall(r'"([A-Z_0-9]+)"', _RULES))


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A part of a rule.

    :param kind: `terminal`, `rule` (both have a name), `sequence`, `choice`, `option` or `repetition`.
    """

    kind: str
    name: str = ""
    parts: "tuple[Part, ...]" = ()


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a part can begin.

    :param terminals: their kinds.
    :param is_nullable: whether it may be nothing.
    """

    terminals: frozenset[str] = frozenset()
    is_nullable: bool = False


class Grammar:
    """The rules, and with what each part of them can begin."""

    def __init__(self, rules: str):
        self.rules = dict(_read_rules(rules))
        self._begins: dict[str, Beginning] = {}
        self._known: dict[Part, Beginning] = {}

    def begins(self, part: Part) -> Beginning:
        """With what a part can begin."""
        known = self._known.get(part)
        if known is None:
            known = self._known[part] = self._begin(part)
        return known

    def _begin(self, part: Part) -> Beginning:
        if part.kind == "terminal":
            return Beginning(frozenset({part.name}))
        if part.kind == "rule":
            return self.begins(self.rules[part.name])
        if part.kind == "sequence":
            return self._begin_sequence(part.parts)
        inner = [self.begins(each) for each in part.parts]
        found = frozenset().union(*(each.terminals for each in inner))
        return Beginning(found, part.kind != "choice" or any(each.is_nullable for each in inner))

    def _begin_sequence(self, parts: tuple[Part, ...]) -> Beginning:
        found: frozenset[str] = frozenset()
        for each in parts:
            begins = self.begins(each)
            found |= begins.terminals
            if not begins.is_nullable:
                return Beginning(found)
        return Beginning(found, is_nullable=True)


@cache
def sparql() -> Grammar:
    """The grammar of SPARQL; its units are the rules `QueryUnit` and `UpdateUnit`."""
    return Grammar(_RULES)


def _read_rules(text: str) -> "list[tuple[str, Part]]":
    pieces = [match for line in text.splitlines() for match in _PIECE.finditer(line)]
    starts = [i - 1 for i, piece in enumerate(pieces) if piece[3] == "="]
    names = {pieces[start][2] for start in starts}
    ends = [*starts[1:], len(pieces)]
    read = []
    for start, end in zip(starts, ends, strict=True):
        reader = _RuleReader(pieces[start + 2 : end], names)
        read.append((pieces[start][2], reader.choice()))
    return read


class _RuleReader:
    """Reads the right side of a rule."""

    def __init__(self, pieces: "list[re.Match[str]]", names: set[str]):
        self._pieces = pieces
        self._names = names
        self._at = 0

    def choice(self) -> Part:
        ways = [self._sequence()]
        while self._takes("|"):
            ways.append(self._sequence())
        return ways[0] if len(ways) == 1 else Part("choice", parts=tuple(ways))

    def _sequence(self) -> Part:
        parts = []
        while self._at < len(self._pieces) and self._pieces[self._at][3] not in {"|", "]", "}", ")"}:
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Part("sequence", parts=tuple(parts))

    def _one(self) -> Part:
        for opening, closing, kind in (("(", ")", ""), ("[", "]", "option"), ("{", "}", "repetition")):
            if self._takes(opening):
                inner = self.choice()
                self._takes(closing)
                return Part(kind, parts=(inner,)) if kind else inner
        piece = self._pieces[self._at]
        self._at += 1
        name = piece[1] or piece[2]
        return Part("rule" if name in self._names and not piece[1] else "terminal", name)

    def _takes(self, mark: str) -> bool:
        if self._at < len(self._pieces) and self._pieces[self._at][3] == mark:
            self._at += 1
            return True
        return False
