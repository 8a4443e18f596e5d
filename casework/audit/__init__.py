"""The trail: who did what, when, to which row; written with the change, never altered."""
