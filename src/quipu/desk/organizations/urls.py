"""Addresses of organizations."""

from django.urls import path

from quipu.desk.organizations import views

urlpatterns = [
    path("", views.show, name="organizations"),
    path("/new", views.new, name="new_organization"),
    path("/pairs", views.pairs, name="organization_pairs"),
    path("/merger/<int:number>/undo", views.undo, name="undo_merger"),
    path("/different/<path:first>/and/<path:second>", views.different, name="put_aside"),
    path("/edit/<path:code>", views.edit, name="edit_organization"),
    path("/merge/<path:code>", views.merge, name="merge_organization"),
    path("/of/<path:code>", views.organization, name="organization"),
]
