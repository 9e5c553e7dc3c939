"""The reference for writing: Django with a single view that commits one row to the site's database."""
