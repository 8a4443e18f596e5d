"""Who may do what, as one page; pure."""
