"""Plugins of pytest that a parent process imports for the processes that it forks.

pytest rewrites the `assert` statements of plugins when they are imported, through a hook of its own, and warns of those
that are there already. So they are imported through such a hook here. A forked process gets them from its own hook, at
the time when that one would import them, and only where it would rewrite them in the same way.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class PluginHook:
    """pytest's hook, and what is needed of a configuration for it."""

    def __init__(self) -> None:
        """Make one with the settings that a project has by default.

        Raises:
            Exception: this pytest has no such hook.
        """
        rewrite = importlib.import_module("_pytest.assertion.rewrite")
        stash = importlib.import_module("_pytest.stash")
        self.kind: type = rewrite.AssertionRewritingHook
        config = types.SimpleNamespace(getini=self._setting, stash=stash.Stash())
        config.stash[rewrite.assertstate_key] = types.SimpleNamespace(
            mode="rewrite", hook=None, trace=lambda *_: None
        )
        self._hook = self.kind(config)
        self._patterns = list(self._hook.fnpats)

    @contextmanager
    def installed(
        self, packages: list[str], register: Callable[[], None]
    ) -> Iterator[None]:
        """Rewrite packages that are imported meanwhile.

        Args:
            packages: their names.
            register: called when a module that is imported names others to be rewritten.
        """
        self._hook.mark_rewrite(*packages)
        mark = self._hook.mark_rewrite
        vars(self._hook)["mark_rewrite"] = lambda *_: register()
        sys.meta_path.insert(0, self._hook)
        try:
            yield
        finally:
            sys.meta_path.remove(self._hook)
            vars(self._hook)["mark_rewrite"] = mark

    def has_rewritten(self, module: Any) -> bool:
        """Tell whether a module has been imported through this hook.

        Args:
            module: any.

        Returns:
            True where its `assert` statements are rewritten.
        """
        return getattr(module, "__loader__", None) is self._hook

    def give_to(self, finder: Any) -> None:
        """Have the hooks of this process take the modules instead of importing them.

        Args:
            finder: holds them.
        """
        create, execute = self.kind.create_module, self.kind.exec_module

        def create_module(hook: Any, spec: Any) -> Any:
            if finder.may_take(spec) and self._is_alike(hook):
                return finder.take(spec)
            return create(hook, spec)

        def exec_module(hook: Any, module: Any) -> None:
            taken = finder.put_back(module)
            if taken is None:
                execute(hook, module)
                return
            for one in taken:
                if self.has_rewritten(one):
                    one.__loader__ = one.__spec__.loader = hook
                    hook._rewritten_names[one.__name__] = Path(one.__file__)

        self.kind.create_module = create_module  # type: ignore[attr-defined]
        self.kind.exec_module = exec_module  # type: ignore[attr-defined]

    def _is_alike(self, hook: Any) -> bool:
        """Tell whether a hook rewrites as this one, and the same modules."""
        return list(hook.fnpats) == self._patterns and not hook.config.getini(
            "enable_assertion_pass_hook"
        )

    @staticmethod
    def _setting(name: str) -> Any:
        if name == "enable_assertion_pass_hook":
            return False
        # The hook has its own default then.
        raise ValueError(name)


def preload_plugins(preloader: Any, plugins: dict[str, list[str]]) -> PluginHook | None:
    """Import plugins.

    Args:
        preloader: notes what their import comes to.
        plugins: the full names of modules, by the distribution.

    Returns:
        the hook that has them; None where this pytest has it not, and no plugin is imported.
    """
    try:
        hook = PluginHook()
        packages_of = importlib.import_module("_pytest.config")._iter_rewritable_modules
    except Exception:  # noqa: BLE001 - another pytest imports plugins as ever
        return None
    for distribution, names in plugins.items():
        try:
            files = importlib.metadata.files(distribution) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        packages = list(packages_of(str(file) for file in files))
        with hook.installed(packages, preloader.taint_imported):
            preloader.preload(names)
    return hook
