"""What Waymark refuses, drawn once.

StudyError                 a refusal; its text is what the member or the operator reads
├── NotFound               no such course, path, module, unit or member; says what was meant
├── BadInput               a value that can't be used; says which one would do
├── NotAllowed             somebody else's button, a hidden member, a missing permission
├── Stale                  a button or a form from before something changed
├── Busy                   the database is occupied; nothing was changed
└── CannotStart            the process can't run as it is set up
    ├── BadSettings        a setting has to be mended first, such as the token; exit code 78
    ├── BrokenCourse       a course file with faults, each with its place
    │   └── BrokenBank     a question file with faults
    └── UnusableDatabase   the database can't be opened, or is newer than the code
"""

from collections.abc import Sequence


class StudyError(Exception):
    """A refusal. ``str(error)`` is a sentence for a person: what is wrong, and what to do instead."""

    exit_code = 1
    """What a process ends with that this refusal ended."""


class NotFound(StudyError):
    """Something named that does not exist. The text ends with what may have been meant."""


class BadInput(StudyError):
    """A value that can't be used."""


class NotAllowed(StudyError):
    """The person may not do this."""


class Stale(StudyError):
    """The message or form is older than what it shows."""


class Busy(StudyError):
    """The database did not answer in time. Nothing was changed."""


class CannotStart(StudyError):
    """The process can't run as it is set up; the text says what to mend."""


class BadSettings(CannotStart):
    """A setting that can't be used. To start again changes nothing: EX_CONFIG of ``sysexits.h`` says so."""

    exit_code = 78


class BrokenCourse(CannotStart):
    """Course files with faults; ``faults`` has one line for each, with its file and place."""

    files = "course files"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__(f"{count} in the {self.files}:\n" + "\n".join(f"- {fault}" for fault in self.faults))


class BrokenBank(BrokenCourse):
    """Question files with faults."""

    files = "question files"


class UnusableDatabase(CannotStart):
    """The database can't be opened, or was written by a newer Waymark."""
