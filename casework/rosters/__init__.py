"""Payment rosters in (check, apply) and household rosters out."""
