"""Addresses of letters."""

from django.urls import path

from quipu.desk.letters import views

urlpatterns = [
    path("", views.show, name="letters"),
    path("/<str:code>", views.letter, name="letter"),
    path("/<str:code>/take", views.take, name="take_letter"),
    path("/<str:code>/hand", views.hand_over, name="hand_letter"),
    path("/<str:code>/forward", views.forward, name="forward_letter"),
    path("/<str:code>/answer", views.answer, name="answer_letter"),
    path("/<str:code>/close", views.close, name="close_letter"),
]
