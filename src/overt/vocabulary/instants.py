"""UTC instants and hours; an instant without a zone is refused.

Tables hold naive UTC timestamps (the engine's TIMESTAMP); what a reader meets is RFC 3339 UTC.
`to_table` and `from_table` are the only two doors between the two.
"""

from datetime import UTC, datetime, timedelta

from overt.errors import UsageError


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EARLIEST_YEAR = 1990  # before any measurement, and far from the end of the calendar


def now() -> datetime:
    """Return the present instant; only `cli` may call this and pass it down."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that looks at the clock


def rfc3339(instant: datetime) -> str:
    """Return `instant` as RFC 3339 UTC, whole seconds, for example `2023-11-08T11:45:59Z`."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_rfc3339(text: str) -> datetime:
    """Return the instant a person wrote; a date alone is its first second, UTC.

    Raises:
        UsageError: when the text is not a date or an instant with a zone.
    """
    day_alone = len(text.strip()) in {len("2024-02-17"), len("20240217")}
    try:
        instant = datetime.fromisoformat(text.strip())
        if instant.tzinfo is not None:
            instant = instant.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise UsageError(
            f"{text!r} is not a time",
            remedy="write it as 2024-02-17 or 2024-02-17T14:00:00Z",
        ) from problem
    if instant.year < EARLIEST_YEAR:
        raise UsageError(f"{text!r} lies before anything was measured", remedy="name a later time")
    if instant.tzinfo is None:
        if not day_alone:
            raise UsageError(
                f"{text!r} has no time zone",
                remedy=f"add Z for UTC, as in {text.strip()}Z",
            )
        instant = instant.replace(tzinfo=UTC)
    return instant


def parse_measurement_time(text: str) -> datetime:
    """Return the UTC instant of an OONI time field, which carries UTC without saying so.

    Source: OONI df-000, `measurement_start_time` is `%Y-%m-%d %H:%M:%S` in UTC;
    exports of the observation tables write an explicit `+00:00`.

    Raises:
        ValueError: when the text is not such a time.
    """
    instant = datetime.fromisoformat(text.strip())
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC)
    except OverflowError as problem:
        raise ValueError(f"{text!r} lies outside the calendar") from problem


def to_table(instant: datetime) -> datetime:
    """Return the naive UTC datetime a table holds for this instant."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant.astimezone(UTC).replace(tzinfo=None)


def from_table(value: datetime) -> datetime:
    """Return the instant a table's naive UTC datetime stands for."""
    return value.replace(tzinfo=UTC)
