"""Standard output and error: without secrets, and quiet once their reader has gone."""

import io
import logging
import sys
import threading

import pytest

from failback.adapters.redaction import HIDDEN
from failback.scenarios.cli.redacted_streams import RedactedStream, print_with_login, redacted_streams

SECRET = "Bearer CANARY-of-a-stream"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nothing_that_is_printed_logged_or_traced_has_a_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    with redacted_streams():
        sys.stdout.write(f"printed {SECRET}\n")
        sys.stderr.writelines(["written ", SECRET, "\n"])
        handler = logging.StreamHandler()
        handler.emit(logging.LogRecord("azure.core", logging.INFO, "", 1, "logged %s", (SECRET,), None))
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    captured = capsys.readouterr()
    assert captured.out == f"printed Bearer {HIDDEN}\n"
    assert [word for word in ("written", "logged", "Traceback", "RuntimeError") if word not in captured.err] == []
    assert "CANARY" not in captured.err


def test_one_line_may_be_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with redacted_streams():
        print_with_login("https://user:CANARY@127.0.0.1")
    print_with_login("https://user:CANARY@127.0.0.1")
    assert capsys.readouterr().out == "https://user:CANARY@127.0.0.1\n" * 2


def test_the_bytes_behind_are_no_way_round() -> None:
    assert not hasattr(RedactedStream(sys.__stdout__ or io.StringIO()), "buffer")


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


class Full(io.StringIO):
    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_reader_that_has_gone_is_no_mistake() -> None:
    stream = RedactedStream(Gone())
    assert (stream.write("one"), stream.write("two")) == (3, 3)


def test_a_full_disk_is_one() -> None:
    with pytest.raises(OSError, match="No space left"):
        RedactedStream(Full()).flush()
