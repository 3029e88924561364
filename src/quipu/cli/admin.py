"""People from a terminal: the first administrator, whom nobody inside can make."""

from typing import Annotated

import typer

from quipu.cli.books import open_books
from quipu.cli.options import DEFAULT_HOME, HomeOption
from quipu.cli.printing import fail
from quipu.rules.findings import Refused

app = typer.Typer()
admin = typer.Typer(no_args_is_help=True, help="Who works here: make an administrator.")
app.add_typer(admin, name="admin")


@admin.callback()
def _admin() -> None:
    """Who works here: make an administrator."""


@admin.command()
def create(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    password: Annotated[
        str | None, typer.Option(envvar="QUIPU_PASSWORD", help="Asked for where it is not said.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Make an administrator, who invites everybody else at /desk. Makes the books where there are none."""
    open_books(home, make=True)
    from django.contrib.auth.password_validation import validate_password  # noqa: PLC0415 - needs Django's settings
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.core.validators import validate_email  # noqa: PLC0415

    from quipu.actions.people import make_administrator  # noqa: PLC0415
    from quipu.books.models import Person  # noqa: PLC0415

    said = password if password is not None else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        validate_email(email)
        validate_password(said, Person(name=name, email=email))
        person = make_administrator(name=name or email.partition("@")[0], email=email, password=said)
    except ValidationError as weak:
        fail(" ".join(weak.messages))
    except Refused as refused:
        fail(" ".join(map(str, refused.findings)))
    print(f"{person} can sign in at /desk and has to set up a second factor there first.")
