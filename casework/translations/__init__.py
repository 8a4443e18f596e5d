"""What the screens say in Indonesian: one catalogue per feature, merged and compiled."""
