"""Addresses of registers."""

from django.urls import path

from quipu.desk.registers import indicators, many, resources, rows, schemas, views

urlpatterns = [
    path("", views.show, name="registers"),
    path("/of/<str:code>", views.programme, name="registers_of"),
    path("/of/<str:code>/new", views.new, name="new_register"),
    path("/indicator/<str:code>", indicators.show, name="register_indicator"),
    path("/indicator/<str:code>/define", indicators.define, name="define_count"),
    path("/indicator/<str:code>/take", indicators.take, name="take_count"),
    path("/resources/<str:code>", resources.show, name="register_resources"),
    path("/resources/<str:code>/new", resources.new, name="new_resource"),
    path("/resource/<int:number>", resources.change, name="change_resource"),
    path("/resource/<int:number>/withdraw", resources.withdraw, name="withdraw_resource"),
    path("/list/<str:code>", views.register, name="register"),
    path("/list/<str:code>/edit", views.edit, name="edit_register"),
    path("/list/<str:code>/end", views.end, name="end_register"),
    path("/list/<str:code>/read", views.door, name="register_door"),
    path("/list/<str:code>/fields", schemas.show, name="register_schema"),
    path("/list/<str:code>/fields/<str:key>", schemas.change, name="register_field"),
    path("/list/<str:code>/fields/<str:key>/remove", schemas.remove, name="remove_register_field"),
    path("/list/<str:code>/workbook", many.show, name="register_workbook"),
    path("/list/<str:code>/workbook/template", many.template, name="register_template"),
    path("/list/<str:code>/workbook/apply", many.apply, name="apply_register_workbook"),
    path("/list/<str:code>/new", rows.new, name="new_row"),
    path("/list/<str:code>/<int:number>", rows.show, name="register_row"),
    path("/list/<str:code>/<int:number>/amend", rows.change, name="amend_row"),
    path("/list/<str:code>/<int:number>/withdraw", rows.withdraw, name="withdraw_row"),
    path("/list/<str:code>/<int:number>/consent", rows.agree, name="give_consent"),
    path("/list/<str:code>/<int:number>/consent/withdraw", rows.disagree, name="withdraw_consent"),
]
