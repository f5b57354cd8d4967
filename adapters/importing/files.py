"""Files as bytes, within bounds: one file, a folder of them, or a zip; an xlsx stays whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from .records import CannotImport

FILE_MAX_BYTES: Final = 512_000_000
"""Largest file that is read."""
UNPACKED_MAX_BYTES: Final = 1_000_000_000
"""Most that a zip or xlsx may unpack to."""
RATIO_MAX: Final = 200
"""Most that a large entry may be packed; tables pack 10 to 40 times, a zip bomb a thousand."""
RATIO_FROM_BYTES: Final = 20_000_000
FILES_MAX: Final = 100_000
"""Most files in a folder or zip."""
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file's bytes. `name` is what is shown: no folder of this computer is in it."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """The end of the name, in lower case."""
        return PurePosixPath(self.name).suffix.lower()


def blobs_of(path: Path) -> list[Blob]:
    """The files at a path, in order of their names. Raises `CannotImport`."""
    try:
        if path.is_dir():
            return [_blob(each, each.relative_to(path.parent).as_posix()) for each in _files_in(path)]
        return list(_unpacked(_blob(path, path.name)))
    except OSError as broken:
        raise CannotImport(str(path), f"it cannot be read: {broken.strerror}; check its path and permissions") from None


def _files_in(folder: Path) -> list[Path]:
    found = [each for each in sorted(folder.rglob("*")) if each.is_file() and not each.name.startswith(".")]
    if len(found) > FILES_MAX:
        raise CannotImport(folder.name, f"there are more than {FILES_MAX:,} files in it; name the ones that you mean")
    return found


def _blob(path: Path, name: str) -> Blob:
    size = path.stat().st_size
    if size > FILE_MAX_BYTES:
        most = f"{FILE_MAX_BYTES // 1_000_000} MB"
        raise CannotImport(name, f"it has {size / 1e9:.1f} GB and at most {most} are read; export less")
    return Blob(name, path.read_bytes())


def _unpacked(blob: Blob) -> Iterator[Blob]:
    if not blob.content.startswith(ZIP) or blob.suffix == ".xlsx":
        yield blob
        return
    with opened(blob) as archive:
        if "[Content_Types].xml" in archive.namelist():
            yield blob
            return
        for entry in sorted(archive.infolist(), key=lambda each: each.filename):
            if not entry.is_dir():
                yield Blob(f"{blob.name}/{entry.filename}", _content(archive, entry, blob.name))


def opened(blob: Blob) -> ZipFile:
    """The zip, once its directory says that it is no bomb. Raises `CannotImport`."""
    try:
        archive = ZipFile(BytesIO(blob.content))
    except (BadZipFile, ValueError) as broken:
        raise CannotImport(blob.name, f"the zip is damaged ({broken}); export it again") from None
    entries = archive.infolist()
    large = sum(entry.file_size for entry in entries) > UNPACKED_MAX_BYTES
    if large or len(entries) > FILES_MAX or any(map(_is_bomb, entries)):
        most = f"{UNPACKED_MAX_BYTES // 1_000_000_000} GB"
        raise CannotImport(
            blob.name, f"it would unpack to far more than its own size, or to more than {most}; it is not opened"
        )
    return archive


def _is_bomb(entry: ZipInfo) -> bool:
    return entry.file_size > max(RATIO_FROM_BYTES, entry.compress_size * RATIO_MAX)


def _content(archive: ZipFile, entry: ZipInfo, name: str) -> bytes:
    try:
        return archive.read(entry)
    except (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as broken:  # zipfile: unknown compression
        raise CannotImport(name, f"{entry.filename} in it cannot be unpacked ({broken})") from None
