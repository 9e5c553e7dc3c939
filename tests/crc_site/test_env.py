import re

import pytest

from crc_site import env, env_parsers

SECRET = "the-value-nobody-may-see"


def number(name, default=env._REQUIRED):
    return env.whole_number(name, default, maximum=30)


def key(name, default=env._REQUIRED):
    return env.read(name, env_parsers.fernet_keys, "one or more Fernet keys", default)


READERS = [env.text, env.flag, number, key]
STRICT = [env.flag, number, key]


def refusal(reader, *arguments) -> str:
    """The message with which a value is rejected."""
    with pytest.raises(env.ImproperEnvironment) as refused:
        reader("CRC_TEST", *arguments)
    assert isinstance(refused.value, SystemExit)
    return refused.value.code


def is_one_sentence(text: str) -> bool:
    return len(re.findall(r"[.!?](?:\s|$)", text)) == 1 and "\n" not in text


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_missing_or_empty_value_is_refused_in_one_sentence(monkeypatch, reader, value):
    if value is None:
        monkeypatch.delenv("CRC_TEST", raising=False)
    else:
        monkeypatch.setenv("CRC_TEST", value)
    sentence = refusal(reader)
    assert sentence.startswith("CRC_TEST is missing: ")
    assert "CRC_TEST_FILE" in sentence
    assert is_one_sentence(sentence)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("default", [False, 7, [], None])
def test_an_empty_value_leaves_the_default(monkeypatch, reader, default):
    monkeypatch.setenv("CRC_TEST", "")
    assert reader("CRC_TEST", default) == default


@pytest.mark.parametrize("reader", STRICT)
def test_a_malformed_value_is_refused_without_being_shown(monkeypatch, reader):
    monkeypatch.setenv("CRC_TEST", SECRET)
    sentence = refusal(reader)
    assert sentence.startswith("CRC_TEST must be ")
    assert SECRET not in sentence
    assert is_one_sentence(sentence)


@pytest.mark.parametrize("reader", STRICT)
def test_no_exception_behind_the_refusal_carries_the_value(monkeypatch, reader):
    monkeypatch.setenv("CRC_TEST", SECRET)
    with pytest.raises(env.ImproperEnvironment) as refused:
        reader("CRC_TEST")
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"  {SECRET}\n")
    monkeypatch.setenv("CRC_TEST", "another")
    monkeypatch.setenv("CRC_TEST_FILE", str(file))
    assert env.text("CRC_TEST") == SECRET


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["no such file", "not text"])
def test_a_file_that_cannot_be_read_is_refused_by_name(monkeypatch, tmp_path, content):
    file = tmp_path / SECRET
    if content:
        file.write_bytes(content)
    monkeypatch.setenv("CRC_TEST_FILE", str(file))
    sentence = refusal(env.text)
    assert sentence == "CRC_TEST_FILE names a file that cannot be read as text."


def test_an_empty_file_counts_as_unset(monkeypatch, tmp_path):
    file = tmp_path / "empty"
    file.write_text("\n")
    monkeypatch.setenv("CRC_TEST_FILE", str(file))
    assert refusal(env.text).startswith("CRC_TEST is missing")
    assert env.text("CRC_TEST", "default") == "default"


def test_an_empty_file_name_counts_as_unset(monkeypatch):
    monkeypatch.setenv("CRC_TEST", "value")
    monkeypatch.setenv("CRC_TEST_FILE", "")
    assert env.text("CRC_TEST") == "value"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("on", True),
        ("True", True),
        ("YES", True),
        ("1", True),
        ("off", False),
        ("false", False),
        ("No", False),
        ("0", False),
    ],
)
def test_a_flag_is_on_or_off(monkeypatch, value, read):
    monkeypatch.setenv("CRC_TEST", value)
    assert env.flag("CRC_TEST") is read


@pytest.mark.parametrize("value", ["yess", "2", "enabled", "None"])
def test_a_misspelt_flag_is_not_taken_for_off(monkeypatch, value):
    monkeypatch.setenv("CRC_TEST", value)
    assert "on or off" in refusal(env.flag)


@pytest.mark.parametrize("value", ["0", "31", "-1", "3.5", "three", "1e1", "0x1"])
def test_a_number_outside_its_bounds_is_refused(monkeypatch, value):
    monkeypatch.setenv("CRC_TEST", value)
    assert "a whole number from 1 to 30" in refusal(number)


@pytest.mark.parametrize(("value", "read"), [("1", 1), ("30", 30), (" 7 ", 7)])
def test_a_number_within_its_bounds_is_read(monkeypatch, value, read):
    monkeypatch.setenv("CRC_TEST", value)
    assert number("CRC_TEST") == read
