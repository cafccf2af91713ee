"""The constraint components, one class each, by the sections of the specification.

Source: SHACL 1.0, sections 4 (Core) and 5, 6 (SPARQL).
"""
