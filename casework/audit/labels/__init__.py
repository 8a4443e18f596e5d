"""What the trail says, in words."""

from casework.audit.labels.acts import TAGS
from casework.audit.labels.keys import KEYS
from casework.audit.labels.values import VALUES

__all__ = ["KEYS", "TAGS", "VALUES"]
