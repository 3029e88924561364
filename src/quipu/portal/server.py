"""The gateway as a WSGI application, and the server that runs it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
YEAR = 31_536_000


def application(home: Path) -> Any:
    """The WSGI application over a home. Engines are opened at the first request, after a fork."""
    os.environ["QUIPU_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quipu.settings")
    import django  # noqa: PLC0415 - settings are read when Django starts
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from whitenoise import WhiteNoise  # noqa: PLC0415

    django.setup()
    # Their names carry the hash of their content as a query, so browsers may keep them.
    return WhiteNoise(get_wsgi_application(), root=STATIC, prefix="static/", max_age=YEAR)


def serve(home: Path, host: str, port: int, workers: int) -> None:
    """Serves until it is stopped."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            shown = f"[{host}]" if ":" in host else host
            options: dict[str, Any] = {
                "bind": f"{shown}:{port}",
                "workers": workers,
                "threads": 4,
                "worker_class": "gthread",
                "loglevel": "warning",
                "control_socket_disable": True,
                "max_requests": 0,
                "timeout": 60,
                # an engine's own threads can stumble over an interpreter that is being taken down; all requests are answered
                "worker_exit": lambda server, worker: os._exit(0),
            }
            for key, value in options.items():
                if key in self.cfg.settings:
                    self.cfg.set(key, value)

        def load(self) -> Callable[..., Any]:
            app: Callable[..., Any] = application(home)
            return app

    Server().run()
