"""Queries that are made to burn, to swell and to break: each asks for more than anybody should get."""

_TRIPLES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
_DOUBLINGS = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
_DIGITS = "VALUES ?%s { 0 1 2 3 4 5 6 7 8 9 }"
_NUMBERS = " ".join(_DIGITS % name for name in "abcdefghij")
_MANY = " ".join(f'"{n}"' for n in range(20_000))

# ruff: noqa: E501

HOSTILE: dict[str, str] = {
    "cross product": f"SELECT * {{ {_TRIPLES} }}",
    "count of a cross product": f"SELECT (COUNT(*) AS ?n) {{ {_TRIPLES} }}",
    "distinct count of a cross product": f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ {_TRIPLES} }}",
    "sum over a cross product": f"SELECT (SUM(STRLEN(STR(?a))) AS ?n) {{ {_TRIPLES} }}",
    "sorted cross product": f"SELECT * {{ {_TRIPLES} }} ORDER BY ?l ?a",
    "sorted by random numbers": f"SELECT * {{ {_TRIPLES} }} ORDER BY RAND() LIMIT 1",
    "distinct cross product": f"SELECT DISTINCT * {{ {_TRIPLES} }}",
    "reduced cross product": f"SELECT REDUCED * {{ {_TRIPLES} }} OFFSET 999999999999",
    "far offset": f"SELECT * {{ {_TRIPLES} }} OFFSET 99999999999 LIMIT 1",
    "grouped cross product": f"SELECT ?a ?f ?l (COUNT(*) AS ?n) {{ {_TRIPLES} }} GROUP BY ?a ?f ?l",
    "group_concat of a cross product": f'SELECT (GROUP_CONCAT(STR(?a); separator="x") AS ?s) {{ {_TRIPLES} }}',
    "group_concat without a group": f'SELECT (STRLEN(GROUP_CONCAT("{"x" * 5000}")) AS ?n) {{ {_TRIPLES} }}',
    "having over a cross product": f"SELECT ?a {{ {_TRIPLES} }} GROUP BY ?a HAVING (COUNT(*) < 0)",
    "doubled string": f'SELECT ?s40 {{ BIND("x" AS ?s0) {_DOUBLINGS} }}',
    "length of a doubled string": f'SELECT (STRLEN(?s40) AS ?n) {{ BIND("x" AS ?s0) {_DOUBLINGS} }}',
    "replaced string": f'SELECT (REPLACE(?s25, "x", "{"y" * 1000}") AS ?n) {{ BIND("x" AS ?s0) {_DOUBLINGS} }}',
    "encoded string": f'SELECT (STRLEN(ENCODE_FOR_URI(?s29)) AS ?n) {{ BIND("ü" AS ?s0) {_DOUBLINGS} }}',
    "hashed string": f'SELECT (SHA512(?s30) AS ?n) {{ BIND("x" AS ?s0) {_DOUBLINGS} }}',
    "path of anything": "SELECT (COUNT(*) AS ?n) { ?x (<urn:a>|!<urn:a>)* ?y . ?y (<urn:a>|!<urn:a>)* ?z . "
    "?z (<urn:a>|!<urn:a>)* ?w }",
    "path there and back": "SELECT * { ?x ((<urn:a>|!<urn:a>)|^(<urn:a>|!<urn:a>))* ?y . ?p ?q ?r } ORDER BY ?r",
    "nested paths": "SELECT * { ?x (((((<urn:a>|!<urn:a>)*)*)+)*)+ ?y . ?z (^!<urn:a>|!<urn:a>)+ ?w }",
    "long path": "SELECT (COUNT(*) AS ?n) { ?x " + "/".join(["(!<urn:a>|^!<urn:a>)"] * 60) + " ?y }",
    "product of values": f"SELECT * {{ {_NUMBERS} }}",
    "sorted product of values": f"SELECT * {{ {_NUMBERS} }} ORDER BY DESC(?a + ?j)",
    "filtered product of values": f"SELECT * {{ {_NUMBERS} FILTER(?a + ?b + ?c + ?d + ?e + ?f + ?g < 0) }}",
    "long values squared": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {_MANY} }} {{ VALUES ?y {{ {_MANY} }} }} }}",
    "deep brackets": "SELECT (" + "(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}",
    "deep groups": "SELECT * { " + "{" * 10_000 + "}" * 10_000 + " }",
    "deep functions": "SELECT (" + "STR(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}",
    "deep collections": "SELECT * { ?a ?b " + "( " * 200 + ")" * 200 + " }",
    "deep optionals": "SELECT * { " + "OPTIONAL { " * 3_000 + "?a ?b ?c" + " }" * 3_000 + " }",
    "deep subselects": "SELECT * { " + "{ SELECT * { " * 10_000 + "?a ?b ?c" + " } }" * 10_000 + " }",
    "deep negation": "ASK { FILTER(" + "!" * 10_000 + "true) }",
    "deep not exists": "ASK { " + "FILTER NOT EXISTS { ?a ?b ?c " * 2_000 + "}" * 2_000 + " }",
    "unclosed brackets": "SELECT (" + "(" * 100_000,
    "many unions": "SELECT * { " + " UNION ".join(["{ ?a ?b ?c }"] * 20_000) + " }",
    "many additions": "SELECT (0 " + "+ 1" * 20_000 + " AS ?x) {}",
    "optional chain": "SELECT * { ?a ?b ?c " + " ".join(f"OPTIONAL {{ ?x{n} ?y{n} ?z{n} }}" for n in range(12)) + " }",
    "many optionals": "SELECT * { ?a ?b ?c " + "OPTIONAL { ?a ?b ?c }" * 1_000 + " }",
    "not exists over a cross product": f"SELECT * {{ ?x ?y ?z FILTER NOT EXISTS {{ {_TRIPLES} "
    'FILTER(STRLEN(CONCAT(STR(?a), STR(?z))) < 0) } }',
    "minus of cross products": f"SELECT * {{ {_TRIPLES} MINUS {{ ?a ?m ?n . ?o ?p ?q . ?r ?s ?t }} }} ORDER BY ?a",
    "tower of subselects": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"{{ SELECT ?x{n} {{ ?x{n} ?y{n} ?z{n} }} }}" for n in range(8)) + " }",
    "construct of a cross product": f"CONSTRUCT {{ ?a ?e ?i . ?d ?h ?l }} WHERE {{ {_TRIPLES} }}",
    "construct of new nodes": f"CONSTRUCT {{ [] ?b [] . [] ?e [] }} WHERE {{ {_TRIPLES} }}",
    "describe of a cross product": f"DESCRIBE ?a ?f ?l WHERE {{ {_TRIPLES} }}",
    "uuid storm": f"SELECT DISTINCT (UUID() AS ?u) {{ {_TRIPLES} }}",
    "sorted uuid storm": f"SELECT (STRUUID() AS ?u) {{ {_TRIPLES} }} ORDER BY ?u",
    "regex over a doubled string": f'SELECT (REGEX(?s24, "(x+x+)+y") AS ?m) {{ BIND("x" AS ?s0) {_DOUBLINGS} }}',
    "huge regex": 'ASK { FILTER(REGEX("x", "((((x{1,100}){1,100}){1,100}){1,100}){1,100}")) }',
    "regex over a cross product": f'SELECT (COUNT(*) AS ?n) {{ {_TRIPLES} FILTER(REGEX(STR(?a), CONCAT(STR(?l), "$"))) }}',
    "ask that is never true": f"ASK {{ {_TRIPLES} FILTER(STRLEN(STR(?a)) + STRLEN(STR(?l)) < 0) }}",
    "graphs crossed": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } "
    "GRAPH ?i { ?j ?k ?l } GRAPH ?m { ?o ?p ?q } }",
}  # fmt: skip
