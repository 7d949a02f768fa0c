//! What a worker takes from itself before it reads anything: files, network, other processes. Where the kernel cannot, it says so.

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Compare,
    SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;

/// Open files: the three pipes and the two of the memory meter, with room for landlock's own.
const MAX_OPEN_FILES: u64 = 8;
/// And those of a library that opens the one file that it may read, more than once.
const MAX_OPEN_FILES_WITH_ONE: u64 = 24;

/// What a worker needs beyond its pipes. Nothing, by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowance {
    /// A file that it may open for reading. Where the kernel has no landlock it could open others for reading as well: system
    /// calls are told apart by their numbers, not by names of files.
    pub file: Option<PathBuf>,
    /// Whether it may start threads. What it may not do, they may not either.
    pub threads: bool,
}

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
pub(super) fn confine(allowance: &Allowance) -> Confinement {
    // A parent that is killed while this process computes would leave it computing.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    limit(Resource::Core, 0);
    limit(Resource::Fsize, 0);
    limit(Resource::Nofile, if allowance.file.is_some() { MAX_OPEN_FILES_WITH_ONE } else { MAX_OPEN_FILES });
    // Landlock first: its calls are none of those that seccomp leaves.
    let landlock = landlock(allowance).unwrap_or_else(|error| Strength::Not(error.to_string()));
    let seccomp = match seccomp(allowance) {
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

/// Handles every right there is and grants none but to read the one file.
fn landlock(allowance: &Allowance) -> Result<Strength, Box<dyn Error>> {
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?;
    let mut rules = rules.create()?;
    if let Some(file) = &allowance.file {
        rules = rules.add_rule(PathBeneath::new(PathFd::new(file)?, AccessFs::ReadFile))?;
    }
    Ok(match rules.restrict_self()?.ruleset {
        RulesetStatus::FullyEnforced => Strength::Full,
        RulesetStatus::PartiallyEnforced => Strength::Partly,
        RulesetStatus::NotEnforced => Strength::Not("this kernel has none".to_owned()),
    })
}

fn seccomp(allowance: &Allowance) -> Result<(), String> {
    let program = filter(allowance).map_err(|error| error.to_string())?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

/// Every call that is not listed fails as one that the kernel does not have (`ENOSYS`): libraries have a way around what is
/// missing, such as working without threads, where they take what is forbidden for a fault.
fn filter(allowance: &Allowance) -> Result<BpfProgram, BackendError> {
    let absent = u32::try_from(libc::ENOSYS).unwrap_or(libc::ENOSYS.unsigned_abs());
    SeccompFilter::new(
        allowed(allowance)?,
        SeccompAction::Errno(absent),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

/// What reading, computing and replying need.
fn allowed(allowance: &Allowance) -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
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
    if allowance.file.is_some() {
        reading(&mut rules)?;
    }
    if allowance.threads {
        threads(&mut rules)?;
    }
    Ok(rules)
}

/// To open for reading, and to look at what was opened.
fn reading(rules: &mut BTreeMap<i64, Vec<SeccompRule>>) -> Result<(), BackendError> {
    let writing = u64::from((libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC).unsigned_abs());
    let for_reading = SeccompCondition::new(2, Length::Dword, Compare::MaskedEq(writing), 0)?;
    rules.insert(libc::SYS_openat, vec![SeccompRule::new(vec![for_reading])?]);
    for call in [libc::SYS_fstat, libc::SYS_newfstatat, libc::SYS_pread64, libc::SYS_fadvise64] {
        rules.insert(call, Vec::new());
    }
    Ok(())
}

/// To start threads, no processes, and to let them wait.
fn threads(rules: &mut BTreeMap<i64, Vec<SeccompRule>>) -> Result<(), BackendError> {
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    // `clone3` hides its flags behind a pointer; without it the C library takes `clone`.
    let no_process = SeccompCondition::new(0, Length::Dword, Compare::MaskedEq(thread), thread)?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![no_process])?]);
    let waiting = [libc::SYS_set_robust_list, libc::SYS_rseq, libc::SYS_clock_nanosleep, libc::SYS_getcpu];
    for call in waiting {
        rules.insert(call, Vec::new());
    }
    // A processor's matrix unit (AMX) is asked for by each process that uses it.
    #[cfg(target_arch = "x86_64")]
    {
        let unit = SeccompCondition::new(0, Length::Dword, Compare::Eq, ARCH_REQ_XCOMP_PERM)?;
        rules.insert(libc::SYS_arch_prctl, vec![SeccompRule::new(vec![unit])?]);
    }
    Ok(())
}

/// The request for a large register state (Linux, `arch/x86/include/uapi/asm/prctl.h`).
#[cfg(target_arch = "x86_64")]
const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
