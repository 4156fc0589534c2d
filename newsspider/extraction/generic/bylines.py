"""The single names in a byline: `By Ada Brook (AP) and Doe, Jane, Senior Writer | May 3`.

In: a text that names authors, as the page has it. Out: the names, without `By`, roles, agencies,
places and dates. Called by `authors`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsspider.dates.lines import all_relative
from newsspider.dates.locales import plain as plainly
from newsspider.extraction.generic.byline_lines import BY
from newsspider.extraction.generic.texts import squeeze
from newsspider.languages import alternation, read
from newsspider.text.chinese import simplified
from newsspider.text.scripts import CJK, HAN, KANA

_LONGEST_NAME, _MOST_WORDS = 60, 6
_LONGEST_BYLINE = 1000  # characters
_AND = alternation("and", "and_alone")
_SPLIT = re.compile(
    rf"\s*[,;|、，；&•·⋅/]\s*(?:(?:{alternation('and', 'and_behind_comma')}) )?"
    rf"|\s+(?:{_AND})\s+|^(?:{_AND}|&)\s+|\s{{2,}}",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"^,|^\+\d|^\d+ ?(?:min|sec|hour|分|分)|^(?:view|show|see|read) (?:all|more)"
    r"|^(?:about )?the author$|^(?:facebook|instagram|twitter|linkedin|youtube|istockphoto)$"
    r"|^\(?(?:image|photo|picture|foto|quelle|source|credits?)\s?:|https?:|www\.|@|\.com\b|\d{3,}"
    r"|\bis (?:an?|the)\b|\s(?:is|the|who)$|^(?:member )?(?:log ?in|sign ?(?:in|up)|subscribe)$"
    rf"|^(?:{alternation('edited_by')})(?:[\s:：]|$)|^(?:{alternation('nobody', 'and')})$",
    re.I,
)
_SENTENCE = re.compile(r"(?:the|an?) ")  # `By the numbers`
_ROLES = alternation("role")
_ROLE = re.compile(
    rf"(?:\s*[,|(–—-]\s*|\s+)(?:(?:{alternation('rank')})\s+){{0,3}}(?:{_ROLES})\b.*$"
    rf"|\s*(?:{alternation('role_behind')})$",
    re.I,
)
# `Irena Nowak Marketing Manager`: of two names and a role with words of its own.
_ROLE_OF_WORDS = re.compile(
    rf"^([^\W\d_a-z][\w'’.-]+ (?:[^\W\d_a-z]\. )?[^\W\d_a-z][\w'’-]+)\s+(?:[\w&/'’-]+\s+){{0,3}}"
    rf"(?:head of .+|(?i:{_ROLES}))$"
)
_JOB = re.compile(rf"sponsored|.{{0,40}}\b(?:(?:{_ROLES})s?|staff|team)", re.I)
_NEWSROOM = re.compile(rf"\b(?:{alternation('newsroom')})\b", re.I)
_EDITED = re.compile(rf"\W+(?:{alternation('edited_by')})\s.*$", re.I)
# The initials of an agency or of a degree: `AFP`, `M.D.`, `PhD`
_INITIALS = re.compile(r"(?:[A-Z]\.?){2,6}|Ph\.?D\.?")
_AGENCY_ALONE = re.compile(alternation("agency"), re.I)
# Behind the name of a person: `Ada Brook The Associated Press`, `Ada Brook USA TODAY NETWORK`.
_AGENCY = re.compile(
    r"(?<=\w) +(?:The Associated Press|Associated Press|Reuters|Agence France-Presse|Bloomberg"
    r"|AP|(?!III$)(?<=[a-z] )[A-Z]{3,}(?: [A-Z]{2,})*)$"
)
_PARENTHESIS = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]?$")
_LIST_IN_PARENTHESIS = re.compile(r"\s*[(（][^()（）]*[/,;、][^()（）]*(?:[)）]|$)")
# `Ada Brook in Berlin`, `Ada Brook for The Gazette`
_PLACE = re.compile(r"(?<=\w)\s(?:in|aus|à|for|on behalf of)\s[^\W\d_a-z].*$")
# Where the author is, behind a comma: `Por João Silva, de Lisboa`, `By Ada Brook, London`
_FROM = re.compile(
    r"(?:d[aeio]|do|from|in|en|em|aus|à|desde|inviat[oa] a|из|z|w) (?-i:[^\W\d_a-z]).*", re.I
)
_TOWN = re.compile(r"[^\W\d_a-z][\w'’-]+")
_BY_WORD = re.compile(rf"(?:{alternation('by')})\s", re.I)
# `Doe, Jane` of two words
_FAMILY_NAME_FIRST = re.compile(
    r"([^\W\d_a-z][\w'’-]*[a-zß-ÿ]), ((?!Reuters|Bloomberg)[^\W\d_a-z][\w'’-]*[a-zß-ÿ](?: \w\.)?)"
)
_CJK = re.compile(rf"[{CJK}]")
# The date at which a byline ends, also without a space before it: `Ada BrookDec 17, 2025`.
_DATED = re.compile(
    r"(?:\W*\b|(?<=[a-z])(?=(?-i:[A-Z])))(?:\d{1,2}[. ]+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|okt|dez|mai)[a-zé]{0,6}"
    r"[.,]? \d|\W*\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\W*\b(?:19|20)\d\d\b"
    r"|\W*\b(?:updated|published)\b|[\s,;|·•–—-]+\d{1,2}\b",
    re.I,
)
# `By Ada Brook On 5/07/18`, and `By Ada Brook on` before the element that has the time
_BEFORE_TIME = re.compile(
    rf"(?:[\s|,·•–—-]+(?:(?:{alternation('published', 'modified')})\w*"
    rf"|{alternation('around_time')}|(?:on|am|le|el|il|em|den|op|pe)(?:\s\w{{2,10}}\.?)?))+$",
    re.I,
)
_ON = re.compile(r"\s+(?:on|at|am|le|el|il|em|den|op)$")
_CONTACT = re.compile(r"(?<!\w)[(<\[]?(?:[^\s|,;/()<>]*@[^\s|,;/()<>]+)[)>\]]?")
# `Anna Virtanen, kuvat: Ville Mäki`, `山田太郎　撮影／佐藤花子`: the names of other people follow.
_NEXT_LABEL = re.compile(
    rf"(?<=\w)[\s,;|/·•–—-]+(?:[^\W\d_]+\s?[:：]|[{CJK}・]{{1,5}}\s?[／/＝=])(?!//).*$"
)
# `南都见习记者 林子沛`, `本报记者 余毅菁 向雪妮`
_HAN_REPORTERS = re.compile(
    rf"[{HAN}]{{0,8}}(?:记者|通讯员|撰文|作者|编译)[\s:：/]{{1,3}}"
    rf"([{HAN}·]{{2,6}}(?:[\s、]{{1,2}}[{HAN}·]{{2,6}}){{0,5}}?)"
    rf"(?:\s[{HAN}]{{2,4}}报[导道])?"
)
# `记者 王小明 实习生 李文`
# What portals show behind an account that readers can follow.
_FOLLOW = re.compile(r"\s*(?:\+\s?)?(?:关注|關注|追蹤|팔로우|フォロー(?:する)?)$")
# In Dutch and Afrikaans, `en` is between names; in French and Spanish, before a place.
_DUTCH = re.compile(
    rf"(?:{'|'.join(read('nl')['by'] + read('nl')['by_label'])}|tekst|deur)[\s:]", re.I
)
_EN = re.compile(r"\s+en\s+")
_HAN_ROLE_BETWEEN = re.compile(r"(?<=\S)\s+(?:实习生|通讯员|實習生|通訊員|(?:实习|见习)记者)\s+")
_HAN_NAMES = re.compile(rf"[{HAN}·]{{2,4}}(?:[\s、]{{1,2}}[{HAN}·]{{2,4}}){{1,5}}")
# A Japanese name: family name and given name.
_JAPANESE_NAME = re.compile(rf"[{HAN}々]{{1,3}}[\s　][{HAN}{KANA}々]{{1,4}}")


def names_in(text: str, site: str, *, japanese: bool = False) -> Iterator[str]:
    """Yield the single names in a text, without `By`, roles, agencies and the site's name.

    On a Japanese page a space stands between family name and given name, not between people."""
    if "://" in text or len(text) > _LONGEST_BYLINE:
        return
    persons = 0
    for number, part in enumerate(_parts(_byline(text, japanese))):
        if number and (_JOB.fullmatch(part.strip()) or (persons and _is_no_person(part.strip()))):
            continue
        if persons and _is_place(part.strip(), text):
            continue
        name = _bare(part, site)
        if is_name(name):
            persons += " " in name and squeeze(name) != squeeze(site)
            yield name


def is_newsroom(name: str) -> bool:
    """Return whether a name is one of a newsroom, a company or an account, and not of a person."""
    return (
        bool(_NEWSROOM.search(name))
        or _is_agency(name)
        or (name.isascii() and name.islower() and " " not in name)
    )


def _is_no_person(part: str) -> bool:
    """Return whether a part of a byline that has a name already is an agency or initials."""
    return bool(_INITIALS.fullmatch(part) or _NEWSROOM.search(part))


def _is_agency(name: str) -> bool:
    return bool(_AGENCY_ALONE.fullmatch(name))


def _is_place(part: str, byline: str) -> bool:
    """Return whether a part of a byline that has a name already is where its author is. A single
    word counts behind `By` only: many people have one name."""
    town = _TOWN.fullmatch(part) and not _CJK.search(part)
    if f", {part}" not in byline:
        return bool(town and f" / {part}" in byline)  # `Ana Ruiz / Madrid`
    return bool(_FROM.fullmatch(part) or (_BY_WORD.match(byline) and town))


def _parts(text: str) -> list[str]:
    """Return the parts of a byline: what stands between commas, `and` and the like."""
    parts = []
    for piece in re.split(r"\s*;\s*", text):
        inverted = _FAMILY_NAME_FIRST.fullmatch(piece)
        if inverted and not _JOB.fullmatch(inverted[2]):
            parts.append(f"{inverted[2]} {inverted[1]}")
            continue
        parts += _SPLIT.split(piece)
    return parts


def _byline(text: str, japanese: bool) -> str:
    """Return a byline without `By` and without what follows its names; Chinese names separated."""
    text = (_CONTACT.sub("", text) if "@" in text else text).strip()
    text = _EN.sub(", ", text) if _DUTCH.match(text) else text
    text = _HAN_ROLE_BETWEEN.sub("、", _FOLLOW.sub("", text))
    if reporters := _HAN_REPORTERS.fullmatch(simplified(text)):
        text = text[slice(*reporters.span(1))]
    if japanese and _JAPANESE_NAME.fullmatch(text):
        return text
    if not japanese and _HAN_NAMES.fullmatch(text):
        text = "、".join(text.split())
    before = _DATED.split(text, maxsplit=1)[0].strip()
    if before != text:
        before = _BEFORE_TIME.sub("", before)
    before = _EDITED.sub("", _ON.sub("", before))
    names = BY.sub("", _LIST_IN_PARENTHESIS.sub("", before).strip() or before)
    return _NEXT_LABEL.sub("", names)


def _bare(part: str, site: str) -> str:
    """Return a part of a byline without `By`, the role and the site's name behind the person's."""
    name = BY.sub("", part.strip(" .:-–—|"))
    name = _PARENTHESIS.sub("", name) or name
    if own := _ROLE_OF_WORDS.match(name):
        name = own[1]
    bare = _ROLE.sub("", name)
    if " " in bare or _CJK.search(bare):  # `Guardian staff reporter` stays whole
        name = bare
    person = re.sub(rf"(?<=\w) +{re.escape(site)}$", "", name, flags=re.I) if site else name
    person = _AGENCY.sub("", _PLACE.sub("", person))
    return (person if " " in person else name).strip(" .:-–—|()")


def is_name(text: str) -> bool:
    """Return whether a text may be a name: short, not a label of the page, not a relative time."""
    if not squeeze(text) or len(text) > _LONGEST_NAME or len(text.split()) > _MOST_WORDS:
        return False
    if _SENTENCE.match(text):
        return False
    # `Greta Lohse · vor 3 Stunden`
    return not _NOT_A_NAME.search(text) and not all_relative().search(plainly(text))
