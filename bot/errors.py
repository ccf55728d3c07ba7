"""The exception hierarchy.

StudyError                 a refusal; its text is what the member or the operator reads
├── NotFound               no such course, path, module, unit or member; the text suggests similar names
├── BadInput               a value that can't be used; the text says which one can
├── NotAllowed             another member's button, a hidden member, a missing permission
├── NothingYet             nothing is wrong, but something has to be started first; it has the button for it
├── Stale                  a button or a form that is older than what it is about
├── Busy                   the database did not answer in time, or a computation failed; nothing was changed
└── CannotStart            the process can't run with this installation
    ├── BadSettings        a setting, such as the token, has to be corrected first; exit code 78
    ├── BrokenCourse       course files with faults, each with its place
    │   └── BrokenBank     question files with faults
    └── UnusableDatabase   the database can't be opened, or is newer than the code
        └── DamagedDatabase   the file is not a database, or is corrupt
"""

from collections.abc import Sequence

INTERRUPTED = 130
"""Exit code of a process that was interrupted, by the convention of shells."""


def one_line(text: str) -> str:
    """Replace line breaks and control characters, which a terminal would obey, by question marks."""
    return "".join(each if each.isprintable() else "?" for each in text)


class StudyError(Exception):
    """A refusal. ``str(error)`` says what is wrong and what to do."""

    exit_code = 1
    """Exit code of a process that ends because of this error."""


class NotFound(StudyError):
    """A name of something that does not exist. The text ends with similar names."""


class BadInput(StudyError):
    """A value that can't be used."""


class NotAllowed(StudyError):
    """The person may not do this."""


class NothingYet(StudyError):
    """Nothing is wrong, but something has to be started first. The message is neutral and has one button for that.

    ``action`` is the verb of the button and its state.
    """

    def __init__(self, text: str, label: str, *action: str) -> None:
        super().__init__(text)
        self.label = label
        self.action = action


class Stale(StudyError):
    """The message or form is older than what it is about."""


class Busy(StudyError):
    """The database did not answer in time, or a computation failed. Nothing was changed."""


class CannotStart(StudyError):
    """The process can't run with this installation; the text says what to correct."""


class BadSettings(CannotStart):
    """Settings that can't be used; ``faults`` has a sentence for each.

    Starting again changes nothing, so the exit code is EX_CONFIG of ``sysexits.h``.
    """

    exit_code = 78

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        many = "Some settings can't be used:\n" + "\n".join(f"- {fault}" for fault in self.faults)
        super().__init__(self.faults[0] if len(self.faults) == 1 else many)


class BrokenCourse(CannotStart):
    """Course files with faults; ``faults`` has a line for each, with its file and place."""

    files = "course files"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(map(one_line, faults))
        count = "1 problem" if len(self.faults) == 1 else f"{len(self.faults)} problems"
        super().__init__(f"{count} in the {self.files}:\n" + "\n".join(f"- {fault}" for fault in self.faults))


class BrokenBank(BrokenCourse):
    """Question files with faults."""

    files = "question files"


class UnusableDatabase(CannotStart):
    """The database can't be opened, or was written by a newer Waymark."""


class DamagedDatabase(UnusableDatabase):
    """The file is not a database, or is corrupt."""
