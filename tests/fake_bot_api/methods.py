"""The Bot API's methods, as far as we use them: values of a request in, a result out, or `Refused`."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fake_bot_api.account import Account
from tests.fake_bot_api.journal import Journal
from tests.fake_bot_api.limits import Limits

Values = dict[str, Any]


class Refused(Exception):  # noqa: N818
    """The Bot API's own refusal."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Methods:
    """What one account may call."""

    def __init__(self, account: Account, limits: Limits, journal: Journal, now: Callable[[], float]) -> None:
        self.account = account
        self.limits = limits
        self.journal = journal
        self.now = now
        self.webhook_changed: Callable[[], Awaitable[None]] | None = None

    async def call(self, method: str, values: Values) -> Any:
        """One call. Method names are taken in any case, as by Telegram."""
        known = {
            "getme": self.get_me,
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "sendmessage": self.send_message,
            "sendphoto": self.send_photo,
            "senddocument": self.send_document,
            "editmessagetext": self.edit,
            "editmessagereplymarkup": self.edit,
            "answercallbackquery": self.answer_callback_query,
            "getfile": self.get_file,
            "setmycommands": self.set_my_commands,
        }
        if method.lower() not in known:
            raise Refused(404, "Not Found")
        return await known[method.lower()](values)

    async def get_me(self, _values: Values) -> Any:
        return self.account.me()

    async def get_updates(self, values: Values) -> Any:
        account = self.account
        if account.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        account.pollers += 1
        mine = account.pollers
        account.news.set()  # wakes an older poll, which then finds itself replaced
        if values.get("allowed_updates"):
            account.allowed = _parsed(values["allowed_updates"])
        if values.get("offset"):
            account.confirm(int(values["offset"]))
        deadline = self.now() + float(values.get("timeout") or 0)
        while not account.updates and self.now() < deadline:
            account.news.clear()
            try:
                async with asyncio.timeout(deadline - self.now()):
                    await account.news.wait()
            except TimeoutError:
                break
            if account.pollers != mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return [update for _number, update in account.updates[: int(values.get("limit") or 100)]]

    async def set_webhook(self, values: Values) -> Any:
        self.account.webhook = {
            "url": values["url"],
            "secret_token": values.get("secret_token", ""),
            "max_connections": int(values.get("max_connections") or 40),
        }
        if values.get("allowed_updates"):
            self.account.allowed = _parsed(values["allowed_updates"])
        return await self._webhook_is_new(values)

    async def delete_webhook(self, values: Values) -> Any:
        self.account.webhook = {}
        return await self._webhook_is_new(values)

    async def _webhook_is_new(self, values: Values) -> bool:
        if values.get("drop_pending_updates") == "true":
            self.account.updates.clear()
        if self.webhook_changed:
            await self.webhook_changed()
        return True

    async def get_webhook_info(self, _values: Values) -> Any:
        return {
            "url": self.account.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.account.updates),
        }

    async def send_message(self, values: Values) -> Any:
        text = str(values.get("text", ""))
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if _length(text) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        return self._accept("sendMessage", values, text=text)

    async def send_photo(self, values: Values) -> Any:
        data = self._uploaded(values, "photo")
        size = {"file_id": self.account.keep_file(data), "width": 1280, "height": 960, "file_size": len(data)}
        return self._accept("sendPhoto", values, photo=[size | {"file_unique_id": "u"}])

    async def send_document(self, values: Values) -> Any:
        data = self._uploaded(values, "document")
        sent = {"file_id": self.account.keep_file(data), "file_name": values["document"][0], "file_size": len(data)}
        return self._accept("sendDocument", values, document=sent | {"file_unique_id": "u"})

    async def edit(self, values: Values) -> Any:
        message = self.account.messages.get((int(values["chat_id"]), int(values["message_id"])))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        changes = {key: values[key] for key in ("text",) if key in values}
        changes |= {"reply_markup": _parsed(values["reply_markup"])} if "reply_markup" in values else {}
        if all(message.get(key) == value for key, value in changes.items()):
            raise Refused(400, "Bad Request: message is not modified")
        message |= changes | {"edit_date": int(self.account.clock())}
        self._journal("editMessage", message["chat"]["id"], message["message_id"], text=message.get("text", ""))
        return message

    async def answer_callback_query(self, values: Values) -> Any:
        self.account.answered_taps.append(str(values["callback_query_id"]))
        return True

    async def get_file(self, values: Values) -> Any:
        data = self.account.files.get(str(values["file_id"]))
        if data is None:
            raise Refused(400, "Bad Request: invalid file_id")
        if len(data) > 20 * 1024 * 1024:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": values["file_id"],
            "file_unique_id": "u",
            "file_size": len(data),
            "file_path": f"documents/{values['file_id']}",
        }

    async def set_my_commands(self, values: Values) -> Any:
        commands = _parsed(values["commands"])
        self.account.commands[str(values.get("language_code") or "")] = commands
        return True

    def _uploaded(self, values: Values, field: str) -> bytes:
        upload = values.get(field)
        if not isinstance(upload, tuple) or not upload[1]:
            raise Refused(400, "Bad Request: there is no file in the request")
        if _length(str(values.get("caption", ""))) > 1024:
            raise Refused(400, "Bad Request: message caption is too long")
        return bytes(upload[1])

    def _accept(self, method: str, values: Values, **content: Any) -> Any:
        """Where a message is taken: reachable, within the limits, written down, then answered."""
        chat = int(values["chat_id"])
        account = self.account
        if chat in account.migrated:
            to = account.migrated[chat]
            raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)
        if words := account.unreachable.get(chat):
            raise Refused(403 if words.startswith("Forbidden") else 400, words)
        markup = _parsed(values["reply_markup"]) if values.get("reply_markup") else None
        keys = [key for row in markup["inline_keyboard"] for key in row] if markup else []
        if any(not 1 <= len(key["callback_data"].encode()) <= 64 for key in keys):
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if pause := self.limits.admit(chat, self.now()):
            raise Refused(429, f"Too Many Requests: retry after {pause}", retry_after=pause)
        return self._taken(method, chat, values, markup, content)

    def _taken(self, method: str, chat: int, values: Values, markup: Any, content: Values) -> Any:
        caption = {"caption": str(values["caption"])} if values.get("caption") else {}
        message = {
            "message_id": self.account.next_message_id(),
            "from": self.account.me(),
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "Tổ công tác"},
            "date": int(self.account.clock()),
            **content,
            **caption,
            **({"reply_markup": markup} if markup else {}),
        }
        self.account.keep(message)
        file = next((part for part in values.values() if isinstance(part, tuple)), None)
        self._journal(
            method,
            chat,
            message["message_id"],
            text=str(values.get("text") or values.get("caption") or ""),
            silent=values.get("disable_notification") == "true",
            reply_to=(_parsed(values["reply_parameters"]) if values.get("reply_parameters") else {}).get("message_id"),
            buttons=[key["text"] for row in markup["inline_keyboard"] for key in row] if markup else [],
            file={"name": file[0], "sha256": hashlib.sha256(file[1]).hexdigest()} if file else None,
        )
        return message

    def _journal(self, method: str, chat: int, message_id: int, **more: Any) -> None:
        self.journal.accept(
            method=method, account=self.account.id, chat=chat, message_id=message_id, at=self.now(), **more
        )


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
