"""Addresses of the year's end."""

from django.urls import path

from quipu.desk.years import console, dispensations, reports

urlpatterns = [
    path("", console.latest, name="years"),
    path("/<int:year>", console.show, name="year"),
    path("/<int:year>/table.<str:form>", console.file, name="year_file"),
    path("/<int:year>/owed", console.owed, name="owed"),
    path("/<int:year>/remind", console.remind, name="remind_many"),
    path("/<int:year>/close/<str:fund>", console.close, name="close_with"),
    path("/dispensations", dispensations.listed, name="dispensations"),
    path("/<int:year>/ask/<str:fund>/<str:organization>/<str:duty>", dispensations.ask, name="ask_dispensation"),
    path("/dispensations/<int:number>", dispensations.show, name="dispensation"),
    path("/dispensations/<int:number>/decide", dispensations.decide, name="decide_dispensation"),
    path("/dispensations/<int:number>/withdraw", dispensations.withdraw, name="withdraw_dispensation"),
    path("/<int:year>/reports", reports.listed, name="reports"),
    path("/<int:year>/reports/begin", reports.begin, name="begin_report"),
    path("/reports/<int:number>", reports.show, name="report"),
    path("/reports/<int:number>/narrative/<str:language>", reports.narrative, name="report_narrative"),
    path("/reports/<int:number>/sign", reports.sign, name="sign_report"),
    path("/reports/<int:number>/file.<str:form>", reports.file, name="report_file"),
    path("/reports/<int:number>/publish", reports.publish, name="publish_report"),
    path("/reports/<int:number>/tell", reports.tell, name="tell_contributors"),
    path("/reports/<int:number>/for/<str:organization>", reports.for_contributor, name="report_for"),
    path(
        "/reports/<int:number>/for/<str:organization>/file.<str:form>", reports.contributor_file, name="report_for_file"
    ),
]
