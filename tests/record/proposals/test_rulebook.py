from datetime import date

import pytest

from overt.errors import RuleError
from overt.record.proposals.grammar import word_set
from overt.record.proposals.proposal import Text
from overt.record.proposals.registry import proposals
from overt.record.proposals.rulebook import Rule, load_rulebook, read_rulebook


RULES = load_rulebook().rules
SOUND = """
[[rule]]
id = "one"
family = "restriction"
pattern = "verb:blocked"
topic = "restriction"
fires_on = ["x"]
silent_on = ["y"]
"""


def spoke(example: str) -> set[str]:
    """Return the rules that held in an example, read in a text that is about a block."""
    text = f"{example}\n\nThe social network X, formerly Twitter, was blocked there."
    found = proposals(
        Text(
            source="source:example",
            text=text,
            body=((0, len(text)),),
            published=date(2024, 4, 18),
            zone="Asia/Karachi",
            cc="PK" if "Pakistan" in example else "",
        )
    )
    within = [p for p in found if p.claim.span.start < len(example)]
    return {reason.rule for p in within for reason in p.why}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_speaks_where_it_promises_and_is_silent_where_it_promises(rule: Rule) -> None:
    assert [e for e in rule.fires_on if rule.id not in spoke(e)] == []
    assert [e for e in rule.silent_on if rule.id in spoke(e)] == []


@pytest.mark.parametrize(
    "change",
    [
        ('family = "restriction"', 'family = "rumour"'),
        ('topic = "restriction"', ""),
        ('topic = "restriction"', 'topic = "weather"'),
        ("verb:blocked", "blocked"),
        ("verb:blocked", "verb:@unheard_of"),
        ('silent_on = ["y"]', "silent_on = []"),
        ('silent_on = ["y"]', 'silent_on = ["y"]\nsurprise = 1'),
        ('id = "one"', "id ="),
    ],
)
def test_an_unsound_rule_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(RuleError):
        read_rulebook({"a.toml": SOUND.replace(*change)})


def test_an_id_is_given_once() -> None:
    with pytest.raises(RuleError):
        read_rulebook({"a.toml": SOUND, "b.toml": SOUND})


def test_the_version_follows_the_files() -> None:
    first = read_rulebook({"a.toml": SOUND}).version

    assert read_rulebook({"a.toml": SOUND + "# more"}).version != first


def test_a_set_of_words_that_is_not_there_is_a_defect() -> None:
    assert "although" in word_set("breaks")
    with pytest.raises(KeyError):
        word_set("unheard_of")
