"""Addresses of documents."""

from django.urls import path

from quipu.desk.documents import views

urlpatterns = [
    path("", views.listed, name="documents"),
    path("/hand-in", views.hand_in, name="hand_in_documents"),
    path("/<str:code>", views.show, name="document"),
    path("/<str:code>/edit", views.edit, name="edit_document"),
    path("/<str:code>/replace", views.replace, name="replace_document"),
    path("/<str:code>/publish", views.publish, name="publish_document"),
    path("/<str:code>/release", views.release, name="release_document"),
    path("/<str:code>/withdraw", views.withdraw, name="withdraw_document"),
    path("/<str:code>/throw-away", views.throw_away, name="throw_away_document"),
    path("/<str:code>/scan", views.scan, name="scan_document"),
    path("/<str:code>/file/<int:number>", views.file, name="document_file"),
]
