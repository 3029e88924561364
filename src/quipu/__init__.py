"""Quipu: an open gateway for pooled funds."""

VERSION = "0.1.0"
