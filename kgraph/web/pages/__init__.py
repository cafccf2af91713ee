"""Pages for people, and the addresses of things.

`overview` has the start, saved questions and disputes, `things` a page or RDF for every IRI of ours; `tables`
lay out solutions, `faults` tells errors, to programs too.
"""
