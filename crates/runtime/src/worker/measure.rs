//! How much memory a worker has: read from `/proc` files that were opened before it shut itself in.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};

/// The files, each where the kernel has it.
#[derive(Debug)]
pub(super) struct Meter {
    status: Option<File>,
    clear: Option<File>,
}

/// Bytes, each where the kernel tells.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Memory {
    /// The most that was resident since [`Meter::reset`].
    pub(super) peak: Option<u64>,
    /// What is resident now.
    pub(super) resident: Option<u64>,
    /// Address space that is taken.
    pub(super) addresses: Option<u64>,
}

/// The memory of another process that is still there.
pub(super) fn of_process(pid: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    Memory::of(&status)
}

impl Memory {
    fn of(status: &str) -> Self {
        Self {
            peak: field(status, "VmHWM:"),
            resident: field(status, "VmRSS:"),
            addresses: field(status, "VmSize:"),
        }
    }
}

impl Meter {
    pub(super) fn open() -> Self {
        Self {
            status: File::open("/proc/self/status").ok(),
            clear: File::options().write(true).open("/proc/self/clear_refs").ok(),
        }
    }

    /// Begins a new measurement of the peak (`5` in proc(5), `/proc/pid/clear_refs`).
    pub(super) fn reset(&mut self) {
        if let Some(file) = &mut self.clear {
            // Where that fails, the peak is that of all work so far.
            let _ = file.write_all(b"5");
        }
    }

    /// Memory as it is now.
    pub(super) fn read(&mut self) -> Memory {
        let mut bytes = [0; 4096];
        let read = |file: &mut File| {
            file.seek(SeekFrom::Start(0))?;
            file.read(&mut bytes)
        };
        let Some(Ok(length)) = self.status.as_mut().map(read) else { return Memory::default() };
        Memory::of(&String::from_utf8_lossy(&bytes[..length]))
    }
}

/// The bytes after `name`, which the kernel gives in KiB.
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_told_in_bytes() {
        let status = "Name:\tx\nVmSize:\t   3000 kB\nVmHWM:\t    12 kB\n";
        assert_eq!(field(status, "VmHWM:"), Some(12 << 10));
        assert_eq!(field(status, "VmRSS:"), None);
        let memory = Meter::open().read();
        assert!(memory.peak >= memory.resident && memory.addresses > memory.peak, "{memory:?}");
    }
}
