"""The operator's texts in an edition: kept as they stood, hashed with it, and never a reason to fail."""

import pytest

from quipu.edition import make, texts
from quipu.edition.home import Home
from quipu.edition.manifest import load
from quipu.edition.open import Editions
from tests.documents import activity, document, transaction

ODD = ("label-odd", 0, "labels.toml: [XX-P-1.en] contributor")
ONE = document(activity("XX-P-1", transaction("3", 100)))


@pytest.fixture
def home(tmp_path):
    """A home whose sources are one file, and a function that publishes it with some texts."""
    root, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    (folder / "one.xml").write_text(ONE)

    def publish(**files: str | bytes):
        for name, body in files.items():
            path = root / "texts" / name.replace("__", "/").replace("_toml", ".toml").replace("_md", ".md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode())
        manifest, _ = make.publish(Home(root), [folder])
        return manifest, Editions(Home(root)).current()

    return publish


def found(edition) -> list[tuple[str, int, str]]:
    return sorted(
        edition.rows("SELECT rule, line, detail FROM findings WHERE rule LIKE 'texts-%' OR rule LIKE 'label-%'")
    )


def test_a_home_without_texts_has_the_content_of_its_other_sources_alone(home, tmp_path):
    without, edition = home()
    (tmp_path / "home" / "texts").mkdir()
    again, _ = home()
    assert [source["name"] for source in again.sources] == ["one.xml"]
    assert again.content == without.content
    assert texts.of(edition) == texts.Texts()


def test_the_same_texts_are_the_same_content_and_others_are_another(home):
    without, _ = home()
    first, _ = home(en__about_md="# About us\n")
    same, _ = home()
    changed, _ = home(en__about_md="# About us, again\n")
    assert first.content == same.content
    assert len({without.content, first.content, changed.content}) == 3
    assert [source["name"] for source in changed.sources] == ["one.xml", "texts"]


def test_an_edition_keeps_the_texts_as_they_stood(home, tmp_path):
    home(en__about_md="# Before\n", site_toml='name = "Old"\n')
    _, now = home(en__about_md="# After\n", site_toml='name = "New"\n[es]\nname = "Nuevo"\n')
    before = Editions(Home(tmp_path / "home")).get(1)
    assert texts.of(before).pages["en", "about"] == "# Before\n"
    assert texts.of(now).pages["en", "about"] == "# After\n"
    assert texts.of(before).setting("name", "es") == "Old"
    assert (texts.of(now).setting("name", "es"), texts.of(now).setting("name", "fr")) == ("Nuevo", "New")


def test_republishing_the_files_as_they_are_reads_the_texts_anew(home, tmp_path):
    home(en__about_md="# Before\n")
    (tmp_path / "home" / "texts" / "en" / "about.md").write_text("# After\n")
    manifest, _ = make.publish(Home(tmp_path / "home"), None)
    assert [source["name"] for source in manifest.sources] == ["one.xml", "texts"]
    assert texts.of(Editions(Home(tmp_path / "home")).current()).pages["en", "about"] == "# After\n"
    assert len(load(Home(tmp_path / "home"), 2).files) == 1


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"en__about_md": b"\xff\xfe"}, [("texts-unreadable", 0, "en/about.md")]),
        ({"en__about_md": b"a\0b"}, [("texts-unreadable", 0, "en/about.md")]),
        ({"en__about_md": "x" * (texts.LARGEST + 1)}, [("texts-too-large", 0, "en/about.md")]),
        ({"en__about_md": "x" * texts.LARGEST}, []),
        ({"xx__about_md": "# X"}, [("texts-misplaced", 0, "xx/about.md")]),
        ({"en__About_md": "# X"}, [("texts-misplaced", 0, "en/About.md")]),
        ({"en__about_md": "# X\n\nof {operator} and {nobody}"}, [("texts-placeholder", 3, "en/about.md: {nobody}")]),
        ({"site_toml": 'colour = "red"\nmail = "a@b.org"'}, [("texts-setting", 0, "site.toml: colour")]),
        ({"site_toml": "mail = 7"}, [("texts-setting", 0, "site.toml: mail")]),
        ({"labels_toml": '["XX-P-1".en]\ncontributor = "Donor"'}, []),
        ({"labels_toml": '["XX-P-2".en]\ncontributor = "Donor"'}, [("label-fund", 0, "labels.toml: [XX-P-2]")]),
        ({"labels_toml": '["XX-P-1".xx]\ncontributor = "Donor"'}, [("label-language", 0, "labels.toml: [XX-P-1.xx]")]),
        ({"labels_toml": '["XX-P-1".en]\ngiver = "Donor"'}, [("label-term", 0, "labels.toml: [XX-P-1.en] giver")]),
        ({"labels_toml": '["XX-P-1".en]\ncontributor = "' + "D" * 60 + '"'}, []),
        ({"labels_toml": '["XX-P-1".en]\ncontributor = "' + "D" * 61 + '"'}, [ODD]),
        ({"labels_toml": 'contributor = "Donor"'}, [("label-language", 0, "labels.toml: [contributor.]")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_a_finding_and_the_rest_is_published(home, files, expected):
    manifest, edition = home(en__good_md="# Good\n", **files)
    assert found(edition) == expected
    assert texts.of(edition).pages["en", "good"] == "# Good\n"
    assert sum(manifest.findings.values()) >= len(expected)


def test_settings_that_are_no_toml_are_a_finding_with_their_line(home):
    _, edition = home(site_toml="name = \n")
    [(rule, _, detail)] = found(edition)
    assert rule == "texts-settings"
    assert "line 1" in detail
    assert texts.of(edition).site == {}


def test_labels_are_the_funds_own_in_their_language(home):
    _, edition = home(labels_toml='["XX-P-1".en]\ncontributor = " Donor "\n')
    assert texts.labels_of(edition, "XX-P-1", "en") == {"contributor": "Donor"}
    assert texts.labels_of(edition, "XX-P-1", "es") == {}
    assert texts.labels_of(edition, "XX-P-9", "en") == {}
