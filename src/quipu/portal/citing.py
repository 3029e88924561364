"""How a page is cited: a sentence, the permanent address, and BibTeX."""

import re
from dataclasses import dataclass

from quipu.rules.identity import slug

_SPECIAL = re.compile(r"[\\{}%&$#_~^]")
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """One page of one edition, in the words of a reference."""

    title: str
    site: str
    edition: int
    made_at: str
    content: str
    address: str  # pinned to the edition, with its host

    @property
    def bibtex(self) -> str:
        """An entry for a bibliography; its key is the same in every language."""
        key = f"quipu-{slug(self.title, 30) or 'page'}-e{self.edition}"
        fields = {
            "title": f"{{{_plain(self.title)}}}",
            "author": f"{{{_plain(self.site)}}}",
            "year": self.made_at[:4],
            "howpublished": rf"\url{{{self.address}}}",
            "note": f"Edition {self.edition} of {self.made_at[:10]}, content {self.content}",
        }
        return "\n".join([f"@misc{{{key},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}"])


def _plain(text: str) -> str:
    """A text that TeX sets as it stands."""
    return _SPECIAL.sub(lambda found: _ESCAPED.get(found[0], f"\\{found[0]}"), " ".join(text.split()))
