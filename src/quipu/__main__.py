"""Runs the command line."""

from quipu.cli import app

if __name__ == "__main__":
    app(prog_name="quipu")
