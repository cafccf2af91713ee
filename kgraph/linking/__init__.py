"""SAME?: candidates with scores and reasons, judgements as data, and what follows from them.

Candidates need the libraries rapidfuzz and anyascii, which come with `kgraph[linking]`; what is judged can be
read, recorded and withdrawn without them.
"""

from kgraph.linking.candidates import LEAST, SURE, Candidate, candidates
from kgraph.linking.extracts import localised, read_extract
from kgraph.linking.judgements import VERDICTS, Judgement, Verdict, in_force, read_judgements
from kgraph.linking.proposing import accepted, propose
from kgraph.linking.recording import Recorded, follow, rebuild, record, sameness_of, withdraw
from kgraph.linking.sameness import Refused, Sameness
from kgraph.linking.scoring import Score, score
from kgraph.linking.services import ask_endpoint, ask_reconciliation
from kgraph.linking.sssom import ReadBack, read_table, write_candidates, write_judgements
from kgraph.linking.things import Thing, read_things

__all__ = [
    "LEAST",
    "SURE",
    "VERDICTS",
    "Candidate",
    "Judgement",
    "ReadBack",
    "Recorded",
    "Refused",
    "Sameness",
    "Score",
    "Thing",
    "Verdict",
    "accepted",
    "ask_endpoint",
    "ask_reconciliation",
    "candidates",
    "follow",
    "in_force",
    "localised",
    "propose",
    "read_extract",
    "read_judgements",
    "read_table",
    "read_things",
    "rebuild",
    "record",
    "sameness_of",
    "score",
    "withdraw",
    "write_candidates",
    "write_judgements",
]
