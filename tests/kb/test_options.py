"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.testing import CliRunner

from kb.options import takes


def read_size(
    width: Annotated[int, typer.Option(help="Across.")] = 1, height: Annotated[int, typer.Option(help="Up.")] = 1
) -> int:
    """Return an area."""
    return width * height


def read_colour(colour: Annotated[str, typer.Option(help="Of the paint.")] = "red") -> str:
    """Return a colour."""
    return colour


def test_a_command_takes_options_of_several_groups_beside_its_own() -> None:
    """Each group is read into one value, and the command's own arguments stay."""
    app = typer.Typer()

    @app.command()
    @takes("area", read_size)
    @takes("paint", read_colour)
    def cover(area: int, paint: str, name: str = typer.Argument("wall")) -> None:
        print(f"{name}: {area} of {paint}")

    given = ["door", "--height", "3", "--colour", "blue", "--width", "2"]
    assert CliRunner().invoke(app, given).stdout == "door: 6 of blue\n"
    assert CliRunner().invoke(app, []).stdout == "wall: 1 of red\n"
    assert CliRunner().invoke(app, ["--area", "3"]).exit_code == 2
