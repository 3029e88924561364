"""Addresses of funds."""

from django.urls import path

from quipu.desk.funds import views, years

urlpatterns = [
    path("", views.show, name="funds"),
    path("/new", views.new, name="new_fund"),
    path("/<str:code>", views.fund, name="fund"),
    path("/<str:code>/edit", views.edit, name="edit_fund"),
    path("/<str:code>/status", years.change_status, name="fund_status"),
    path("/<str:code>/reopen-year", years.reopen, name="reopen_year"),
    path("/<str:code>/windows/new", views.new_window, name="new_window"),
    path("/<str:code>/windows/<path:window>", views.window, name="window"),
    path("/<str:code>/agreements/new", views.new_agreement, name="new_agreement"),
    path("/<str:code>/agreements/<path:agreement>", views.agreement, name="agreement"),
    path("/<str:code>/memoranda/new", views.new_memorandum, name="new_memorandum"),
    path("/<str:code>/memoranda/<path:organization>", views.memorandum, name="memorandum"),
]
