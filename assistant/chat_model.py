"""A chat model behind one small door: opened when first asked, streaming, within budgets, errors mapped."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kb.errors import ChatModelError, SettingsError
from kb.extras import import_extra
from kb.language.text import detect_language

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Chosen.
_CHARACTERS_A_TOKEN = {"zh": 1.0, "": 4.0, "en": 4.0, "ja": 1.0}  # low counts, so that the cap is never too tight
_LONGEST_ERROR = 300  # characters of a provider's own error
_FIRST_PAUSE = 0.25  # seconds before the second attempt; doubled for each further one
_SLOW_SHARE = 0.5  # of the seconds that it may take: a model that needs more will often not be done in time
_END = object()


class _Unstreamed(str):
    """An answer that came whole, since the server does not stream."""


Instruction = tuple[str, str]
"""Role (``system``, ``human``, ``ai``) and text."""
Remark = Callable[[str], None]
"""Takes a sentence about how a model answered, for those who look after it."""


class ChatModel:
    """Streams what a chat model says, with a cap on time and length.

    Attributes:
        name: as the settings have it.
    """

    def __init__(
        self, name: str, open_model: Callable[[], BaseChatModel], *, seconds: float, tokens: int, retries: int
    ) -> None:
        """Wrap a model.

        Args:
            name: for records and messages.
            open_model: gives LangChain's object; called once, when the model is first asked.
            seconds: for all attempts of a request together.
            tokens: that an answer may have.
            retries: further attempts after one that failed before it said anything.
        """
        self.name = name
        self._open = open_model
        self._model: BaseChatModel | None = None
        self._seconds, self._tokens, self._retries = seconds, tokens, retries
        self._opening = threading.Lock()
        self._streams = True

    def open(self) -> None:
        """Open the model now instead of when it is first asked.

        Raises:
            MissingExtra: its library is not installed.
            SettingsError: its name means nothing to LangChain, or its provider wants a key.
        """
        self._opened()

    def stream(self, turns: Sequence[Instruction], remark: Remark = lambda _: None) -> Iterator[str]:
        """Yield what the model says, piece by piece, up to the cap on its length; all at once if it cannot stream.

        Args:
            turns: what it is asked.
            remark: is told where it needed several attempts, was slow or did not stream.

        Raises:
            MissingExtra: its library is not installed.
            SettingsError: its name means nothing to LangChain, or its provider wants a key.
            ChatModelError: it failed or timed out, after the attempts that the settings allow; or within its
                answer, which is not tried again.
        """
        self._opened()  # importing its library is not the model's time
        begun = time.monotonic()
        deadline = begun + self._seconds
        for attempt in range(self._retries + 1):
            said = False
            try:
                for piece in self._attempt(turns, deadline):
                    if isinstance(piece, _Unstreamed):
                        remark(f"{self.name} does not stream: its answers are shown only when they are whole")
                    said = said or bool(piece)
                    yield piece
                break
            except ChatModelError as error:
                pause = _FIRST_PAUSE * 2**attempt
                if said or attempt == self._retries or time.monotonic() + pause >= deadline:
                    raise
                remark(f"attempt {attempt + 1}: {error}")
                time.sleep(pause)
        if (took := time.monotonic() - begun) > _SLOW_SHARE * self._seconds:
            remark(
                f"{self.name} is slow: it took {took:.1f} of the {self._seconds:g} seconds that it may take "
                "(FAQ_CHAT_SECONDS)"
            )

    def _attempt(self, turns: Sequence[Instruction], deadline: float) -> Iterator[str]:
        """Yield the pieces of one attempt; a thread reads them, so that a silent server cannot hold us."""
        pieces: queue.Queue[Any] = queue.Queue()
        stop = threading.Event()
        threading.Thread(target=self._read, args=(turns, pieces, stop), daemon=True).start()
        used = 0.0
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty as error:
                    raise ChatModelError(
                        f"{self.name} was not done after {self._seconds:g} seconds: raise FAQ_CHAT_SECONDS, "
                        "or choose a quicker model"
                    ) from error
                if piece is _END:
                    return
                if isinstance(piece, Exception):
                    raise self._mapped(piece) from piece
                yield piece
                used += len(piece) / _CHARACTERS_A_TOKEN.get(detect_language(piece), 4.0)
                if used > self._tokens:
                    return
        finally:
            stop.set()

    def _read(self, turns: Sequence[Instruction], pieces: queue.Queue[Any], stop: threading.Event) -> None:
        try:
            if self._streams:
                for piece in self._streamed(turns):
                    if stop.is_set():
                        return
                    pieces.put(piece)
            if not self._streams:
                pieces.put(_Unstreamed(_text(self._opened().invoke(list(turns)).content)))
        except Exception as error:  # every provider raises its own, and there is no common root
            pieces.put(error)
            return
        pieces.put(_END)

    def _streamed(self, turns: Sequence[Instruction]) -> Iterator[str]:
        """Yield the pieces of a stream; a server that sends none is not asked for one again."""
        chunks = 0
        try:
            for chunk in self._opened().stream(list(turns)):
                chunks += 1
                if text := _text(chunk.content):
                    yield text
        except ValueError:  # what LangChain makes of a stream without a chunk
            if chunks:
                raise
        self._streams = chunks > 0

    def _opened(self) -> BaseChatModel:
        with self._opening:
            if self._model is None:
                self._model = self._open()
            return self._model

    def _mapped(self, error: Exception) -> ChatModelError:
        told = " ".join(str(error).split())[:_LONGEST_ERROR]
        return ChatModelError(f"{self.name} failed ({type(error).__name__}: {told}): is it running?")


def _text(content: Any) -> str:
    """Return the text of a chunk: a string, or a list of parts of which some are text."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(p if isinstance(p, str) else str(p.get("text") or "") for p in content if p)
    return ""


