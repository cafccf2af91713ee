"""Where a name starts and ends: runs of capitalised words, and the joiners inside them."""

from kgraph.extraction.lexicon import name_words
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.tokens import Token

#: Words inside names that need nothing around them to belong to a name.
_PARTICLES = {"de", "del", "la", "al", "el", "bin", "van", "von", "da", "dos"}

#: Words that join the parts of one name.
_JOINERS = {"of", "for", "on", "to", "the", "and", "&", *_PARTICLES}

#: Words that join the parts of a law's name behind what it is on: "Decree on X in Emergency Situations".
_JOINERS_OF_LAWS = {"in", "from", "against", "by", "with"}

#: Names in which a possessive stands: "People's Liberation Army".
_POSSESSORS = {
    "people", "peoples", "prosecutor", "women", "leader", "worker", "workers", "children", "journalists",
    "lawyers", "student", "students", "farmers", "president", "attorney", "veterans", "teachers", "men",
    "king", "queen", "nation", "citizens", "mothers", "writers", "editors", "youth", "fishermen",
}  # fmt: skip

#: What the model's entity labels mean; what is not here is not trusted.
BY_LABEL = {
    "PERSON": "Person", "ORG": "Organization", "GPE": "Place", "LOC": "Place", "FAC": "Place",
    "NORP": "Group",
}  # fmt: skip

#: Capitalised words that are no names by themselves.
NO_NAMES = {
    "i", "mr", "mrs", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "source", "figure", "table", "image", "photo", "background", "update",
    "part", "section", "summary", "internet", "http", "https", "dns", "tls", "tcp", "ip", "sni", "utc", "sim",
    "url", "isp", "isps", "vpn", "vpns", "sms", "pm", "am", "ngo", "ngos", "covid-19", "lgbti", "lgbt",
    "muslim", "christian", "islamic", "article", "web", "www", "gmt", "api", "ai",
}  # fmt: skip


def starts_name(sentence: Sentence, position: int) -> bool:
    """Whether a name starts at a token: at a sentence's start, a capital alone does not tell."""
    token = sentence.doc[position]
    if not is_namelike(token):
        return False
    if token.lower_ in ("the", "a", "an"):
        return False
    if position == 0 or sentence.doc[position - 1].text in {'"', "“", "(", "["}:
        return token.pos_ == "PROPN" or token.ent_type_ in BY_LABEL or token.text in name_words()
    return True


def is_namelike(token: Token) -> bool:
    """Whether a token can be part of a name: capitalised, and no day, month or abbreviation."""
    return token.text.lower() not in NO_NAMES and is_capitalised(token)


def is_capitalised(token: Token) -> bool:
    """Whether a token is a word with a capital."""
    return token.text[:1].isupper() and any(c.isalpha() for c in token.text)


def end_of_name(sentence: Sentence, start: int, known: list[Mention]) -> int:
    """The token behind a name: capitalised words, and joiners where what stands before calls for more."""
    doc = sentence.doc
    end = start + 1
    while end < len(doc):
        hyphen = doc[end].text == "-" and end + 1 < len(doc) and is_capitalised(doc[end + 1])
        if _is_article_of_name(sentence, end):
            end += 3
            continue
        if tied := _tied_parts(sentence, end):
            end += tied
            continue
        if hyphen or (is_capitalised(doc[end]) and not _other_entity(sentence, start, end, known)):
            end += 1
            continue
        reached = _joined(sentence, start, end, known)
        if reached == end:
            return end
        end = reached
    return end


#: Articles and words for "son of" that a hyphen ties to the name behind: "al-Bashir", "el-Sisi".
_TIED = {"al", "el", "an", "ar", "as", "ash", "at", "ad", "az", "ul", "bin", "ibn", "abu", "ben"}


def _is_article_of_name(sentence: Sentence, position: int) -> bool:
    doc = sentence.doc
    return (
        position + 2 < len(doc)
        and doc[position].lower_ in _TIED
        and doc[position + 1].text == "-"
        and not doc[position].whitespace_
        and is_capitalised(doc[position + 2])
    )


def _tied_parts(sentence: Sentence, position: int) -> int:
    """How many tokens of small letters two hyphens tie to a name: "Chan-o-cha", not "Kremlin-backed"."""
    tied = sentence.doc[position : position + 4]
    parts = [t.text for t in tied]
    close = len(parts) == 4 and not any(t.whitespace_ for t in (tied[0], tied[1], tied[2]))
    is_tied = close and parts[0] == parts[2] == "-" and parts[1].islower() and parts[3].islower()
    return 4 if is_tied and not sentence.doc[position - 1].whitespace_ else 0


