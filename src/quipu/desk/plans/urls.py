"""Addresses of work plans: of a programme, its years, quarters and an organization's lines; and of requests for transfers."""

from django.urls import path

from quipu.desk.plans import lines, requests, views

urlpatterns = [
    path("", views.show, name="plans"),
    path("/requests", requests.show, name="transfer_requests"),
    path("/requests/<str:code>", requests.one, name="transfer_request"),
    path("/requests/<str:code>/change", requests.change, name="change_transfer_request"),
    path("/requests/<str:code>/sign", requests.sign, name="sign_transfer_request"),
    path("/requests/<str:code>/receive", requests.receive, name="receive_transfer_request"),
    path("/requests/<str:code>/return", requests.give_back, name="return_transfer_request"),
    path("/requests/<str:code>/mend", requests.mend, name="mend_transfer_request"),
    path("/requests/<str:code>/withdraw", requests.withdraw, name="withdraw_transfer_request"),
    path("/requests/<str:code>/draft", requests.draft, name="draft_transfer_request"),
    path("/piece/<str:code>", views.work, name="work"),
    path("/piece/<str:code>/end", views.end_work, name="end_work"),
    path("/<str:project>", views.plan, name="plan"),
    path("/<str:project>/new", views.new_work, name="new_work"),
    path("/<str:project>/approve", views.approve_plan, name="approve_plan"),
    path("/<str:project>/versions", views.versions, name="plan_versions"),
    path("/<str:project>/outputs", views.by_outputs, name="plan_outputs"),
    path("/<str:project>/ask", requests.new, name="new_transfer_request"),
    path("/<str:project>/tranches", requests.tranches, name="tranches"),
    path("/<str:project>/tranches/new", requests.new_tranche, name="new_tranche"),
    path("/<str:project>/tranches/<int:number>", requests.tranche, name="tranche"),
    path("/<str:project>/quarter/<str:quarter>", views.quarter, name="plan_quarter"),
    path("/<str:project>/quarter/<str:quarter>/close", views.close_quarter, name="close_quarter"),
    path("/<str:project>/quarter/<str:quarter>/open", views.open_quarter, name="open_quarter"),
    path("/<str:project>/lines/<str:organization>/<str:quarter>", lines.lines, name="plan_lines"),
    path("/<str:project>/lines/<str:organization>/<str:quarter>/workbook", lines.by_workbook, name="plan_workbook"),
    path(
        "/<str:project>/lines/<str:organization>/<str:quarter>/workbook/template", lines.template, name="plan_template"
    ),
    path(
        "/<str:project>/lines/<str:organization>/<str:quarter>/workbook/apply",
        lines.apply_workbook,
        name="apply_plan_workbook",
    ),
]
