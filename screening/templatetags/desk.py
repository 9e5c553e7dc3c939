"""Words of the desk that templates need beside those that a page hands them."""

from django import template

from screening.desk import labels

register = template.Library()
register.filter("name_of", labels.staff_name)
