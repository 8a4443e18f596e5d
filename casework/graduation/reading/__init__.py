"""Reading the file in which the ministry's outcomes come back; pure."""
