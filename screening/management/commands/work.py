from django.core.management.base import BaseCommand

from screening.inquiries.worker import Worker


class Command(BaseCommand):
    help = "Sends the letters that are due and erases expired drafts, until SIGTERM. Several may run at once."

    def handle(self, *args, **options) -> None:
        Worker().run()
