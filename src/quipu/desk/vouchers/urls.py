"""Addresses of vouchers: the list, drafts by their keys, what was posted by its position in the chain."""

from django.urls import path

from quipu.desk.vouchers import views

urlpatterns = [
    path("", views.show, name="vouchers"),
    path("/unidentified", views.unknown, name="unidentified"),
    path("/new", views.begin, name="draft_begin"),
    path("/new/<str:kind>", views.new, name="draft_new"),
    path("/workbook", views.many, name="draft_workbook"),
    path("/workbook/template", views.template, name="draft_template"),
    path("/workbook/apply", views.many_apply, name="draft_workbook_apply"),
    path("/check", views.check, name="draft_check"),
    path("/draft/<str:key>", views.draft, name="draft"),
    path("/draft/<str:key>/change", views.change, name="draft_change"),
    path("/draft/<str:key>/submit", views.submit, name="draft_submit"),
    path("/draft/<str:key>/take-back", views.take_back, name="draft_take_back"),
    path("/draft/<str:key>/discard", views.discard, name="draft_discard"),
    path("/draft/<str:key>/send-back", views.send_back, name="draft_send_back"),
    path("/draft/<str:key>/approve", views.approve, name="draft_approve"),
    path("/draft/<str:key>/file", views.enclosure, name="draft_file"),
    path("/posted/<int:position>", views.posted, name="posted"),
    path("/posted/<int:position>/file", views.attachment, name="posted_file"),
    path("/posted/<int:position>/print", views.printed, name="posted_print"),
]
