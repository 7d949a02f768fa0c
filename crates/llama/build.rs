//! Remembers for which processor the build is, when it is for that of this computer alone (PLLM_LLM_NATIVE=1): the child asks for
//! the same one before it runs any of llama.cpp's code.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PLLM_LLM_NATIVE");
    if std::env::var("PLLM_LLM_NATIVE").as_deref() != Ok("1") {
        return;
    }
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let flags = cpuinfo.lines().find(|line| line.starts_with("flags") || line.starts_with("Features"));
    let names = flags.and_then(|line| line.split_once(':')).map_or("", |(_, names)| names);
    // Those that stand for instructions; others come and go with the kernel and the virtual machine.
    let kinds = ["sse", "ssse", "avx", "amx", "fma", "f16c", "bmi", "asimd", "sve", "i8mm", "bf16"];
    let needed: Vec<&str> =
        names.split_whitespace().filter(|name| kinds.iter().any(|kind| name.starts_with(kind))).collect();
    println!("cargo::rustc-env=PLLM_LLM_NATIVE_FLAGS={}", needed.join(" "));
}
