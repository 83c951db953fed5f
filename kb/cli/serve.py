"""kb serve: the web pages and the HTTP API."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from kb.cli.session import session
from kb.errors import ConfigError

WHO = "make one with: kb token add NAME --role editor"


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="Port; 0 takes a free one.")] = 8000,
    host_name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name that others reach the server by; repeatable.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the pages in a browser.")] = False,
) -> None:
    """Serve the web pages and the HTTP API until Ctrl-C.

    On 127.0.0.1 reading needs no token, and the link that is printed logs you in as an editor, once. On any other
    address, or with a name that others reach it by, everything needs a token.

    Example: kb serve --open
    """
    import webbrowser

    from kb.web import server
    from kb.web.access import has_tokens
    from kb.web.app import create_app
    from kb.web.security import LOOPBACK

    opened = session(context)
    local = server.is_local(host) and not host_name
    if server.is_everywhere(host) and not host_name:
        raise ConfigError(f"{host} is every address of this machine; say what it is called: --host-name kb.example.org")
    with opened.open() as kb:
        if not local and not has_tokens(kb):
            raise ConfigError(f"other machines can reach the server then, so everybody needs a token: {WHO}")
        database = kb.settings.db
    code = secrets.token_urlsafe(24) if local else None
    names = {server.in_url(host), *(host_name or ()), *LOOPBACK}
    app = create_app(opened.open, local=local, hosts=names, login_code=code)
    with server.listen(host, port) as listening:
        address = f"http://{server.in_url(host)}:{listening.getsockname()[1]}"
        link = f"{address}/login?code={code}" if code else address
        typer.echo(f"serving {database} at {address} (Ctrl-C stops it)")
        if code:
            typer.echo(f"log in as an editor, once: {link}")
        if open_browser:
            webbrowser.open(link)
        server.run(app, listening)
    typer.echo("stopped")
