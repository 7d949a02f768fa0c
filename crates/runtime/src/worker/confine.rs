//! What a worker takes from itself before it reads anything: files, network, other processes. Where the kernel cannot, it says so.

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Compare,
    SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Open files: the three pipes and the two of the memory meter, with room for landlock's own.
const MAX_OPEN_FILES: u64 = 8;

/// How well a worker is shut in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// No file by its name and no network (landlock).
    pub landlock: Strength,
    /// Only the system calls of computing, reading and replying (seccomp).
    pub seccomp: Strength,
}

/// What came of one means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strength {
    /// All of it.
    Full,
    /// What this kernel knows of it.
    Partly,
    /// Nothing, and why.
    Not(String),
}

impl Confinement {
    /// Whether at least one of the means keeps a worker from files and network.
    #[must_use]
    pub fn holds(&self) -> bool {
        [&self.landlock, &self.seccomp].iter().any(|strength| !matches!(strength, Strength::Not(_)))
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "landlock: {}, seccomp: {}", self.landlock, self.seccomp)
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("yes"),
            Self::Partly => f.write_str("as far as this kernel knows it"),
            Self::Not(why) => write!(f, "no ({why})"),
        }
    }
}

/// Shuts the calling process in, for good. It must have one thread only: what is done here holds for the thread that does it.
pub(super) fn confine() -> Confinement {
    // A parent that is killed while this process computes would leave it computing.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    limit(Resource::Core, 0);
    limit(Resource::Fsize, 0);
    limit(Resource::Nofile, MAX_OPEN_FILES);
    // Landlock first: its calls are none of those that seccomp leaves.
    let landlock = landlock().unwrap_or_else(|error| Strength::Not(error.to_string()));
    let seccomp = match seccomp() {
        Ok(()) => Strength::Full,
        Err(why) => Strength::Not(why),
    };
    Confinement { landlock, seccomp }
}

/// Limits the address space from now on. It can be set again, higher too.
pub(super) fn limit_addresses(bytes: u64) {
    let _ = setrlimit(Resource::As, Rlimit { current: Some(bytes), maximum: None });
}

/// Sets a limit for good. A system that refuses leaves the other limits in force, which is why that is no error.
fn limit(resource: Resource, most: u64) {
    let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
}

/// Handles every right there is and grants none.
fn landlock() -> Result<Strength, RulesetError> {
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?;
    Ok(match rules.create()?.restrict_self()?.ruleset {
        RulesetStatus::FullyEnforced => Strength::Full,
        RulesetStatus::PartiallyEnforced => Strength::Partly,
        RulesetStatus::NotEnforced => Strength::Not("this kernel has none".to_owned()),
    })
}

fn seccomp() -> Result<(), String> {
    let program = filter().map_err(|error| error.to_string())?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

/// Every call that is not listed fails as one that the kernel does not have (`ENOSYS`): libraries have a way around what is
/// missing, such as working without threads, where they take what is forbidden for a fault.
fn filter() -> Result<BpfProgram, BackendError> {
    let absent = u32::try_from(libc::ENOSYS).unwrap_or(libc::ENOSYS.unsigned_abs());
    SeccompFilter::new(
        allowed()?,
        SeccompAction::Errno(absent),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

/// What reading, computing and replying need.
fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    const FREE: [i64; 23] = [
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_lseek,
        libc::SYS_close,
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_gettimeofday,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = FREE.iter().map(|call| (*call, Vec::new())).collect();
    let this = u64::from(std::process::id());
    let executable = u64::try_from(libc::PROT_EXEC).unwrap_or(4);
    let mut when = |call, condition| {
        rules.insert(call, vec![SeccompRule::new(vec![condition])?]);
        Ok::<_, BackendError>(())
    };
    // Memory, but none that could be run.
    let no_code = || SeccompCondition::new(2, Length::Dword, Compare::MaskedEq(executable), 0);
    when(libc::SYS_mmap, no_code()?)?;
    when(libc::SYS_mprotect, no_code()?)?;
    // Its own limits, and the signal by which it aborts itself.
    when(libc::SYS_prlimit64, SeccompCondition::new(0, Length::Dword, Compare::Eq, 0)?)?;
    when(libc::SYS_tgkill, SeccompCondition::new(0, Length::Dword, Compare::Eq, this)?)?;
    Ok(rules)
}
