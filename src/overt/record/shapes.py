r"""The shapes of lines on a page: dates, bylines, credits, captions, ends of sentences.

All are bounded: no pattern here tries more than a fixed number of ways on a line of 2,000
characters. Marks outside ASCII are written as escapes, so that no two look alike.
"""

import re


MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_CLOCK = (
    r"(?:[\s,|@-]{0,4}(?:at\s+)?\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?"
    r"(?:\s?\(?[A-Z]{2,5}\)?(?:[+-]\d{1,2})?)?)?"
)
DATE = (
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+\d{{4}}"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}){_CLOCK}"
)
_AGO = (
    r"(?:about |over )?(?:an?|\d{1,3}) "
    r"(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year)s? ago|just now|yesterday|today"
)
_READ = r"(?:[\s|,.\u00b7\u2022-]{0,4}\d{1,3}[ -]min(?:ute)?s?(?: read)?)?"
_NAME = (
    r"(?-i:(?:[A-Z\u00c0-\u00de\u0400-\u042f][\w.'\u2019-]{0,40}|and|de|von|van|al|bin|in|of|&))"
)
_WHO = rf"{_NAME}(?:[\s,|&/]{{1,3}}{_NAME}){{0,9}}"
_AGENCY = (
    r"(?:reuters|afp|ap|pti|ani|app|xinhua|bloomberg|agenc(?:y|ies)|efe|dpa|anadolu|ians|tass|"
    r"agence france-presse|associated press|(?:news|web|monitoring) desk|our correspondent)"
)
_FILED = r"(?:published|updated|posted|last (?:updated|modified)|first published|modified|date)"

DATE_LINE = re.compile(
    rf"{_FILED}?(?: on| at)?:?\s?(?:{DATE}|{_AGO}){_READ}"
    rf"(?:[\s|,.-]{{1,4}}{_FILED}(?: on| at)?:?\s?{DATE})?",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"(?:(?:(?:written|posted|published|reported) )?by|reporting by|edited by|editing by"
    rf"|\u0430\u0432\u0442\u043e\u0440)[:\s]{{1,2}}{_WHO}"
    rf"(?:[\s,|\u00b7\u2022-]{{1,4}}(?:{_FILED}(?: on| at)?:?\s?)?(?:{DATE}|{_AGO}))?{_READ}"
    rf"|{_READ[:-1]}|{_FILED}(?: on)?:?",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"[\s(\[\u2014\u2013-]{0,4}(?:"
    r"(?:with (?:additional )?(?:inputs?|reporting) (?:from|by)|source:?|via"
    rf"|(?:additional )?(?:reporting|writing|editing) by)\s.{{1,160}}"
    rf"|{_AGENCY}(?:\s?[/,&]\s?\w{{1,20}})?[\s)\].]{{0,4}})",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"(?:file |representational )?(?:photo|image|picture|illustration|foto)"
    r"(?: credits?| courtesy| by)?\s?[:|/].*"
    r"|.{0,300}?(?:[\[(](?:photo|image|picture|file)(?: credits?)?\s?[:/].{0,60}"
    rf"|[\u2014\u2013/]\s?(?:file|getty images?|{_AGENCY})(?: photo)?"
    rf"|[\[(](?:file|{_AGENCY})(?:\s?/\s?\w{{1,20}})?(?: (?:photo|file photo))?[\])]"
    r"|(?:via )?getty images)[\s)\].]{0,4}",
    re.IGNORECASE,
)
STOP = re.compile(
    r"[.!?\u3002\uff01\uff1f\u06d4\u061f\u0964\u0965][\"'\u201d\u2019\u00bb)\]\d\s]{0,8}$"
)
CUT = re.compile(
    r"(?:\.\.\.|\u2026)[\"'\u201d\u2019\u00bb)\]\s]{0,4}$|\[(?:\u2026|\.\.\.)\]$"
    r"|(?:read more|continue reading)\W{0,4}$",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+(?:['\u2019.-]\w+)*")
NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
EDGES = re.compile(r"^\W+|[\W\d]+$")
ITEM = re.compile(r"[\u2022\u25cf\u25aa*-]\s|\d{1,2}[.)]\s")
