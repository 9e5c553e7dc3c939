from django.core.management.base import BaseCommand

from screening.inquiries import records
from screening.questionnaire import drafts


class Command(BaseCommand):
    help = "Erases what its time is over for: drafts after 24 hours, inquiries RETENTION_DAYS after the last contact."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"Drafts erased: {drafts.erase_expired()}. Inquiries erased: {records.purge()}.")
