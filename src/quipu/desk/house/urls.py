"""Addresses of the house."""

from django.urls import path

from quipu.desk.house import views

urlpatterns = [
    path("", views.show, name="house"),
    path("/verify", views.verify, name="verify_now"),
    path("/mails", views.settle, name="settle_mails"),
    path("/job/<uuid:job>/again", views.run_again, name="run_again"),
]