def open_chat_model(
    name: str, *, base_url: str, api_key: str, seconds: float, tokens: int, retries: int
) -> ChatModel:
    """Build the chat model of the settings; it is opened, and fails, when it is first asked.

    Args:
        name: ``openai:MODEL`` and the like; with a ``base_url`` the model's name there, ``openai:`` or not.
        base_url: of an OpenAI-compatible server; empty: the provider's own.
        api_key: empty: the provider's variable, or none for a server of one's own.
        seconds: see ``ChatModel``.
        tokens: see ``ChatModel``.
        retries: see ``ChatModel``.
    """
    common = {"temperature": 0, "max_retries": 0, "timeout": seconds, "max_tokens": tokens}

    def compatible() -> BaseChatModel:
        library = import_extra("langchain_openai", "langchain-openai", "chat", f"the chat model {name!r}")
        model: BaseChatModel = library.ChatOpenAI(
            model=name.removeprefix("openai:"), base_url=base_url, api_key=api_key or "none", **common
        )
        return model

    def provided() -> BaseChatModel:
        library = import_extra("langchain.chat_models", "langchain", "chat", f"the chat model {name!r}")
        provider = name.partition(":")[0]
        own = {"temperature": 0, "num_predict": tokens} if provider == "ollama" else common
        try:
            model: BaseChatModel = library.init_chat_model(
                name, **own, **({"api_key": api_key} if api_key else {})
            )
        except Exception as error:  # every provider raises its own (without a key, say), with no common root
            raise SettingsError(
                f"FAQ_CHAT_MODEL is {name!r}, which cannot be opened ({error}): it must be PROVIDER:MODEL, "
                "the provider's LangChain package must be installed, and FAQ_CHAT_API_KEY or the provider's own "
                "variable must hold a key where it wants one"
            ) from error
        return model

    return ChatModel(name, compatible if base_url else provided, seconds=seconds, tokens=tokens, retries=retries)
