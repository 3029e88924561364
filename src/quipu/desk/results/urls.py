"""Addresses of results: the list, a programme's framework, an indicator, a reading and its steps, periods, lists, measures."""

from django.urls import path

from quipu.desk.results import keeping, measures, periods, phone, readings, views

OF = "/programme/<str:code>"
urlpatterns = [
    path("", views.show, name="results"),
    path("/approve", readings.approve, name="approve_readings"),
    path("/measures", measures.show, name="measures"),
    path("/measures/new", measures.new, name="new_measure"),
    path("/measures/<str:code>", measures.one, name="measure"),
    path("/measures/<str:code>/edit", measures.edit, name="edit_measure"),
    path("/measures/<str:code>/end", measures.end, name="end_measure"),
    path(OF, views.framework, name="framework"),
    path(f"{OF}/changes", views.changes, name="framework_changes"),
    path(f"{OF}/outcome", keeping.new_outcome, name="new_outcome"),
    path(f"{OF}/indicator", keeping.new_indicator, name="new_indicator"),
    path(f"{OF}/periods", periods.cycles, name="cycles"),
    path(f"{OF}/periods/new", periods.new_cycle, name="new_cycle"),
    path("/period/<int:number>/lock", periods.lock, name="lock_cycle"),
    path("/period/<int:number>/open", periods.unlock, name="open_cycle"),
    path(f"{OF}/lists", periods.lists, name="lists"),
    path(f"{OF}/lists/new", periods.new_list, name="new_list"),
    path(f"{OF}/lists/<str:name>", periods.edit_list, name="edit_list"),
    path(f"{OF}/beneficiaries", periods.beneficiaries, name="beneficiaries"),
    path(f"{OF}/beneficiaries/keep", periods.keep_beneficiaries, name="keep_beneficiaries"),
    path("/outcome/<str:code>", keeping.edit_outcome, name="edit_outcome"),
    path("/outcome/<str:code>/output", keeping.new_output, name="new_output"),
    path("/output/<str:code>", keeping.edit_output, name="edit_output"),
    path("/end/<str:kind>/<str:code>", keeping.end, name="end_result"),
    path("/indicator/<str:code>", readings.indicator, name="indicator"),
    path("/indicator/<str:code>/edit", keeping.edit_indicator, name="edit_indicator"),
    path("/indicator/<str:code>/target", keeping.set_target, name="set_target"),
    path("/indicator/<str:code>/reading", readings.new, name="new_reading"),
    path("/indicator/<str:code>/check", readings.check, name="check_reading"),
    path("/read/<str:code>", phone.read, name="read_by_phone"),
    path("/read/<str:code>/<str:reading>", phone.done, name="read_by_phone_done"),
    path("/reading/<str:code>", readings.one, name="reading"),
    path("/reading/<str:code>/change", readings.change, name="change_reading"),
    path("/reading/<str:code>/choose", readings.choose, name="choose_reading"),
    *(
        path(f"/reading/<str:code>/{slug}", view, name=f"reading_{slug.replace('-', '_')}")
        for slug, view in readings.STEPS.items()
    ),
]
