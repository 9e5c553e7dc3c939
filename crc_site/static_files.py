"""Static files as they are served: hashed names, style sheets without comments and spaces, compressed copies."""

from typing import IO, Any

import rcssmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class MinifiedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def _save(self, name: str, content: IO[Any]) -> str:
        """Called for the file and for its copy with a hashed name."""
        if name.endswith(".css"):
            content.seek(0)  # it has been read for its hash
            content = ContentFile(rcssmin.cssmin(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved
