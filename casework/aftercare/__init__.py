"""The time after graduation: follow-up visits, and whether a family is slipping back."""
