"""Here editions are made in one process: they are small, and starting two more costs more than reading them.

That several processes make the same is shown where the command line publishes: torn publications, stories, bad files.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from quipu.edition import make


@pytest.fixture(scope="module", autouse=True)
def in_one_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "ProcessPoolExecutor", lambda *_, **__: ThreadPoolExecutor(1))
        yield
