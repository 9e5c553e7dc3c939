"""`python -m crc_site.generate_keys` prints fresh keys as shell lines. Keep them: what they seal, only they open."""

import secrets
import sys

from cryptography.fernet import Fernet


def main() -> None:
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "INDEX_KEY": secrets.token_urlsafe(50),
    }
    # A key that the environment already holds stays.
    sys.stdout.writelines(f'export {name}="${{{name}:-{key}}}"\n' for name, key in keys.items())


if __name__ == "__main__":
    main()
