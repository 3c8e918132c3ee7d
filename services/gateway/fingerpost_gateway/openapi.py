"""The OpenAPI document at `/schema/openapi.json` and `.yaml`, for people who build on the API."""

from __future__ import annotations

from importlib.metadata import version

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

_DESCRIPTION = """\
Answers citizens' questions from government guidance. Every sentence of an answer cites the
passage it is drawn from.

Start a conversation, ask a question in it, and follow the answer as server-sent events: `turn`,
`status`, `sources`, `sentence`, `outcome`, `error`, `done`. A stream that breaks off is resumed
with `Last-Event-ID`. Errors are `application/problem+json` (RFC 9457) with a stable `type`.
"""


def openapi_config() -> OpenAPIConfig:
    """What the document says beside the routes themselves. No page of it loads foreign scripts."""
    return OpenAPIConfig(
        title="Fingerpost",
        version=version("fingerpost-gateway"),
        description=_DESCRIPTION,
        license=License(name="MIT", identifier="MIT"),
        create_examples=False,
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        tags=[
            Tag(name="Conversations", description="Questions and their cited answers."),
            Tag(name="Search", description="Passages without an answer."),
            Tag(
                name="OpenAI-compatible",
                description="Cited answers for whatever speaks OpenAI's chat completions.",
            ),
            Tag(name="Operations", description="For orchestrators and operators."),
        ],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="A session (`fps_…`) that a conversation came with, or an API key.",
                )
            }
        ),
        security=[{}, {"bearer": []}],
    )
