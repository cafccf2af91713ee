"""The classes that an extractor may emit: which is which one's parent.

The ontology says the same in Turtle; a test holds the two to each other.
"""

#: Class → its parent.
PARENT = {
    "Person": "Actor",
    "Group": "Actor",
    "Organization": "Actor",
    "StateBody": "Organization",
    "SecurityForce": "StateBody",
    "MediaOutlet": "Organization",
    "Company": "Organization",
    "TelecomOperator": "Company",
    "CivicOrganization": "Organization",
    "PoliticalParty": "Organization",
    "InternationalOrganization": "Organization",
    "Country": "Place",
    "Protest": "Event",
    "Strike": "Protest",
    "Rally": "Protest",
    "Riot": "Protest",
    "Uprising": "Protest",
    "Repression": "Event",
    "Crackdown": "Repression",
    "Arrest": "Repression",
    "Prosecution": "Repression",
    "Assault": "Repression",
    "InformationControl": "Event",
    "Blocking": "InformationControl",
    "Shutdown": "InformationControl",
    "Throttling": "InformationControl",
    "Ban": "InformationControl",
    "ContentRemoval": "InformationControl",
    "Surveillance": "InformationControl",
    "Propaganda": "InformationControl",
    "CyberAttack": "InformationControl",
    "Disruption": "Event",
    "Election": "Event",
    "Coup": "Event",
    "ArmedConflict": "Event",
    "Statement": "Event",
    "Launch": "Event",
    "PublicEvent": "Event",
    "Negotiation": "Event",
}


def is_a(kind: str, ancestor: str) -> bool:
    """Whether a class is another or lies below it.

    >>> is_a("SecurityForce", "Actor"), is_a("Country", "Actor")
    (True, False)
    """
    while kind != ancestor:
        if kind not in PARENT:
            return False
        kind = PARENT[kind]
    return True


def is_any(kind: str, ancestors: tuple[str, ...]) -> bool:
    """Whether a class lies at or below one of several."""
    return any(is_a(kind, ancestor) for ancestor in ancestors)


def narrower(left: str, right: str) -> str | None:
    """The more specific of two classes of which one lies below the other; None if neither does."""
    if is_a(left, right):
        return left
    return right if is_a(right, left) else None


#: Who can act: an actor, a country that a text lets act, a platform.
ACTING = ("Actor", "Country", "Platform")

#: What an act can hit.
HITTABLE = ("Actor", "Platform", "Website", "Network", "Account", "Place")
