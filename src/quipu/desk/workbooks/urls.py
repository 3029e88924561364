"""Addresses of workbooks of returns: the files that were sent, each run by its code, columns of other shapes, practice."""

from django.urls import path

from quipu.desk.workbooks import mappings, practice, views

urlpatterns = [
    path("", views.show, name="workbooks"),
    path("/template", views.template, name="return_template"),
    path("/send", views.send, name="send_workbook"),
    path("/practice", practice.show, name="practice"),
    path("/practice/workbook", practice.workbook, name="practice_workbook"),
    path("/run/<str:code>", views.run, name="run"),
    path("/run/<str:code>/apply", views.apply, name="apply_run"),
    path("/run/<str:code>/again", views.again, name="check_run"),
    path("/run/<str:code>/file", views.file, name="run_file"),
    path("/run/<str:code>/remarks", views.remarks, name="run_remarks"),
    path("/run/<str:code>/columns", mappings.columns, name="run_columns"),
    path("/columns/<int:number>/end", mappings.end, name="end_mapping"),
]
