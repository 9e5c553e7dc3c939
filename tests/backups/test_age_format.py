import subprocess
from io import BytesIO

import pytest
from pyrage.x25519 import Identity

from screening.backups.age_format import Damaged, NoIdentity, WrongIdentity, decrypt, encrypt, read_identities

OURS, SECOND, FOREIGN = Identity.generate(), Identity.generate(), Identity.generate()
CHUNK = 64 * 1024  # bytes of plaintext per age chunk
CONTENT = b"a" * CHUNK + b"b" * CHUNK + b"canary" * 99


def encrypted(content: bytes, *identities: Identity) -> bytes:
    file = BytesIO()
    encrypt([content], file, [str(one.to_public()) for one in identities or (OURS,)])
    return file.getvalue()


def decrypted(file: bytes, *identities: Identity) -> bytes:
    return b"".join(decrypt(BytesIO(file), list(identities or (OURS,))))


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 40 * CHUNK + 7])
def test_content_of_any_length_comes_back(length):
    content = (bytes(range(256)) * (length // 256 + 1))[:length]
    assert decrypted(encrypted(content)) == content


def test_parts_of_any_size_make_the_same_content():
    parts, file = [b"a" * 10, b"", b"b" * (CHUNK + 5), b"c" * (30 * CHUNK)], BytesIO()
    encrypt(iter(parts), file, [str(OURS.to_public())])
    assert decrypted(file.getvalue()) == b"".join(parts)


def test_every_recipient_opens_it_and_nobody_else():
    file = encrypted(CONTENT, OURS, SECOND)
    assert b"canary" not in file
    assert decrypted(file, OURS) == decrypted(file, FOREIGN, SECOND) == CONTENT
    with pytest.raises(WrongIdentity):
        decrypted(file, FOREIGN)


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file[:-1],
        lambda file: file[: -CHUNK // 2],
        lambda file: file[:-610],  # the last chunk is 594 bytes plus a 16-byte tag
        lambda file: file + b"x",
        lambda file: file[:9000] + bytes([file[9000] ^ 1]) + file[9001:],
    ],
    ids=["last byte cut", "chunk cut through", "last chunk cut off", "byte added", "byte changed"],
)
def test_what_was_changed_cut_or_added_is_noticed(harm):
    with pytest.raises(Damaged):
        decrypted(harm(encrypted(CONTENT)))


def test_what_its_source_raises_is_raised():
    def breaks():
        yield b"the beginning"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        encrypt(breaks(), BytesIO(), [str(OURS.to_public())])


@pytest.mark.slow
def test_a_reader_who_stops_early_leaves_no_thread_waiting():
    parts = decrypt(BytesIO(encrypted(bytes(200 * CHUNK))), [OURS])
    assert next(parts)
    parts.close()


def test_a_header_that_is_cut_is_refused():
    with pytest.raises(WrongIdentity):
        decrypted(encrypted(CONTENT)[:100])


def test_an_identity_file_is_as_age_keygen_writes_it(tmp_path):
    path = tmp_path / "identity.txt"
    for text in ("", "# a comment\n", "a diary\n", str(OURS.to_public())):
        path.write_text(text)
        with pytest.raises(NoIdentity):
            read_identities(path)
    with pytest.raises(NoIdentity):
        read_identities(tmp_path / "not there")
    path.write_text(f"# created: 2026-11-27\n# public key: {OURS.to_public()}\n{OURS}\n{SECOND}\n")
    assert [str(one) for one in read_identities(path)] == [str(OURS), str(SECOND)]


@pytest.mark.age
def test_the_program_age_makes_the_keys_and_opens_the_file(tmp_path):
    identity, file = tmp_path / "identity.txt", tmp_path / "content.age"
    subprocess.run(["age-keygen", "--output", identity], check=True, capture_output=True)
    (one,) = read_identities(identity)
    file.write_bytes(encrypted(CONTENT, one))
    done = subprocess.run(["age", "--decrypt", "--identity", identity, file], check=True, capture_output=True)
    assert done.stdout == CONTENT
