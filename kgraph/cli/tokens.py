"""Commands on tokens: who may do what over HTTP."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from kgraph.cli.group import main
from kgraph.settings import Settings
from kgraph.terminal import say

if TYPE_CHECKING:
    from kgraph.access import Scope, Token, Tokens

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST = timedelta(days=36_500)


def _end_of(ctx: click.Context, param: click.Parameter, value: str) -> timedelta | datetime | None:
    """When a token ends: after a while, with a day, or never (None)."""
    if value == "never":
        return None
    length = re.fullmatch(r"(\d{1,6})([hdw])", value, re.ASCII)
    if length:
        return min(int(length[1]) * _UNITS[length[2]], _LONGEST)
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except ValueError as exc:
        words = f"{value!r} is none of 12h, 90d, 8w, a day such as 2030-01-31, and never"
        raise click.BadParameter(words) from exc


@main.group()
def token() -> None:
    """Make, list and revoke tokens: who may do what over HTTP.

    \b
    kgraph token make desk --scope write --expires 90d
    kgraph token list
    kgraph token revoke desk
    """


@token.command("make")
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice(["read", "write", "admin"]), multiple=True, default=["read"],
    show_default=True, help="What it allows: admin allows to write, write to read.",
)  # fmt: skip
@click.option(
    "--expires", callback=_end_of, metavar="WHEN", default="90d", show_default=True,
    help="How long it lasts (12h, 90d, 8w), through which day (2030-01-31), or never.",
)  # fmt: skip
@click.pass_obj
def make_token(
    settings: Settings, name: str, scopes: "tuple[Scope, ...]", expires: timedelta | datetime | None
) -> None:
    """Make a token NAME and print its secret, this once.

    \b
    kgraph token make desk --scope write > desk.token
    """
    tokens = _tokens(settings)
    secret = tokens.make(name, scopes, expires)
    made = next(each for each in tokens.all() if each.name == name)
    say(
        f"token {name}: {_scopes(made)}, {_end(made)}. This is its secret; it is not shown again. Send it "
        "with each request: Authorization: Bearer SECRET, or as the password of any user.",
        err=True,
    )
    if "read" not in made.scopes and settings.writes == "off":
        say("Writing over HTTP is off until the server runs with --writes.", err=True)
    click.echo(secret)


@token.command("list")
@click.pass_obj
def list_tokens(settings: Settings) -> None:
    """List the tokens there are."""
    found = _tokens(settings).all()
    for each in found:
        say(f"{each.name}  {_scopes(each)}  made {each.made:%Y-%m-%d}, {_end(each)}")
    if not found:
        say("There are no tokens; `kgraph token make NAME` makes one.", err=True)


@token.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke_token(settings: Settings, name: str) -> None:
    """Take the token NAME away; a server heeds that at once."""
    _tokens(settings).revoke(name)
    say(f"revoked    {name}")


def _tokens(settings: Settings) -> "Tokens":
    from kgraph.access import tokens_in

    return tokens_in(settings.store)


def _scopes(token: "Token") -> str:
    from kgraph.access import SCOPES

    return ", ".join(sorted(token.scopes, key=SCOPES.index))


def _end(token: "Token") -> str:
    if token.expires is None:
        return "without end"
    return f"{'over since' if token.is_over() else 'until'} {token.expires:%Y-%m-%d %H:%M} UTC"
