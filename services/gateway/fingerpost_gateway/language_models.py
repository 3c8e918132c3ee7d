"""The language models of this process: their clients, admission to them, and answers kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import msgspec
import structlog

from fingerpost_assistant.generate import GroundedAnswers, Patience
from fingerpost_assistant.live.connection import connect
from fingerpost_assistant.models import KeptAnswers, ModelAnswers, Policy, Rung, Writer
from fingerpost_assistant.steps import Answers
from fingerpost_gateway.observability.admission import AdmissionMetrics
from fingerpost_gateway.settings import Settings
from fingerpost_serving import (
    PROMPT_VERSION,
    AnswerLength,
    Backend,
    ChatModel,
    GroundedPrompt,
    Limits,
    Model,
    PromptBudget,
    Registry,
    Role,
    Size,
)
from fingerpost_serving.admission import Admission, AdmissionSettings

CONNECTIONS = 16
"""To Valkey, for admission and kept answers together; one of them waits for news."""

WHOLE = AnswerLength()
SHORT = AnswerLength(sentences=3, tokens=200)

FIRST_TOKEN_SHARE, WHOLE_SHARE = 0.25, 0.6
"""Of the time limit of a turn; what is left is for the queue, and for quoting after a failure."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class LanguageModels:
    """The open models, by name, and everything that stands before them."""

    clients: Mapping[str, ChatModel]
    """The largest first."""
    limits: Mapping[str, Limits]
    admission: Admission
    rungs: tuple[Rung, ...]
    kept: KeptAnswers | None
    policies: Mapping[str, Policy]
    wait_s: float

    def answers(self, quoting: Answers) -> Answers:
        """Return what answers questions: a model, or `quoting` where none is needed."""
        return ModelAnswers(
            self.rungs,
            quoting,
            self.admission,
            policies=self.policies,
            kept=self.kept,
            wait_s=self.wait_s,
        )


def answering_models(settings: Settings) -> tuple[Registry, tuple[Model, ...]]:
    """Return the registry, and those of its models that write answers on a server.

    Raises:
        InvalidRegistry: it cannot be used as it is written.
    """
    registry = Registry.load(settings.models.file)
    models = registry.of_role(Role.ANSWER)
    return registry, tuple(model for model in models if model.backend is Backend.VLLM)


@asynccontextmanager
async def open_models(settings: Settings, valkey_url: str) -> AsyncIterator[LanguageModels | None]:
    """Open the models that write answers; None, at no cost, where the registry has none.

    Servers that do not answer are no error: questions are then answered with quotations.

    Raises:
        InvalidRegistry: the registry cannot be used as it is written.
        ApiKeyMissing: the variable with a model's key is not set.
    """
    registry, models = answering_models(settings)
    if not models:
        yield None
        return
    from fingerpost_serving.client import RemoteChatModel

    async with AsyncExitStack() as stack:
        valkey = connect(valkey_url, connections=CONNECTIONS)
        stack.push_async_callback(valkey.aclose)
        models = tuple(sorted(models, key=lambda model: model.size is Size.NARROW))
        clients: dict[str, ChatModel] = {}
        for model in models:
            client = RemoteChatModel.of(model, registry)
            clients[model.name] = await stack.enter_async_context(client)
        limits = {model.name: model.limits for model in models}
        admission = Admission(valkey, limits, _shares(settings), AdmissionMetrics())
        await stack.enter_async_context(admission)
        keep_s = settings.models.keep_answers_s
        log.info("models.open", models=sorted(clients))
        yield LanguageModels(
            clients=clients,
            limits=limits,
            admission=admission,
            rungs=_rungs(models, clients, settings.limits.turn_timeout_s),
            kept=KeptAnswers(valkey, keep_s=keep_s) if keep_s else None,
            policies={
                name: msgspec.convert(msgspec.to_builtins(tenant.models), Policy)
                for name, tenant in settings.tenants.items()
            },
            wait_s=settings.models.wait_s,
        )


def _shares(settings: Settings) -> AdmissionSettings:
    queue = settings.models.queue
    return AdmissionSettings(
        caseworker=queue.caseworker,
        citizen=queue.citizen,
        batch=queue.batch,
        tenants={name: tenant.weight for name, tenant in settings.tenants.items()},
        places=queue.places,
        longest_wait_s=queue.longest_wait_s,
    )


def _rungs(
    models: tuple[Model, ...], clients: Mapping[str, ChatModel], turn_s: float
) -> tuple[Rung, ...]:
    """Large models before narrow ones, and of each the whole answer before the shorter one."""
    patience = Patience(first_token_s=FIRST_TOKEN_SHARE * turn_s, whole_s=WHOLE_SHARE * turn_s)
    return tuple(
        _rung(model, clients[model.name], length, patience)
        for model in models
        for length in (WHOLE, SHORT)
    )


def _rung(model: Model, client: ChatModel, length: AnswerLength, patience: Patience) -> Rung:
    prompt = GroundedPrompt(PromptBudget(context=model.limits.context, length=length))
    return Rung(
        model=model.name,
        writer=Writer.NARROW if model.size is Size.NARROW else Writer.LARGE,
        version=PROMPT_VERSION,
        answers=GroundedAnswers(client, prompt, patience=patience),
        answer_tokens=length.tokens,
        context=model.limits.context,
        short=length is SHORT,
    )
