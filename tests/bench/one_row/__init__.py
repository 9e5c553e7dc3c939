"""The yardstick of writing: Django with nothing but one view that commits one row to the site's own database."""
