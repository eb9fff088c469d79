"""What is kept of what was known when: conclusions, and the versions of an incident's record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from overt.vocabulary.judgements import Versions


class Kind(StrEnum):
    """What one version of a record did to it."""

    NEW = "new"  # an incident that overlaps none that was known
    INHERITED = "inherited"  # it was known when the log began, since when is not recorded
    UPDATED = "updated"  # something is said differently
    RETURNED = "returned"  # it had been withdrawn or absorbed, and is found again
    MERGED = "merged"  # it took in other records
    ABSORBED = "absorbed"  # it became part of another record; this one is closed
    PARTED = "parted"  # it gave off another record, or was given off by one
    WITHDRAWN = "withdrawn"  # nothing in the data supports it any more; the record is closed


CLOSING = frozenset({Kind.ABSORBED, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One time at which changes and incidents were derived anew.

    Grain: workspace x derivation; `seq` counts them from 1. `recorded` is what the clock of the
    machine said when the run began, UTC. `made_from` is a fingerprint of the versions and of every
    part of votes the conclusion was drawn from.
    """

    seq: int
    recorded: datetime
    versions: Versions
    made_from: str
    n_incidents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVersion:
    """What was said of one event from one conclusion on.

    Grain: record x version. `record` is the stable key, the first id the incident ever had, with
    `~2` and so on after it where that was taken; `version` counts from 1; `id` is what the incident
    was called from then on, and for an absorbed one what took it in was called.
    `took_in` and `gave_off` are the keys of records that became part of this one, and that this one
    was parted into; `part_of` is the record that absorbed this one or gave it off, None elsewhere.
    `body` is the incident as JSON values; of a closed record, what was said of it last.
    """

    record: str
    version: int
    id: str
    kind: Kind
    took_in: list[str]
    gave_off: list[str]
    part_of: str | None
    body: Mapping[str, Any]
    conclusion: Conclusion

    @property
    def is_open(self) -> bool:
        """Say whether the record stands for an incident from this version on."""
        return self.kind not in CLOSING
