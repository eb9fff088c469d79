from overt.record.problems import Problem, instead, listed, nearest, shown


def test_a_value_of_a_stranger_is_shown_short_and_still() -> None:
    assert shown("a\x1b[2Jb\u202e") == "'a\\x1b[2Jb\\x202e'"
    assert len(shown("x" * 10_000)) < 100


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert nearest("Afirms", ["affirms", "denies"]) == "affirms"
    assert nearest("zebra", ["affirms", "denies"]) is None
    assert instead("denys", ["affirms", "denies"], "choose") == "write denies"
    assert instead("zebra", ["affirms", "denies"], "choose") == "choose"


def test_words_are_listed_as_people_do() -> None:
    assert (listed("a"), listed("ab"), listed("abc", "and")) == ("a", "a or b", "a, b and c")
    assert listed([]) == "nothing"


def test_a_problem_of_a_whole_file_names_no_line() -> None:
    problem = Problem(file="a.yaml", line=0, field="", what="w", expected="e", remedy="r")

    assert str(problem) == "a.yaml: w\n  expected: e\n  try:      r"
