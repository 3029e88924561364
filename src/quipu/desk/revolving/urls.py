"""Addresses of community funds."""

from django.urls import path

from quipu.desk.revolving import views

urlpatterns = [
    path("", views.show, name="revolving"),
    path("/programme/<str:code>", views.programme, name="revolving_programme"),
    path("/programme/<str:code>/new", views.new, name="revolving_new"),
    path("/fund/<str:code>", views.community, name="revolving_fund"),
    path("/fund/<str:code>/edit", views.edit, name="revolving_edit"),
    path("/fund/<str:code>/capital", views.capital, name="revolving_capital"),
    path("/fund/<str:code>/cost", views.cost, name="revolving_cost"),
    path("/fund/<str:code>/lend", views.lend, name="revolving_lend"),
    path("/fund/<str:code>/collect", views.collect, name="revolving_collect"),
    path("/fund/<str:code>/cashbook", views.book, name="revolving_cashbook"),
    path("/fund/<str:code>/loan/<int:number>", views.loan, name="revolving_loan"),
    path("/fund/<str:code>/loan/<int:number>/edit", views.edit_loan, name="revolving_edit_loan"),
    path("/fund/<str:code>/loan/<int:number>/pay", views.pay, name="revolving_pay"),
    path("/fund/<str:code>/loan/<int:number>/split", views.split, name="revolving_split"),
    path("/fund/<str:code>/loan/<int:number>/write-off", views.write_off, name="revolving_write_off"),
    path("/fund/<str:code>/take-back/<path:key>", views.take_back, name="revolving_take_back"),
]
