"""Addresses of monitoring."""

from django.urls import path

from quipu.desk.monitoring import lessons, narratives, reviews, risks, views

urlpatterns = [
    path("", views.show, name="monitoring"),
    path("/project/<str:code>", views.programme, name="monitored"),
    path("/project/<str:code>/narratives/new", narratives.begin, name="begin_yearly"),
    path("/narrative/<str:code>", narratives.show, name="yearly"),
    path("/narrative/<str:code>/pdf", narratives.pdf, name="yearly_pdf"),
    path("/narrative/<str:code>/part/<str:part>/<str:language>", narratives.write, name="write_yearly"),
    path("/narrative/<str:code>/hand/<str:act>", narratives.hand, name="hand_yearly"),
    path("/narrative/<str:code>/decide/<str:act>", narratives.decide, name="decide_yearly"),
    path("/project/<str:code>/reviews/new", reviews.new, name="new_review"),
    path("/review/<str:code>", reviews.show, name="review"),
    path("/review/<str:code>/edit", reviews.edit, name="edit_review"),
    path("/review/<str:code>/recommendations/new", reviews.new_recommendation, name="new_recommendation"),
    path("/recommendation/<str:code>/edit", reviews.edit_recommendation, name="edit_recommendation"),
    path("/recommendation/<str:code>/respond", reviews.respond, name="respond"),
    path("/recommendation/<str:code>/actions/new", reviews.new_action, name="new_action"),
    path("/action/<str:code>", reviews.move, name="action"),
    path("/action/<str:code>/edit", reviews.edit_action, name="edit_action"),
    path("/project/<str:code>/risks/new", risks.new, name="new_risk"),
    path("/risk/<str:code>", risks.show, name="risk"),
    path("/risk/<str:code>/edit", risks.edit, name="edit_risk"),
    path("/project/<str:code>/lessons/new", lessons.new, name="new_lesson"),
    path("/lesson/<str:code>", lessons.show, name="lesson"),
    path("/lesson/<str:code>/edit", lessons.edit, name="edit_lesson"),
    path("/lesson/<str:code>/hand/<str:act>", lessons.hand, name="submit_lesson"),
    path("/lesson/<str:code>/decide/<str:act>", lessons.decide, name="decide_lesson"),
]
