"""`python -m casework.translations`: compile the catalogues."""

from __future__ import annotations

import sys

from casework.translations.catalogue import CatalogueError, compile_all

try:
    count = compile_all()
except CatalogueError as error:
    sys.exit(f"The translations were not compiled:\n{error}")
sys.stdout.write(f"{count} translations compiled.\n")
