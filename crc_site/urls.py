"""All URLs. Pages for patients have a language prefix, except in English; the desk has none."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from content.imaging.photographs import photograph
from content.seo.sitemaps import PublicPages
from content.views import robots
from crc_site.security_txt import security_txt
from screening.questionnaire.views import questionnaire_fhir

handler400 = "crc_site.error_pages.bad_request"
handler403 = "crc_site.error_pages.forbidden"
handler404 = "crc_site.error_pages.not_found"
handler500 = "crc_site.error_pages.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("staff/", include("screening.accounts.urls")),
    path("staff/", include("screening.desk.urls")),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PublicPages}}, name="sitemap"),
    path("photographs/<str:name>-<int:width>.webp", photograph, name="photograph"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("candidacy/questionnaire.json", questionnaire_fhir, name="questionnaire-fhir"),
    *i18n_patterns(
        path("candidacy/", include("screening.urls")),
        path("", include("content.urls")),
        prefix_default_language=False,
    ),
]
