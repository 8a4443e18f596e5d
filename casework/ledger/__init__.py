"""What has been counted: append-only entries, and the tally that sums them."""
