"""P2K2 meetings: who was there, what was taught, how it was understood."""
