"""People for the tests of what they do."""

from tests.desk.conftest import cast, cast_anywhere

__all__ = ["cast", "cast_anywhere"]
