"""Addresses of publishing."""

from django.urls import path, re_path

from quipu.desk.editions import preview, publishing, quality, takedown

urlpatterns = [
    path("/editions", publishing.editions, name="editions"),
    path("/editions/publish", publishing.publish, name="publish_now"),
    path("/editions/quality", quality.show, name="quality"),
    path("/editions/quality/asked", quality.asked, name="quality_asked"),
    path("/editions/quality/<slug:code>", quality.answer, name="quality_answer"),
    path("/editions/takedowns", takedown.show, name="takedowns"),
    path("/previews", preview.listed, name="previews"),
    re_path(r"^/preview/(?P<name>[0-9a-f]{12})(?P<rest>/.*)?$", preview.show, name="preview"),
]
