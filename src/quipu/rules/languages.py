"""The languages that everything a reader may be shown is said in."""

# Each is a catalogue of the portal.
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français"}
DEFAULT = "en"
