"""A small sound record, invented, and the folder it is written to; tests break it on purpose."""

import hashlib
from pathlib import Path


TEXT = (
    "The High Court of Examplia on Wednesday ordered the ministry to withdraw within a week its"
    " letter of 17 February to the regulator. The regulator said that the service was blocked. A"
    " party put the loss at between 4 and 5 million dollars.\n"
)
SHA256 = hashlib.sha256(b"<html>the page</html>").hexdigest()
TEXT_SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
SOURCE_ID = f"source:{SHA256[:16]}"
ORDER = "ordered the ministry to withdraw within a week its letter"
SAID = "The regulator said that the service was blocked"
LOSS = "between 4 and 5 million dollars"


def span(quote: str) -> str:
    start = TEXT.index(quote)
    return f"""
    span:
      start: {start}
      end: {start + len(quote)}
      quote: {quote}"""


RULE = "within 1 week of 2024-04-17: calendar days, the first day not counted, the last included"
READING = """
      - who: A. Reader
        at: 2024-04-19T08:00:00Z
        decision: accepted"""
SECOND = """
      - who: B. Reader
        at: 2024-04-19T09:00:00Z
        decision: corrected
        note: the demand"""
WEDNESDAY = """
      earliest: 2024-04-17
      latest: 2024-04-17
      zone: Asia/Karachi
      said: Wednesday"""

FILES = {
    "authorities/xx-court.yaml": """\
id: authority:xx-court
name: High Court of Examplia
kind: court
cc: XX
""",
    "authorities/xx-ministry.yaml": """\
id: authority:xx-ministry
name: Ministry of Interior
kind: ministry
cc: XX
names:
  - the ministry
""",
    "authorities/xx-regulator.yaml": """\
id: authority:xx-regulator
name: Telecommunication Authority
kind: regulator
cc: XX
part_of: authority:xx-ministry
""",
    "authorities/xx-petitioners.yaml": """\
id: authority:xx-petitioners
name: petitioners before the High Court of Examplia
kind: litigant
cc: XX
""",
    f"sources/{SHA256[:16]}.yaml": f"""\
id: {SOURCE_ID}
sha256: {SHA256}
text_sha256: {TEXT_SHA256}
media_type: text/html
retrieved_at: 2024-04-18T09:00:00Z
url: https://news.example/court
title: Court gives the ministry a week
outlet: Example News
published:
  earliest: 2024-04-18
  latest: 2024-04-18
  zone: Asia/Karachi
language: en
claims:
  - id: claim:order{span(ORDER)}
    speaker: authority:xx-court
    role: the High Court of Examplia
    forum: hearing
    polarity: affirms
    standing: reports
    topic: act
    cc: XX
    platforms:
      - x
    when:{WEDNESDAY}
    due:
      earliest: 2024-04-24
      latest: 2024-04-24
      zone: Asia/Karachi
      said: within a week
      rule: seven days after the order
    act_kind: order
    demand: withdraw
    issuer: authority:xx-court
    addressee: authority:xx-ministry
    act: act:xx-withdraw
    readings:{READING}{SECOND}
  - id: claim:blocked{span(SAID)}
    speaker: authority:xx-regulator
    role: the regulator
    forum: press
    polarity: affirms
    standing: states
    topic: restriction
    cc: XX
    platforms: [x]
    restriction: service
    readings:{READING}
  - id: claim:loss{span(LOSS)}
    speaker: ''
    role: a party
    forum: press
    polarity: affirms
    standing: alleges
    topic: count
    cc: XX
    platforms:
      - x
    quantities:
      - low: 4000000
        high: 5000000
        unit: USD
        counts: loss
    readings:{READING}
""",
    "acts/xx-letter.yaml": """\
id: act:xx-letter
kind: directive
issuer: authority:xx-ministry
on:
  earliest: 2024-02-17
  latest: 2024-02-17
  zone: Asia/Karachi
cc: XX
platforms:
  - x
claims:
  - claim:order
addressees:
  - authority:xx-regulator
demand: block
readings:
  - who: A. Reader
    at: 2024-04-19T08:00:00Z
    decision: accepted
""",
    "acts/xx-withdraw.yaml": f"""\
id: act:xx-withdraw
kind: order
issuer: authority:xx-court
on:
  earliest: 2024-04-17
  latest: 2024-04-17
  zone: Asia/Karachi
cc: XX
platforms:
  - x
claims:
  - claim:order
addressees:
  - authority:xx-ministry
demand: withdraw
forum: hearing
proceeding: proceeding:xx-case
target_act: act:xx-letter
deadlines:
  - id: deadline:xx-withdraw
    demand: withdraw
    addressee: authority:xx-ministry
    due:
      earliest: 2024-04-24
      latest: 2024-04-24
      zone: Asia/Karachi
      said: within a week
      rule: '{RULE}'
readings:
  - who: A. Reader
    at: 2024-04-19T08:00:00Z
    decision: accepted
  - who: B. Reader
    at: 2024-04-19T09:00:00Z
    decision: accepted
""",
    "proceedings/xx-case.yaml": """\
id: proceeding:xx-case
court: authority:xx-court
number: C.P. 1 of 2024
parties:
  - authority:xx-petitioners
  - authority:xx-regulator
claims:
  - claim:order
""",
}
SOURCE_FILE = f"sources/{SHA256[:16]}.yaml"


def write(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / f"{TEXT_SHA256}.txt").write_text(TEXT)
    return folder
