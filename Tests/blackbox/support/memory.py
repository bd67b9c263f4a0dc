"""What stands in a process's memory. Reading that of a non-dumpable process takes root."""

import re
from dataclasses import dataclass, field


@dataclass
class Mapping:
    """One range of addresses, as /proc/PID/smaps tells it."""

    start: int
    end: int
    mode: str
    name: str
    flags: set = field(default_factory=set)

    @property
    def is_secure_heap(self):
        """Locked into memory and left out of core dumps, both of which nothing else here is."""
        return {"lo", "dd"} <= self.flags

    def __str__(self):
        return f"{self.start:x}-{self.end:x} {self.mode} {self.name or 'anonymous'}"


HEAD = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$")


def mappings(pid):
    found = []
    with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as file:
        for line in file:
            if match := HEAD.match(line):
                found.append(Mapping(int(match[1], 16), int(match[2], 16), match[3], match[4].strip()))
            elif line.startswith("VmFlags:"):
                found[-1].flags = set(line.split()[1:])
    return found


def contents(pid):
    """Every readable mapping with its bytes."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for mapping in mappings(pid):
            # The kernel's own pages, which are the same in every process, cannot be read from outside.
            if mapping.mode.startswith("r") and not mapping.name.startswith(("[vvar", "[vsyscall")):
                yield mapping, read(memory, mapping)


def read(memory, mapping):
    data = bytearray()
    while (at := mapping.start + len(data)) < mapping.end:
        memory.seek(at)
        try:
            part = memory.read(mapping.end - at)
        except OSError as error:
            raise OSError(f"{mapping} cannot be read at {at:x}") from error
        if not part:
            break
        data += part
    return bytes(data)


def places(pid, needles):
    """Where any of these byte strings stands: (mappings of the secure heap, all other mappings)."""
    inside, outside = [], []
    for mapping, data in contents(pid):
        for needle in needles:
            count = data.count(needle)
            if count:
                (inside if mapping.is_secure_heap else outside).append((needle, count, str(mapping)))
    return inside, outside
