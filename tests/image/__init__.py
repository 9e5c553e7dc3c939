"""The container image, built from the Dockerfile and run: `make image-test` prints one line for each check."""
