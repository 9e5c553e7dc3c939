"""The site's promises, tested on real processes: `make drills` prints each figure and its target."""
