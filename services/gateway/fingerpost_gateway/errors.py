"""What can go wrong in the gateway itself.

GatewayError
├── SettingsError        the settings file or an environment variable cannot be used
├── UnsafeAddressError   asked to listen beyond this machine without any key configured
├── PortInUseError       another program listens on the address
├── DataDirectoryError   the data directory is missing, read-only, full or held by another process
├── ServerUnreachableError  the running server's control socket does not answer
└── BackupError          a backup cannot be written, read or restored

Every message names the cause and the cure: it is shown to the person as it stands.
"""

from __future__ import annotations


class GatewayError(Exception):
    """Base of every error that this package raises on purpose."""


class SettingsError(GatewayError):
    """The settings file or an environment variable cannot be used."""


class UnsafeAddressError(GatewayError):
    """Asked to listen beyond this machine although no key is configured."""


class PortInUseError(GatewayError):
    """Another program listens on the address."""


class DataDirectoryError(GatewayError):
    """The data directory is missing, read-only, full or held by another process."""


class ServerUnreachableError(GatewayError):
    """The running server's control socket does not answer."""


class BackupError(GatewayError):
    """A backup cannot be written, read or restored."""
