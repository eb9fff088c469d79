"""What a new version of an incident says that the one before did not, in plain words.

Works on incidents as they were recorded, whatever version of the program recorded them: a field
that has no words of its own here is told by its name.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from overt.dossier import accounts, wording
from overt.engine.base import from_json
from overt.vocabulary.judgements import Bracket, Schedule, State


Body = Mapping[str, Any]
_SPARED = (State.REACHABLE, State.INSUFFICIENT)
_DATES = ("onset", "ending", "episodes")


def changed(before: Body, after: Body) -> list[str]:
    """Return the names of the fields in which two versions differ, in the order of the later."""
    names = [*after, *(k for k in before if k not in after)]
    return [k for k in names if k not in before or k not in after or before[k] != after[k]]


def told(before: Body, after: Body) -> list[str]:
    """Return what differs between two versions of an incident as sentences."""
    left = changed(before, after)
    sentences: list[str] = []
    for names, tell in _TELLERS:
        if any(n in left for n in names) and all(n in before and n in after for n in names):
            sentences += tell(before, after)
            left = [n for n in left if n not in names]
    return sentences + [_unforeseen(n, before, after) for n in left]


def _name(before: Body, after: Body) -> list[str]:
    return [f"It is called {after['id']}; earlier {before['id']}."]


def _state(before: Body, after: Body) -> list[str]:
    return [f"State: {after['state']}; earlier {before['state']}."]


def _instant(text: str) -> str:
    return f"{wording.moment(datetime.fromisoformat(text))} UTC"


def _when(bracket: Body) -> str:
    return wording.bracket(
        Bracket(
            earliest=datetime.fromisoformat(bracket["earliest"]),
            latest=datetime.fromisoformat(bracket["latest"]),
        )
    )


def _moved(before: Body, after: Body) -> bool:
    return any(before[k] != after[k] for k in ("earliest", "latest"))


def _began(body: Body) -> str:
    if body["is_standing"]:
        return f"not seen, the measurements begin {_instant(body['onset']['earliest'])}"
    return _when(body["onset"])


def _onset(before: Body, after: Body) -> list[str]:
    if _began(before) != _began(after):
        return [f"Onset: {_began(after)}; earlier {_began(before)}."]
    alarms = [b["onset"].get("alerted_at") for b in (before, after)]
    was, now = (_instant(a) if a else "none" for a in alarms)
    return [f"First alarm: {now}; earlier {was}."]


def _ending(before: Body, after: Body) -> list[str]:
    was, now = before["ending"], after["ending"]
    if was is None:
        return [f"It is called ended: {_when(now)}."]
    if now is None:
        return [f"The ending was taken back: it had been {_when(was)}."]
    if _moved(was, now):
        return [f"Ending: {_when(now)}; earlier {_when(was)}."]
    return ["The ending was called at another time of the data; it did not move."]


def _networks(before: Body, after: Body) -> list[str]:
    old = {n["asn"]: n for n in before["networks"]}
    new = {n["asn"]: n for n in after["networks"]}
    sentences = [
        f"{sentence}: {_listed([new.get(a) or old[a] for a in asns])}."
        for sentence, asns in _fates(old, new)
        if asns
    ]
    both = [a for a in new if a in old and not _spared(old[a]) and not _spared(new[a])]
    sentences += [
        f"{_listed([new[a]])}: {new[a]['state']}; earlier {old[a]['state']}."
        for a in both
        if new[a]["state"] != old[a]["state"]
    ]
    pairs = [(old[a], new[a]) for a in both]
    sentences += [*_dates(pairs, "onset"), *_dates(pairs, "ending")]
    other = [now for was, now in pairs if was.get("episodes") != now.get("episodes")]
    if other:
        sentences.append(f"Other episodes on {_count(other)}: {_listed(other)}.")
    sentences += [
        f"{_listed([now])} {_hours(now)}." for was, now in pairs if _hours(was) != _hours(now)
    ]
    if len(old) != len(new):
        sentences.append(f"Networks measured: {len(new)}; earlier {len(old)}.")
    others = {
        k for a in new if a in old for k in changed(old[a], new[a]) if k not in {"state", *_DATES}
    }
    if others:
        listed = ", ".join(sorted(_label(k) for k in others))
        sentences.append(f"Network by network these differ too: {listed}.")
    return sentences or ["The networks are told differently."]


def _dates(pairs: Sequence[tuple[Body, Body]], name: str) -> list[str]:
    """Return how the onsets (or endings) of networks moved; of many networks only which."""

    def when(network: Body) -> str:
        return _when(network[name]) if network.get(name) else "none"

    moved = [(was, now) for was, now in pairs if when(was) != when(now)]
    if len(moved) > wording.LISTED:
        listed = [now for _, now in moved]
        return [f"Another {name} on {_count(listed)}: {_listed(listed)}."]
    return [f"{_listed([now])}: {name} {when(now)}; earlier {when(was)}." for was, now in moved]


def _fates(old: Mapping[int, Body], new: Mapping[int, Body]) -> list[tuple[str, list[int]]]:
    """Return which networks came to each fate and which left it, by what is said of it."""

    def of(networks: Mapping[int, Body], *states: State) -> set[int]:
        return {a for a, n in networks.items() if n["state"] in states}

    affected = tuple(s for s in State if s not in _SPARED)
    added = of(new, *affected) - of(old, *affected)
    dropped = of(old, *affected) - of(new, *affected)
    reachable = of(new, State.REACHABLE) - of(old, State.REACHABLE)
    doubtful = of(old, State.REACHABLE) & of(new, State.INSUFFICIENT)
    return [
        ("Affected, and not said to be before", sorted(added)),
        ("Affected no longer", sorted(dropped)),
        ("Shown to be reachable, and not before", sorted(reachable)),
        ("Measured too little to call reachable any more", sorted(doubtful)),
    ]


def _spared(network: Body) -> bool:
    return network["state"] in _SPARED


def _listed(networks: Sequence[Body]) -> str:
    return wording.listing(
        [f"AS{n['asn']} ({n['name']})" if n.get("name") else f"AS{n['asn']}" for n in networks]
    )


def _count(networks: Sequence[Body]) -> str:
    return wording.number(len(networks), "affected network")


def _hours(network: Body) -> str:
    schedule = network.get("schedule")
    if schedule is None:
        return "is not seen to keep hours any more"
    kept = from_json(Schedule, schedule)
    return f"keeps hours: {accounts.timetable(kept)}, local time ({kept.zone})"


def _episodes(before: Body, after: Body) -> list[str]:
    was, now = len(before["episodes"]), len(after["episodes"])
    if was == now:
        return [f"Episodes: {now} as before, at other times."]
    return [f"Episodes: {now}; earlier {was}."]


def _mechanisms(before: Body, after: Body) -> list[str]:
    return [
        f"How: {wording.how(after['mechanisms'])}; earlier: {wording.how(before['mechanisms'])}."
    ]


def _counts(before: Body, after: Body) -> list[str]:
    def counted(body: Body) -> str:
        return (
            f"{body['n_failing']:,} of {wording.number(body['n_measurements'], 'measurement')} by"
            f" {wording.number(body['n_units'], 'unit')}"
            f" up to {_instant(body['counted']['end'])}"
        )

    return [f"Failed: {counted(after)}; earlier {counted(before)}."]


def _lately(before: Body, after: Body) -> list[str]:
    sentences = []
    if before["last_failing"] != after["last_failing"]:
        was, now = _instant(before["last_failing"]), _instant(after["last_failing"])
        sentences.append(f"Last seen failing {now}; earlier {was}.")
    if before["as_of"] != after["as_of"]:
        was, now = _instant(before["as_of"]), _instant(after["as_of"])
        sentences.append(f"Known from measurements up to {now}; earlier {was}.")
    return sentences or ["The measurements since it was last seen failing are counted anew."]


def _bound(before: Body, after: Body) -> list[str]:
    def bound(body: Body) -> str:
        return f"{body['false_alarms_per_year']:.2g} a year over {body['n_series']:,} series"

    return [f"Error bound: at most {bound(after)}; earlier {bound(before)}."]


def _changes(before: Body, after: Body) -> list[str]:
    added = len(set(after["changes"]) - set(before["changes"]))
    gone = len(set(before["changes"]) - set(after["changes"]))
    total = wording.number(len(after["changes"]), "change")
    return [f"It rests on {total}: {added} not there before, {gone} of the earlier ones gone."]


def _witnesses(before: Body, after: Body) -> list[str]:
    was = {w["measurement_uid"] for w in before["witnesses"]}
    new = [w for w in after["witnesses"] if w["measurement_uid"] not in was]
    if not new:
        return ["The witnesses are shown differently or in part."]
    return [f"{wording.number(len(new), 'other measurement')} shown as witnesses."]


def _versions(before: Body, after: Body) -> list[str]:
    return [
        f"Derived by {derived_by(after['versions'])}; earlier {derived_by(before['versions'])}."
    ]


def derived_by(versions: Body) -> str:
    """Return what a conclusion was drawn with."""
    return (
        f"overt {versions['code']}, rulebook {versions['rulebook']},"
        f" reference {versions['reference']}"
    )


def _unforeseen(name: str, before: Body, after: Body) -> str:
    label = _label(name)[:1].upper() + _label(name)[1:]
    if name not in after:
        return f"{label}: not said any more."
    now = _plain(after[name])
    if name not in before:
        return f"{label}: {now}; not said earlier."
    was = _plain(before[name])
    return f"{label}: {now}; earlier {was}." if now != was else f"{label}: told differently."


def _label(name: str) -> str:
    return name.replace("_", " ").removeprefix("n ")


def _plain(value: object) -> str:
    if isinstance(value, list | dict):
        return wording.number(len(value), "entry", "entries")
    return {None: "none", True: "yes", False: "no"}.get(value, str(value))  # type: ignore[call-overload, no-any-return]


_Teller = Callable[[Body, Body], list[str]]
# In the order in which they are told.
_TELLERS: tuple[tuple[tuple[str, ...], _Teller], ...] = (
    (("id",), _name),
    (("state",), _state),
    (("onset", "is_standing"), _onset),
    (("ending",), _ending),
    (("networks",), _networks),
    (("episodes",), _episodes),
    (("mechanisms",), _mechanisms),
    (("n_measurements", "n_failing", "n_units", "counted"), _counts),
    (("last_failing", "as_of", "n_measurements_since", "n_failing_since"), _lately),
    (("false_alarms_per_year", "n_series"), _bound),
    (("changes",), _changes),
    (("witnesses",), _witnesses),
    (("versions",), _versions),
)