def _other_entity(sentence: Sentence, start: int, end: int, known: list[Mention]) -> bool:
    """A possessive or a comma before is handled elsewhere; here: a known service behind another name."""
    begins = [m for m in known if m.start == end and m.kind in ("Platform", "Country")]
    return (
        bool(begins) and any(m.start == start for m in known) and sentence.doc[start].text not in name_words()
    )


def _joined(sentence: Sentence, start: int, end: int, known: list[Mention]) -> int:
    """Where the name goes on behind joiners at `end`; `end` itself if it does not."""
    doc = sentence.doc
    words = [t.text for t in doc[start:end]]
    word = doc[end].lower_
    follow = end + 1
    if word in ("'s", "’s", "'", "’"):
        plural = word in ("'", "’") and words[-1].endswith("s") and not any(m.end == end for m in known)
        goes_on = (plural or words[-1].lower() in _POSSESSORS) and follow < len(doc)
        return follow if goes_on and is_namelike(doc[follow]) else end
    if word == "," and _is_ministry(words):
        return _listed(sentence, end)
    if word not in _JOINERS and word not in _JOINERS_OF_LAWS:
        return end
    while follow < len(doc) and doc[follow].lower_ in ("the", *_PARTICLES):
        follow += 1
    if follow >= len(doc) or not is_capitalised(doc[follow]) or doc[follow].ent_type_ == "DATE":
        return end
    if word in _PARTICLES:
        return follow
    institution = any(w in name_words() for w in words)
    if word in ("and", "&"):
        return follow if _is_joined_by_and(sentence, start, end, follow, known) else end
    if word == "the":
        return follow if "to" in words else end
    if not institution and not (word == "of" and "to" in words):
        return end
    if word == "to":
        return follow if doc[follow].tag_ in ("VB", "VBP") else end
    if word in _JOINERS_OF_LAWS:
        return (
            follow
            if {"on", "for", "to"} & set(words) and any(name_words().get(w) == "Law" for w in words)
            else end
        )
    return follow if word in ("of", "for", "on") and "and" not in doc[end:follow].text.split() else end


def _is_ministry(words: list[str]) -> bool:
    return words[0] in ("Ministry", "Department") and "of" in words


def _listed(sentence: Sentence, comma: int) -> int:
    """A ministry's further fields: ", Innovations, and Aerospace Industry"; up to the part behind "and"."""
    doc = sentence.doc
    position = comma + 1
    if doc[position].text == "and":
        return comma
    while position < len(doc) and (doc[position].text in {",", "and"} or is_namelike(doc[position])):
        if doc[position].text in name_words():
            return comma
        if doc[position].text == "and" and position + 1 < len(doc):
            after = doc[position + 1]
            return position + 1 if is_namelike(after) and after.text not in name_words() else comma
        position += 1
    return comma


def _is_joined_by_and(sentence: Sentence, start: int, end: int, follow: int, known: list[Mention]) -> bool:
    """Whether "and" joins parts of one name: "Ministry of Information and Technology"."""
    doc = sentence.doc
    words = [t.text for t in doc[start:end]]
    if follow == end + 1 and doc[follow].text == "Society" and words[0] in name_words() and "for" in words:
        return True  # "Centre for Internet and Society"
    if follow != end + 1 or doc[follow].text in name_words():
        return False
    of_a_party = follow + 1 < len(doc) and doc[follow + 1].lower_ == "party"
    if of_a_party and not any(m.start == follow for m in known):
        return True
    if any(w in name_words() for w in words[:2]) and {"of", "for"} & set(words):
        stop = follow
        while stop < len(doc) and is_namelike(doc[stop]):
            stop += 1
        another = any(t.text in name_words() for t in doc[follow:stop])
        return doc[follow].ent_type_ not in ("PERSON", "GPE") and not another
    if any(w in name_words() for w in words) or doc[end - 1].ent_type_ in ("PERSON", "GPE"):
        return False
    stop = follow
    while stop < len(doc) and (is_namelike(doc[stop]) or doc[stop].text == "and"):
        stop += 1
    while doc[stop - 1].text == "and":
        stop -= 1
    nouns = (name_words().get(t.text) for t in doc[follow + 1 : stop])
    return stop - follow >= _FIELD_AND_NOUN and any(kind in _WITH_FIELDS for kind in nouns)


#: "X and Y Authority": what follows "and" is a field of its own and the noun for both.
_FIELD_AND_NOUN = 2

#: Classes of what is named after the fields that it is for.
_WITH_FIELDS = ("StateBody", "SecurityForce", "Law", "Organization", "CivicOrganization", "Company")
