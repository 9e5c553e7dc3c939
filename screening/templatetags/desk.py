"""Template filters of the desk."""

from django import template

from screening.desk import labels

register = template.Library()
register.filter("name_of", labels.staff_name)
