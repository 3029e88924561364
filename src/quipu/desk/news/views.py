"""How I hear of my work: the digest, the calendar of my deadlines at a secret address, and the end of a digest by one click."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from quipu.actions import news
from quipu.actions.news import CHOICES
from quipu.books import models
from quipu.desk.drawing import said, speaking
from quipu.desk.forms import Form, choice, choose
from quipu.desk.languages import words
from quipu.desk.monitoring import waiting
from quipu.desk.news import deadlines, mailing
from quipu.desk.news.digest import choice_of
from quipu.desk.rights import Rights, signed_in
from quipu.desk.signing import whole
from quipu.files import ics
from quipu.portal.languages import DEFAULT, MANNERS
from quipu.rules.calendar import DUTIES

OFTEN = {"off": "never", "daily": "every morning", "weekly": "once a week"}
MADE = "calendar-address"  # in the session, until it was shown once


class Often(Form):
    """How often the digest comes."""

    digest = choice("Mail with what waits and what changed")

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        choose(self, "digest", ((one, said(OFTEN[one])) for one in CHOICES))


@signed_in
def own(request: HttpRequest) -> HttpResponse:
    """My digest and my calendar. The calendar's address is shown once, when it is made."""
    form = Often(request.POST or None, initial={"digest": choice_of(request.user)})
    if request.method == "POST" and form.is_valid():
        news.choose(by=request.user.pk, digest=form.cleaned_data["digest"])
        messages.success(request, said("It is kept."))
        return redirect("own_news")
    kept = models.News.objects.filter(person=request.user).first()
    word = request.session.pop(MADE, "") if request.method == "GET" and MADE in request.session else ""
    told = {"form": form, "since": kept.calendar_since if kept else None}
    told["secret"] = whole(request, reverse("calendar_feed", args=[word])) if word else ""
    return render(request, "news/own.html", told, status=422 if form.errors else 200)


@signed_in
def renew(request: HttpRequest) -> HttpResponse:
    """A new address of my calendar."""
    if request.method == "POST":
        request.session[MADE] = news.renew_calendar(by=request.user.pk)
    return redirect("own_news")


def calendar(request: HttpRequest, word: str) -> HttpResponse:
    """/desk/calendar/<secret>.ics: whoever knows the address sees what its person owes, and nothing of anybody else."""
    person = news.of_calendar(word)
    if person is None:
        raise Http404
    tongue = words(person.language if person.language in MANNERS else DEFAULT)
    with speaking(tongue):
        days = [
            ics.Day(
                f"{each.uid}@desk",
                each.due,
                f"{said(DUTIES[each.duty].label)}: {about}",
                said(DUTIES[each.duty].sentence),
                mailing.absolute(f"{tongue.before}{deadlines.address_of(each)}") if settings.ADDRESS else "",
            )
            for each, about in deadlines.feed(Rights(person), timezone.localdate())
        ]
        days += [
            ics.Day(f"{uid}@desk", due, what, "", mailing.absolute(f"{tongue.before}{at}") if settings.ADDRESS else "")
            for uid, due, what, at in waiting.days(Rights(person))
        ]
        title = said("%(site)s: my deadlines", site=settings.SITE_NAME)
    body = ics.draw(days, title, datetime.now(UTC), tongue.language)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@csrf_exempt  # type: ignore[untyped-decorator]
def unsubscribe(request: HttpRequest, word: str) -> HttpResponse:
    """The end of somebody's digest: by the button of this page, or by one click in a mail program (RFC 8058).

    No sign-in and no form's seal: the address itself is the proof, and all it can do is to stop mails.
    """
    code = mailing.unsubscribed(word)
    if code is None or not models.Person.objects.filter(pk=code).exists():
        raise Http404
    if request.method == "POST":
        news.choose(by=code, digest="off")
    return render(request, "news/unsubscribe.html", {"done": request.method == "POST"})
