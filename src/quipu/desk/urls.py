"""The desk's addresses: one line for each kind of work. Every view asks for its verb itself (`desk/rights`)."""

from django.urls import include, path

from quipu.desk import own, past, tasks

urlpatterns = [
    path("", tasks.show, name="desk"),
    path("/own", own.show, name="own"),
    path("/own/language", own.language, name="own_language"),
    path("/own/unsaved", own.unsaved, name="own_unsaved"),
    path("/vouchers", include("quipu.desk.vouchers.urls")),
    path("/documents", include("quipu.desk.documents.urls")),
    path("/people", include("quipu.desk.people.urls")),
    path("/funds", include("quipu.desk.funds.urls")),
    path("/programmes", include("quipu.desk.programmes.urls")),
    path("/organizations", include("quipu.desk.organizations.urls")),
    path("/history", past.show, name="history"),
    path("/account/email/", own.elsewhere),  # an administrator keeps addresses
    path("/account/3rdparty/", own.elsewhere),
    path("/account/", include("allauth.urls")),
]
