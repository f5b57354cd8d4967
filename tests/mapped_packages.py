"""Lets import-linter find the folders of the checkout under the names that they are installed as.

grimp, which reads the imports, refuses `failback.reprotect` as a root where `failback` itself is a package: it expects
one folder below the other. Here each is a folder of its own (`package-dir` in pyproject.toml), so each is a root.
"""

from importlib.machinery import ModuleSpec

from grimp.adaptors.packagefinder import ImportLibPackageFinder
from grimp.application.config import settings
from importlinter.contracts.layers import LayersContract


class MappedPackageFinder(ImportLibPackageFinder):
    """Finds a package wherever it is installed from, whatever its parent is."""

    def _has_a_non_namespace_parent(self, spec: ModuleSpec) -> bool:  # the signature is grimp's
        return False


settings.configure(PACKAGE_FINDER=MappedPackageFinder())


class MappedLayers(LayersContract):
    """import-linter's own contract on layers; naming it in pyproject.toml loads this module."""
