"""Pages that gather several features: home by role, a household's case file."""
