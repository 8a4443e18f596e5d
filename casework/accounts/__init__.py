"""People who sign in, what they are, and where they are signed in."""
