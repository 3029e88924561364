"""The desk for programs: the same actions under the same rights, signed in by a token, answered as JSON.

How a kind of work gets its part, in one file `desk/api/<kind>.py`:

    router = Router(tags=["vouchers"])

    @router.post("/vouchers/{key}/submit", url_name="api_submit_voucher", response=Voucher)
    @asks("draft vouchers")                      # the verb: 403 where neither token nor mandates allow it anywhere
    def submit(request, key: str):
        \"\"\"Hand a draft to whoever approves it.\"\"\"     # the sentence that the description shows
        thing, scope = _load(key)                # raise Http404 where there is none
        need(request, scope)                     # 403 where it lies outside of what may be done
        return told(vouchers.submit(by=request.rights.person.pk, …))   # an action; Refused becomes 422 with findings

then its name in ROUTERS below, and a row for each operation in `tests/desk/test_matrix.py`. Where the pages have a form, it
is filled in here too, and refuses the same. Approving vouchers never comes in: no token may (`rules/mandates.NEVER_BY_TOKEN`).

Grave verbs: a token does them only where it was made for that very verb, and its person's second factor stands at the
moment of the request; making such a token asked for a fresh sign-in. No cookie counts here, so no other site can act
through somebody's browser.
"""

from ninja import NinjaAPI

from quipu import VERSION
from quipu.desk.api import (
    agreements,
    contacts,
    decisions,
    documents,
    editions,
    funds,
    history,
    jobs,
    letters,
    me,
    monitoring,
    narratives,
    organizations,
    people,
    plans,
    posted,
    previews,
    problems,
    projects,
    quality,
    registers,
    results,
    results_measures,
    results_periods,
    results_readings,
    results_runs,
    returns,
    returns_runs,
    returns_talk,
    returns_year,
    revolving,
    tasks,
    vouchers,
    workbooks,
)
from quipu.desk.api.access import Bearer

api = NinjaAPI(
    title="The desk for programs",
    version=VERSION,
    description="What the desk's pages do, for programs. Sign in with a token: Authorization: Bearer quipu_…",
    urls_namespace="desk_api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=Bearer(),
)
ROUTERS = (
    *(me, people, history, tasks, jobs, letters, vouchers, posted, workbooks, documents),
    *(funds, agreements, projects, decisions, organizations, narratives, contacts),
    plans,
    *(results_runs, results_readings, results_measures, results_periods, results),
    registers,
    *(editions, quality, previews, monitoring),
    revolving,
    *(returns_runs, returns, returns_talk, returns_year),  # a run's address before that of a return
)
for part in ROUTERS:
    api.add_router("", part.router)
problems.answer(api)
