"""Small records and measured sides, built in one line each."""

from datetime import UTC, date, datetime
from typing import Any

from overt.dossier.measured import Measured, Stretch
from overt.dossier.spans import Window
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Authority,
    AuthorityKind,
    Claim,
    Deadline,
    Demand,
    Forum,
    Polarity,
    Proceeding,
    Record,
    Restriction,
    Source,
    Span,
    Standing,
    Topic,
    When,
)


ZONE = "Asia/Karachi"
AS_OF = datetime(2025, 7, 9, tzinfo=UTC)
AUTHORITIES = {
    "authority:moi": Authority(
        id="authority:moi", name="Interior Ministry", kind=AuthorityKind.MINISTRY, cc="PK"
    ),
    "authority:pta": Authority(
        id="authority:pta", name="Telecom Authority", kind=AuthorityKind.REGULATOR, cc="PK"
    ),
    "authority:shc": Authority(
        id="authority:shc", name="Sindh High Court", kind=AuthorityKind.COURT, cc="PK"
    ),
    "authority:ihc": Authority(
        id="authority:ihc", name="Islamabad High Court", kind=AuthorityKind.COURT, cc="PK"
    ),
    "authority:party": Authority(
        id="authority:party", name="A party", kind=AuthorityKind.PARTY, cc="PK"
    ),
    "authority:telco": Authority(
        id="authority:telco", name="A telco", kind=AuthorityKind.OPERATOR, cc="PK"
    ),
}
PROCEEDINGS = {
    "proceeding:shc": Proceeding(
        id="proceeding:shc", court="authority:shc", number="1/2024", parties=()
    ),
    "proceeding:ihc": Proceeding(
        id="proceeding:ihc", court="authority:ihc", number="2/2024", parties=()
    ),
}


def at(month: int, day: int, hour: int = 0, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def on(first: str | None, last: str | None = "same", **kw: Any) -> When:
    """Return a `When` from ISO days; one day alone is both ends."""
    last = first if last == "same" else last
    return When(
        earliest=date.fromisoformat(first) if first else None,
        latest=date.fromisoformat(last) if last else None,
        zone=kw.pop("zone", ZONE),
        **kw,
    )


def source(name: str, family: str = "", **kw: Any) -> Source:
    return Source(
        id=f"source:{name}",
        sha256=name.ljust(64, "0"),
        text_sha256=name.ljust(64, "0"),
        media_type="text/html",
        retrieved_at=at(6, 1),
        outlet=kw.pop("outlet", f"Outlet {name}"),
        family=family,
        url=kw.pop("url", f"https://{name}.example/a"),
        **kw,
    )


def claim(name: str, **kw: Any) -> Claim:
    told = kw.pop("source", "a")
    quote = kw.pop("quote", f"words of {name}")
    given = {
        "speaker": "authority:moi",
        "role": "",
        "forum": Forum.PRESS,
        "polarity": Polarity.AFFIRMS,
        "standing": Standing.STATES,
        "topic": Topic.RESTRICTION,
        "cc": "PK",
        "platforms": ("x",),
        "restriction": Restriction.SERVICE,
    }
    return Claim(
        id=f"claim:{name}",
        span=Span(source=f"source:{told}", start=0, end=len(quote), quote=quote),
        **{**given, **kw},
    )


def act(name: str, kind: ActKind, day: When, **kw: Any) -> Act:
    given: dict[str, Any] = {
        "issuer": "authority:moi",
        "cc": "PK",
        "platforms": ("x",),
        "claims": (),
    }
    return Act(id=f"act:{name}", kind=kind, on=day, **{**given, **kw})


def deadline(demand: Demand, due: When, **kw: Any) -> Deadline:
    return Deadline(
        id=f"deadline:{demand}", demand=demand, addressee="authority:moi", due=due, **kw
    )


def record(*entries: Source | Claim | Act) -> Record:
    sources = {e.id: e for e in entries if isinstance(e, Source)}
    sources.setdefault("source:a", source("a"))
    return Record(
        authorities=dict(AUTHORITIES),
        sources=sources,
        claims={e.id: e for e in entries if isinstance(e, Claim)},
        acts={e.id: e for e in entries if isinstance(e, Act)},
        proceedings=dict(PROCEEDINGS),
    )


def stretch(**kw: Any) -> Stretch:
    """Return a published restriction of X in Pakistan, 17 February to 6 May 2025."""
    onset = kw.pop("onset", Window(start=at(2, 17), end=at(2, 18)))
    ending = kw.pop("ending", Window(start=at(5, 6, year=2025), end=at(5, 7, year=2025)))
    until = ending.start if ending else AS_OF
    given: dict[str, Any] = {
        "id": "1",
        "platform": "x",
        "cc": "PK",
        "days": (onset.start.date(), onset.start.date()),
        "sure": (Window(start=onset.end, end=until),),
        "silences": (),
        "is_standing": False,
        "known_to": AS_OF,
        "known_at": AS_OF,
    }
    return Stretch(onset=onset, ending=ending, **{**given, **kw})


def measured(*stretches: Stretch, **kw: Any) -> Measured:
    return Measured(
        platform="x", cc="PK", stretches=stretches or (stretch(),), known_at=AS_OF, **kw
    )
