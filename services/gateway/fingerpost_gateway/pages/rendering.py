"""Templates into responses: everything is escaped, and nothing personal is kept by a cache."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.datastructures import Cookie

from fingerpost_gateway.pages.assets import asset_url
from fingerpost_gateway.pages.blocks import block_kind
from fingerpost_gateway.pages.contacts import with_contact_links


def render(template: str, **values: object) -> str:
    """Fill a template; an unknown name in it is an error, not an empty string."""
    return _environment.get_template(template).render(values)


def page(
    template: str,
    *,
    status_code: int = 200,
    cookies: Sequence[Cookie] = (),
    cache_control: str = "no-store",
    **values: object,
) -> Response[str]:
    """Answer with a page. By default no cache keeps it: it may show what someone asked."""
    return Response(
        render(template, **values),
        status_code=status_code,
        media_type=MediaType.HTML,
        headers={"Cache-Control": cache_control},
        cookies=list(cookies),
    )


def web_address(url: str) -> str:
    """The address if a browser may safely follow it: on the web or on this site; else nothing."""
    own = url.startswith("/") and url[1:2] not in ("/", "\\")
    return url if own or url.startswith(("https://", "http://")) else ""


def _made_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset_url"] = asset_url
    environment.filters["with_contact_links"] = with_contact_links
    environment.filters["web_address"] = web_address
    environment.tests["table"] = lambda block: block_kind(block) == "table"
    environment.tests["item_list"] = lambda block: block_kind(block) == "list"
    return environment


_environment = _made_environment()
