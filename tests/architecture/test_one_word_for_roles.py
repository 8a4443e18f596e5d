"""A role has one name on the screens, in English too."""

from __future__ import annotations

from casework.translations.catalogue import merge, texts_of
from tests.architecture.test_glossary import forbidden, uses


def test_an_administrator_is_called_so_and_not_otherwise() -> None:
    assert forbidden()["admin"] == "Administrator"
    for message in merge("id").catalog:
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else " ".join(message.id)
        translated = " ".join(texts_of(message))
        assert not uses(source, "admin"), source
        assert uses(source, "administrator") == uses(translated, "administrator"), source
