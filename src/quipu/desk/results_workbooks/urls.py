"""Addresses of workbooks of readings: of which period, the files that were sent, each run by its code."""

from django.urls import path

from quipu.desk.results_workbooks import views

urlpatterns = [
    path("", views.show, name="results_workbooks"),
    path("/template", views.template, name="readings_template"),
    path("/send", views.send, name="send_readings"),
    path("/run/<str:code>", views.run, name="readings_run"),
    path("/run/<str:code>/apply", views.apply, name="apply_readings_run"),
    path("/run/<str:code>/again", views.again, name="check_readings_run"),
    path("/run/<str:code>/submit", views.submit, name="submit_readings_run"),
    path("/run/<str:code>/file", views.file, name="readings_run_file"),
    path("/run/<str:code>/remarks", views.remarks, name="readings_run_remarks"),
]
