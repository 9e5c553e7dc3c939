"""`python -m crc_site.generate_keys` prints new keys as shell lines. Data cannot be decrypted without them."""

import secrets
import sys

from cryptography.fernet import Fernet


def main() -> None:
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "INDEX_KEY": secrets.token_urlsafe(50),
    }
    # Keys already set in the environment are kept.
    sys.stdout.writelines(f'export {name}="${{{name}:-{key}}}"\n' for name, key in keys.items())


if __name__ == "__main__":
    main()
