"""The desk's addresses: one line for each kind of work. Every view asks for its verb itself (`desk/rights`)."""

from django.urls import include, path

from quipu.desk import own, past, tasks
from quipu.desk.api import api
from quipu.desk.api import tokens as own_tokens
from quipu.desk.api import views as described
from quipu.desk.news import views as news

urlpatterns = [
    path("", tasks.show, name="desk"),
    path("/own", own.show, name="own"),
    path("/own/language", own.language, name="own_language"),
    path("/own/unsaved", own.unsaved, name="own_unsaved"),
    path("/vouchers", include("quipu.desk.vouchers.urls")),
    path("/returns", include("quipu.desk.returns.urls")),
    path("/documents", include("quipu.desk.documents.urls")),
    path("/own/news", news.own, name="own_news"),
    path("/own/calendar", news.renew, name="own_calendar"),
    path("/own/tokens", own_tokens.show, name="own_tokens"),
    path("/own/tokens/new", own_tokens.make, name="make_token"),
    path("/own/tokens/<int:number>/revoke", own_tokens.revoke, name="revoke_token"),
    path("/recent", tasks.recent, name="recent"),
    path("/news/stop/<str:word>", news.unsubscribe, name="unsubscribe"),
    path("/calendar/<str:word>.ics", news.calendar, name="calendar_feed"),
    path("/letters", include("quipu.desk.letters.urls")),
    path("/house", include("quipu.desk.house.urls")),
    path("/api", described.show, name="api"),
    path("/api/", api.urls),
    path("/people", include("quipu.desk.people.urls")),
    path("/funds", include("quipu.desk.funds.urls")),
    path("/plans", include("quipu.desk.plans.urls")),
    path("/programmes", include("quipu.desk.programmes.urls")),
    path("/results", include("quipu.desk.results.urls")),
    path("/monitoring", include("quipu.desk.monitoring.urls")),
    path("/registers", include("quipu.desk.registers.urls")),
    path("/organizations", include("quipu.desk.organizations.urls")),
    path("/years", include("quipu.desk.years.urls")),
    path("/workbooks", include("quipu.desk.workbooks.urls")),
    path("/results/workbooks", include("quipu.desk.results_workbooks.urls")),
    path("/revolving", include("quipu.desk.revolving.urls")),
    path("/history", past.show, name="history"),
    path("", include("quipu.desk.editions.urls")),
    path("/account/email/", own.elsewhere),  # an administrator keeps addresses
    path("/account/3rdparty/", own.elsewhere),
    path("/account/", include("allauth.urls")),
]
