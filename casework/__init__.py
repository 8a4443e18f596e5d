"""Case management for the facilitators of PKH."""
