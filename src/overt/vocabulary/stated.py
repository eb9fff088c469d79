"""What was said and done: sources, claims, acts, proceedings and deadlines of the official record.

The stated column's words. Nothing here knows of a measurement: what a claim is about is a country,
platforms and a time, and the roof (`dossier`) sets it beside what was measured.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class AuthorityKind(StrEnum):
    """What an actor is. Persons appear in their office only."""

    MINISTRY = "ministry"
    REGULATOR = "regulator"
    COURT = "court"
    AGENCY = "agency"  # of police or intelligence
    GOVERNMENT = "government"  # where a source says no more than that
    LEGISLATURE = "legislature"
    PLATFORM = "platform"
    OPERATOR = "operator"
    PARTY = "party"  # political
    LITIGANT = "litigant"  # petitioner, respondent, or their counsel
    CIVIL_SOCIETY = "civil_society"
    WATCHDOG = "watchdog"  # one that measures
    OUTLET = "outlet"


class Forum(StrEnum):
    """Where something was said."""

    PRESS = "press"
    POST = "post"
    FILING = "filing"
    HEARING = "hearing"
    ORDER = "order"
    LETTER = "letter"
    PARLIAMENT = "parliament"
    STATEMENT = "statement"  # published by the speaker itself


class Polarity(StrEnum):
    """Whether the speaker says that it is so, that it is not, or will not say."""

    AFFIRMS = "affirms"
    DENIES = "denies"
    DECLINES = "declines"


class Standing(StrEnum):
    """How the words stand: found by a court, stated by who did it, alleged by another, reported."""

    FINDS = "finds"
    STATES = "states"
    ALLEGES = "alleges"
    REPORTS = "reports"


class Topic(StrEnum):
    """What a claim is about."""

    RESTRICTION = "restriction"  # that a service is or was restricted
    ACT = "act"  # that somebody ordered, asked, filed, heard, adjourned, lifted
    REASON = "reason"  # why
    COUNT = "count"  # how many signed, followed, were cut off, it cost
    OTHER_MEASURE = "other_measure"  # mobile service cut, VPN throttled, another platform blocked
    REACTION = "reaction"  # what a platform or third party says of it


class Restriction(StrEnum):
    """What is withheld, as far as a source says."""

    SERVICE = "service"
    ACCOUNT_OR_POST = "account_or_post"
    SLOWED = "slowed"
    NETWORK_OFF = "network_off"
    UNKNOWN = "unknown"


class ActKind(StrEnum):
    """What an authority or party did."""

    DIRECTIVE = "directive"
    REQUEST = "request"
    ORDER = "order"
    FILING = "filing"
    HEARING = "hearing"
    ADJOURNMENT = "adjournment"
    STATEMENT = "statement"
    DENIAL = "denial"
    ADMISSION = "admission"
    LIFTING = "lifting"
    MEMORANDUM = "memorandum"
    PETITION = "petition"
    RESTRICTION = "restriction"  # that it was carried out, as a source says


class Demand(StrEnum):
    """What an act asks of its addressee; compliance is assessed against it."""

    BLOCK = "block"
    RESTORE = "restore"
    WITHDRAW = "withdraw"  # an earlier act
    REVIEW = "review"  # an earlier act, with any outcome
    REPORT = "report"  # answer, give reasons, appear
    RESTRAIN = "restrain"  # not to do it again
    REMOVE = "remove"  # an account or a post


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """An interval of local days or instants, and the words and rule it was worked out from.

    Both ends are included. `earliest` and `latest` are local dates in `zone`; None: open on that
    side. `at` is the instant where a source gives one, UTC. `said` are the source's words.
    """

    earliest: date | None
    latest: date | None
    zone: str = "UTC"
    said: str = ""
    rule: str = "as given"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number a source gives: from `low` to `high` of `unit`, and what they count."""

    low: float
    high: float
    unit: str
    counts: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A quote: characters `start` to `end`, half-open, of a source's stored text."""

    source: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One person's decision on one proposal or entry: who, when, what."""

    who: str
    at: datetime
    decision: str  # accepted, corrected, refused, deferred
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who speaks and acts: an office, a court, an organisation; never a private person.

    `names` are other names sources use. `cc` is empty for what belongs to no country.
    """

    id: str
    name: str
    kind: AuthorityKind
    cc: str = ""
    names: tuple[str, ...] = ()
    part_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Stored bytes of a page or document, and where and when they were had.

    `id` is `source:` and the first 16 digits of `sha256`, which is of the bytes; `text_sha256` is
    of the text extracted from them, which spans count in. `origins` name what a report rests on (a
    wire story, a court paper); sources that share one, or whose texts are near-copies, are one
    `family`, and count once. `published` is None where it cannot be told.
    """

    id: str
    sha256: str
    text_sha256: str
    media_type: str
    retrieved_at: datetime
    url: str = ""
    title: str = ""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    published: When | None = None
    language: str = ""
    origins: tuple[str, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something a source says: a quote, who says it where, and what about.

    `speaker` is an authority's id, empty where the source speaks for itself or names nobody;
    `role` are the source's words for the speaker. `asserted` is when it was said, `when` the time
    it speaks of. `due` is the day by which an act wants its demand met, or to which a hearing is
    put off. `act` is the id of the act it tells of. `supersedes` is the id it corrects.
    """

    id: str
    span: Span
    speaker: str
    role: str
    forum: Forum
    polarity: Polarity
    standing: Standing
    topic: Topic
    cc: str
    platforms: tuple[str, ...]
    restriction: Restriction | None = None
    asserted: When | None = None
    when: When | None = None
    due: When | None = None
    act_kind: ActKind | None = None
    demand: Demand | None = None
    issuer: str = ""
    addressee: str = ""
    act: str = ""
    quantities: tuple[Quantity, ...] = ()
    readings: tuple[Reading, ...] = ()
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A due date an act sets: local, inclusive, resolved by a stated rule."""

    id: str
    demand: Demand
    addressee: str
    due: When
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something an authority or party did.

    `claims` are the ids of what sources say of it; an act without one is refused. `target_act` is
    the earlier act an order withdraws, reviews or follows. `adjourned_to` is for hearings and
    adjournments. `supersedes` is the id it corrects. `confidence` is `reported` where the press
    alone tells of it, `documented` where the act's own words are stored.
    """

    id: str
    kind: ActKind
    issuer: str
    on: When
    cc: str
    platforms: tuple[str, ...]
    claims: tuple[str, ...]
    addressees: tuple[str, ...] = ()
    demand: Demand | None = None
    restriction: Restriction | None = None
    legal_basis: str = ""
    reason: str = ""
    forum: Forum = Forum.PRESS
    proceeding: str = ""
    target_act: str = ""
    adjourned_to: When | None = None
    deadlines: tuple[Deadline, ...] = ()
    confidence: str = "reported"
    readings: tuple[Reading, ...] = ()
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeding:
    """A case before a court: its number, parties and judges, and what it is heard with."""

    id: str
    court: str
    number: str
    parties: tuple[str, ...]
    judges: tuple[str, ...] = ()
    consolidated_with: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The whole stated column, by id. Only what a person accepted is in it."""

    authorities: dict[str, Authority] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    proceedings: dict[str, Proceeding] = field(default_factory=dict)


class Compliance(StrEnum):
    """Whether what an act demanded was so at a moment, as measured or as claimed."""

    COMPLIED = "complied"
    PARTLY = "partly"
    NOT_COMPLIED = "not complied"
    CLAIMED = "claimed complied"
    PENDING = "pending"
    SUPERSEDED = "superseded"
    NOT_ASSESSABLE = "not assessable"
