"""Addresses of returns: the list, what is done with many, one return by its code, its sheet, its steps, its conversation."""

from django.urls import path

from quipu.desk.returns import leading, talking, views, writing

urlpatterns = [
    path("", views.show, name="returns"),
    path("/begin", views.begin, name="return_begin"),
    path("/nothing-spent", views.nothing, name="return_nothing"),
    path("/rules", views.rules, name="return_rules"),
    path("/certify", leading.certify, name="return_certify"),
    path("/certify/statement", leading.attach, name="return_attach"),
    path("/<str:code>", views.one, name="return"),
    path("/<str:code>/change", writing.change, name="return_change"),
    path("/<str:code>/account", writing.account, name="return_account"),
    path("/<str:code>/signed/<int:number>", views.signed, name="return_signed"),
    path("/<str:code>/statement", views.attached, name="return_attached"),
    path("/<str:code>/comment", talking.comment, name="return_comment"),
    path("/<str:code>/comment/<int:number>/settle", talking.settle, name="return_settle"),
    path("/<str:code>/waive", talking.waive, name="return_waive"),
    path("/<str:code>/waive/<int:number>/withdraw", talking.unwaive, name="return_unwaive"),
    *(
        path(f"/<str:code>/{slug}", view, name=f"return_{slug.replace('-', '_')}")
        for slug, view in leading.STEPS.items()
    ),
]
