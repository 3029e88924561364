"""Addresses of programmes."""

from django.urls import path

from quipu.desk.programmes import contacts, narratives, records, views

urlpatterns = [
    path("", views.show, name="programmes"),
    path("/narrative/<str:kind>/<str:code>", narratives.show, name="narrative"),
    path("/narrative/<str:kind>/<str:code>/<str:section>/<str:language>", narratives.write, name="section"),
    path(
        "/narrative/<str:kind>/<str:code>/<str:section>/<str:language>/preview",
        narratives.preview,
        name="section_preview",
    ),
    path("/project/new", records.new, name="new_project"),
    path("/project/<str:code>", views.project, name="project"),
    path("/project/<str:code>/edit", records.edit, name="edit_project"),
    path("/project/<str:code>/status", records.change_status, name="project_status"),
    path("/project/<str:code>/extend", records.extend, name="extend_project"),
    path("/project/<str:code>/participants/new", records.new_participation, name="new_participation"),
    path(
        "/project/<str:code>/participants/<path:organization>/status",
        records.change_participation,
        name="participation_status",
    ),
    path(
        "/project/<str:code>/participants/<path:organization>/remove",
        records.remove_participation,
        name="end_participation",
    ),
    path("/project/<str:code>/participants/<path:organization>", records.participation, name="participation"),
    path("/contacts/<str:kind>/<str:code>", contacts.show, name="contacts"),
    path("/contacts/<str:kind>/<str:code>/new", contacts.new, name="new_contact"),
    path("/contact/<int:number>", contacts.edit, name="contact"),
    path("/contact/<int:number>/end", contacts.end, name="end_contact"),
    path("/shown/<int:number>", contacts.shown, name="shown"),
    path("/release/<int:number>", narratives.release, name="release_section"),
]
