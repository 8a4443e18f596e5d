"""What is taught in the P2K2 meetings: modules and lessons, from a versioned data file."""
