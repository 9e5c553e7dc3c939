from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = _("Candidacy inquiries")

    def ready(self) -> None:
        from screening import checks, readiness  # noqa: F401 (register checks)
        from screening.desk import admin  # noqa: F401 (registers the desk)
        from screening.privacy.key_check import write_row
        from screening.privacy.vacuum import exclude_from_statistics

        if settings.METRICS:
            from crc_site.observability.metrics import register_collector
            from screening.metrics import SiteFigures

            register_collector(SiteFigures())
        post_migrate.connect(exclude_from_statistics, sender=self)
        post_migrate.connect(write_row, sender=self)
