import pytest

from content.search.synonyms import FILE, Synonyms, SynonymsError, read_synonyms


def test_the_words_of_a_language_are_groups_and_common_ones(tmp_path):
    (tmp_path / FILE).write_text('synonyms:\n  - [knee, knees]\ncommon: [the, "no"]\n')
    assert read_synonyms(tmp_path) == Synonyms((("knee", "knees"),), frozenset({"the", "no"}))


def test_without_a_file_there_are_none(tmp_path):
    assert read_synonyms(tmp_path) == Synonyms()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"synonyms: [", "this file is not valid YAML."),
        (b"\xff", "this file is not valid YAML."),
        (b"", "write synonyms"),
        (b"synonyms: []", "write synonyms"),
        (b"synonyms: [knee]\ncommon: []", "write synonyms"),
        (b"synonyms: [[knee, 911]]\ncommon: []", "write synonyms"),
        (b"synonyms: []\ncommon: [no]", "write synonyms"),
    ],
)
def test_a_mistake_is_told_to_its_author(tmp_path, text, message):
    (tmp_path / FILE).write_bytes(text)
    with pytest.raises(SynonymsError, match=message):
        read_synonyms(tmp_path)
