"""Files that come with a form: written to a folder as they arrive, and cut off where one, or all, are too large.

Nothing of a file is held in memory, and a stranger's files are not read at all. What follows after the cut is thrown
away for a while, so that the sender hears why; whoever goes on sending is no longer listened to.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from quipu.actions import keeping

TOGETHER = 4  # times the largest file: all that come with one form
PRACTICE = "/desk/workbooks/practice"  # where a demonstration takes a file of whoever comes by, and keeps nothing of it
PRACTISED = 5 << 20  # bytes of such a file
PATIENCE = 2  # times the largest file: what is thrown away before the line is cut


class Cut(TemporaryFileUploadHandler):  # type: ignore[misc]
    """For Django. The names of files that were too large stand in `request.cut`; the others arrive."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.all, self.one, self.thrown = 0, 0, 0
        self.most = keeping.largest()

    def new_file(self, *args: Any, **named: Any) -> None:
        """Another file begins."""
        person = getattr(self.request, "user", None)
        if person is None or not person.is_authenticated:
            if not (settings.DEMO and self.request.path_info == PRACTICE):
                raise StopUpload(connection_reset=True)
            self.most = min(self.most, PRACTISED)
        self.one = 0
        super().new_file(*args, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A further piece of it."""
        self.one += len(raw_data)
        self.all += len(raw_data)
        if not self._is_too_large():
            super().receive_data_chunk(raw_data, start)
            return
        self.thrown += len(raw_data)
        if not self.file.closed:
            self.request.cut = [*cut(self.request), str(self.file_name)]
            self.file.close()  # its bytes are gone with it
        if self.thrown > PATIENCE * self.most:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> Any:
        """The file, or none where it was cut off."""
        return None if self.file.closed else super().file_complete(file_size)

    def _is_too_large(self) -> bool:
        return self.one > self.most or self.all > TOGETHER * self.most


def cut(request: Any) -> list[str]:
    """The names of the files that were too large."""
    return list(getattr(request, "cut", []))
