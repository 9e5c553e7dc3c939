"""Build the container image from the Dockerfile and run it: `make image-test` prints one line per check."""
