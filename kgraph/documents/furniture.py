"""Furniture: the lines of a page that are no part of what it says.

By-lines, dates, licences, advertisements, share buttons, "read more".
"""

import re

from kgraph.documents.credits import is_credit
from kgraph.documents.dates import is_date_line, split_date

_NAME = r"(?:(?-i:[^\W\d_a-z])[\w.’'-]*|(?:de|da|do|del|di|van|von|der|bin|ibn|al|el|la|le)\b)"
_NAMES = rf"{_NAME}(?:\s+{_NAME}){{0,4}}"
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*\|\s*|\s*/\s*|\s*[–—]\s*)"
_BYLINE = re.compile(
    rf"(?:(?:story|text|words|written|authored|reported|photos?|analysis|opinion|edited|translated)\s+)?by:?\s+"
    rf"{_NAMES}(?:{_AND}{_NAMES}){{0,8}}(?:\s+in\s+{_NAMES})?",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\(?(?:(?:additional\s+|writing\s+and\s+)?"
    r"(?:reporting|writing|editing|edited|translated|translation|compiled)\s+by\b.{2,300}"
    r"|.{2,120}\bcontributed\s+(?:reporting|to\s+this\s+(?:report|story|article))\b.{0,80}"
    r"|with\s+(?:reporting|additional\s+reporting|files)\s+(?:by|from)\b.{2,120})\)?",
    re.IGNORECASE,
)

#: Whole lines, compared without marks at their ends.
_WHOLE_LINE = re.compile(
    r"ads?|advertis(?:ing|ements?)|(?:sponsored|promoted|paid)(?: content| post)?"
    r"|(?:share|tweet|like|print|email|save|bookmark|listen to)(?: this)?(?: article| story| page| post)?"
    r"|share (?:via|on)|copy(?: link)?|comments?|(?:leave a|post a|no|view) (?:comments?|reply)"
    r"|subscribe|(?:sign|log) (?:up|in)|newsletters?|(?:read|learn|show|load)? ?more|see also|up next"
    r"|watch now|play video|read in app|loading"
    r"|(?:related|recommended|trending|popular)"
    r"(?: (?:articles|stories|content|posts|topics|news|now|for you))?"
    r"|most (?:read|popular|viewed)|you (?:may|might) also like|more (?:from|on) this(?: section| story)?"
    r"|(?:back to |go to )?top(?: of page)?|skip to (?:main )?content|menu|home|search|toggle navigation"
    r"|(?:next|previous)(?: article| post| story)?|tags|topics|categories|donate(?: now)?"
    r"|continue reading|(?:support|follow|contact|about) us|about the authors?"
    r"|(?:cookie|privacy) policy|terms of (?:use|service)"
    r"|all rights reserved|image|photo|video|gallery|caption",
    re.IGNORECASE,
)
#: How whole lines start.
_START = re.compile(
    r"(?:story|article) continues (?:below|after)|continue reading (?:below|the)"
    r"|(?:scroll|swipe) (?:down )?(?:for|to)\b|share (?:this|on|via|with)\b|tweet this\b|like us on\b"
    r"|follow (?:us|@\w+)\b|(?:please )?subscribe to (?:our|the)\b|sign up (?:for|to) (?:our|the)\b"
    r"|(?:click|tap) here\b|(?:read|see|watch|listen) (?:more|also|next)\s*:|related\s*:|also read\s*:"
    r"|copyright (?:\(c\)|©|\d{4}|by)|©|\(c\) \d{4}|all rights reserved"
    r"|(?:this|the) (?:work|article|text|post|page|report|content) is "
    r"(?:(?:licen[cs]ed|published|released|available|republished) (?:under an?|with permission)"
    r"|in the public domain)\b"
    r"|(?:re)?published (?:under|with permission)\b|licen[cs]ed under\b|licen[cs]e\s*:|disclaimer\s*:"
    r"|posted in\b|filed under\b|tagged (?:with|as)\b|tags\s*:|topics\s*:|image source\b|photo credit\b"
    r"|sources?\s*:(?=.{0,200}$)"
    r"|we use cookies\b|this (?:site|website) uses cookies\b|your browser does not support\b"
    r"|please enable javascript\b|javascript is (?:disabled|required)\b"
    r"|\d+ (?:min(?:ute)?s? read|(?:min(?:ute)?|hour|day)s? ago|comments?|shares?|likes?|views?)$",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|e-?mail|print|messenger|vk|viber|instagram"
    r"|tumblr|share|tweet|copy|pocket|flipboard|line|skype|youtube|rss|bluesky|mastodon|threads",
    re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Whether the line is no part of what the document says.

    >>> is_furniture("By Jane Doe and John Roe"), is_furniture("By 2019 the site was blocked.")
    (True, False)
    """
    line = line.strip()
    bare = line.strip(" .:…!*_#>»→-–—|[]()")
    if not any(c.isalnum() for c in bare) or _WHOLE_LINE.fullmatch(bare):
        return True
    if len(line) > 400:
        return False
    if is_byline(line) or is_date_line(line) or _START.match(line):
        return True
    dated = split_date(line)
    return (dated is not None and is_byline(dated[0])) or is_credit(line, alone=True)


def is_byline(line: str) -> bool:
    """Whether the line names who wrote or edited the text, and says nothing else."""
    line = line.strip().strip("*_")
    if len(line) > 400:
        return False
    if _STAFF.fullmatch(line):
        return len(line) < 300
    return not line.endswith(".") and _BYLINE.fullmatch(line) is not None


def share_buttons(lines: list[str]) -> set[int]:
    """Which of the adjacent lines are a row of share buttons: three services or more, one a line."""
    found: set[int] = set()
    run: list[int] = []
    for index, line in enumerate([*lines, ""]):
        if _SERVICE.fullmatch(line.strip()):
            run.append(index)
            continue
        if len(run) >= 3:
            found.update(run)
        run = []
    return found
