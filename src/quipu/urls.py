"""All addresses: the desk's under /desk, everything else is the gateway's."""

from django.urls import include, path

urlpatterns = [
    path("desk", include("quipu.desk.urls")),
    path("", include("quipu.portal.urls")),
]
handler404 = "quipu.desk.troubles.not_found"
handler500 = "quipu.desk.troubles.broken"
