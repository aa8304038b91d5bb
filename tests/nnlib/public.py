"""What a package offers by name."""

from types import ModuleType


def public_names(package: ModuleType) -> list[str]:
    """The names that a package defines or passes on, its modules aside."""
    return sorted(name for name, value in vars(package).items() if name[0] != "_" and not isinstance(value, ModuleType))
