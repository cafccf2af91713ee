"""The protocols of SPARQL: queries, updates, graphs.

A query: `protocol` reads what is asked, `negotiation` how it is wanted, `evaluation` has workers evaluate it,
`replies` makes the answer, with tags from `remembering`. `direct` does that for programs before Flask is
asked, `endpoint` for the rest, pages among them; `services` is what SERVICE goes through. A write: `updates`
and `graph_store`, both by `writing`. `dataset` describes it all.
"""
