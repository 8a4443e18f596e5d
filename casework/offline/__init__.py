"""What phones recorded without signal: taken as commands, each answered once and for good."""
