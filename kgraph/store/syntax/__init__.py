"""SPARQL's syntax as people need it told: its grammar, where a text leaves it, what brings it back."""
