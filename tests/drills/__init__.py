"""What the site promises, tried on real processes: `make drills` prints each figure beside its target."""
