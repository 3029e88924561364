"""Addresses of people and mandates."""

from django.urls import path

from quipu.desk.people import views

urlpatterns = [
    path("", views.show, name="people"),
    path("/log", views.log, name="people_log"),
    path("/invite", views.invite, name="invite"),
    path("/invitation/<int:number>/withdraw", views.withdraw_invitation, name="withdraw_invitation"),
    path("/accept/<str:word>", views.accept, name="accept"),
    path("/mandate/<int:number>/confirm", views.confirm, name="confirm_mandate"),
    path("/mandate/<int:number>/withdraw", views.withdraw, name="withdraw_mandate"),
    path("/<str:code>", views.person, name="person"),
    path("/<str:code>/leave", views.leave, name="leave"),
]
