"""The settings in playwright.config.py at the root, whose name cannot be imported."""

import importlib.util
from types import ModuleType

from playwright.sync_api import ViewportSize

from tools.paths import ROOT


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("playwright_config", ROOT / "playwright.config.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_settings = _load()
BOOT_TIMEOUT: int = _settings.BOOT_TIMEOUT
LAUNCH_FLAGS: list[str] = _settings.LAUNCH_FLAGS
LOCALE: str = _settings.LOCALE
TIMEOUT: int = _settings.TIMEOUT
VIEWPORT: ViewportSize = _settings.VIEWPORT
CHROMIUM: str | None = _settings.chromium()
