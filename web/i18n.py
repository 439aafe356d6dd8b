"""Two languages: Chinese is the language the pages are written in, English stands in a catalogue beside them.

A page says `_("中文")`; `translations/en/LC_MESSAGES/messages.po` holds the English. The catalogue is compiled in
memory when it is first needed, so there is nothing to build and nothing to forget. `python -m web.i18n` brings the
catalogue up to date with the pages and lists what is still to be translated.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import click
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.datastructures import MultiDict

from engine.core.texts import said

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

    from engine.errors import EngineError

LANGUAGES = {"zh": "中文", "en": "English"}
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
COOKIE = "relief_language"
YEAR = 365 * 24 * 3600
FOLDER = Path(__file__).resolve().parent
CATALOGUE = FOLDER / "translations" / "en" / "LC_MESSAGES" / "messages.po"
HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
SKIPPED_FOLDERS = ("frontend", "static", "translations", "__pycache__")


def init_app(app: Flask) -> None:
    """Make pages choose their language, and offer `language`, `html_lang` and `language_url` to templates."""
    babel = Babel()
    babel.init_app(
        app, default_locale=LOCALES["zh"], default_timezone=COUNTY_TIME.key, locale_selector=_selected_locale
    )
    babel.domain_instance = CatalogueDomain()
    app.after_request(_remember_language)
    app.context_processor(
        lambda: {"language": language(), "languages": LANGUAGES, "html_lang": HTML_LANGUAGES[language()]}
    )
    app.jinja_env.filters["said"] = in_reader_language
    app.jinja_env.globals["language_url"] = language_url


def language() -> str:
    """Return the language of the running request: `zh` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def refusal_text(error: EngineError) -> str:
    """Return what an error says to the reader, in their language and the county's time."""
    return error.text(language(), COUNTY_TIME)


def in_reader_language(text: str) -> str:
    """Return what a text kept in both languages, such as the reason of an incident, says to whoever reads it now."""
    return said(text, language())


def language_url(code: str) -> str:
    """Return the address of the page being shown, in another language."""
    arguments = MultiDict(request.args)
    arguments["lang"] = code
    return f"{request.path}?{urlencode(list(arguments.items(multi=True)))}"


class CatalogueDomain(Domain):  # type: ignore[misc]  # flask-babel carries no types
    """Gives Flask-Babel the English catalogue, and the source texts for everything else."""

    def get_translations(self) -> NullTranslations:
        """Return the translations for the running request."""
        return english() if language() == "en" else NullTranslations()


@lru_cache(maxsize=1)
def english() -> Translations:
    """Return the compiled English catalogue."""
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue())
    compiled.seek(0)
    return Translations(compiled)


def read_catalogue() -> Catalog:
    """Return the English catalogue as it stands in the source."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="en")


def used_messages() -> set[str | tuple[str, ...]]:
    """Return every text the pages and the Python of `web` mark for translation; plurals as tuples."""
    methods = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
    found = extract_from_dir(
        FOLDER,
        methods,
        options_map={"**.html": {"silent": "false"}},
        keywords={"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)},
        directory_filter=lambda folder: Path(folder).name not in SKIPPED_FOLDERS,
    )
    return {message if isinstance(message, str) else tuple(message) for _file, _line, message, *_ in found}


def missing_translations() -> list[str]:
    """Return the texts that are used and have no English, and those whose placeholders differ from the English."""
    catalogue = read_catalogue()
    missing = []
    for used in used_messages():
        message = catalogue.get(used if isinstance(used, str) else used[0])
        translated = message is not None and not message.fuzzy and message.string and all(_strings(message.string))
        if message is None or not translated or list(message.check(catalogue)):
            missing.append(used if isinstance(used, str) else used[0])
    return sorted(missing)


@click.command()
def main() -> None:
    """Add new texts to the English catalogue, drop those no longer used, and list what is to be translated."""
    catalogue = read_catalogue()
    used = used_messages()
    kept = {text if isinstance(text, str) else text[0] for text in used}
    for message in list(catalogue):
        identifier = message.id if isinstance(message.id, str) else message.id[0]
        if identifier and identifier not in kept:
            catalogue.delete(identifier)
    for text in used:
        if catalogue.get(text if isinstance(text, str) else text[0]) is None:
            catalogue.add(text)
    with CATALOGUE.open("wb") as target:
        target.write(HEADER.encode())
        write_po(target, catalogue, width=120, sort_output=True, no_location=True, omit_header=True)
    for text in missing_translations():
        click.echo(text)


def _strings(translation: str | tuple[str, ...] | list[str]) -> list[str]:
    return [translation] if isinstance(translation, str) else list(translation)


def _selected_locale() -> str:
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked not in LANGUAGES:
        asked = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh")
    return LOCALES["en"] if asked == "en" else LOCALES["zh"]


def _remember_language(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
        response.set_cookie(COOKIE, asked, max_age=YEAR, samesite="Lax", httponly=True)
    return response


if __name__ == "__main__":
    main()
