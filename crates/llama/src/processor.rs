//! Can this processor run the code that llama.cpp was compiled to? Asked before any of it runs: an instruction that it does not
//! have would end the process.

/// What the processor lacks; none when nothing is missing.
pub(crate) fn missing() -> Option<String> {
    match NATIVE {
        Some(needed) => missing_of(needed, &std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default()),
        None => missing_of_portable(),
    }
}

/// What the processor of the build had, where the build was for that processor alone (build.rs).
const NATIVE: Option<&str> = option_env!("PLLM_LLM_NATIVE_FLAGS");

/// The names of `needed` that /proc/cpuinfo does not list.
fn missing_of(needed: &str, cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("flags") || line.starts_with("Features"));
    let here: Vec<&str> = line
        .and_then(|line| line.split_once(':'))
        .map_or("", |(_, names)| names)
        .split_whitespace()
        .collect();
    listed(needed.split_whitespace().filter(|name| !here.contains(name)))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// llama.cpp's own choice for x86-64 where nothing else is asked for (ggml/CMakeLists.txt).
#[cfg(target_arch = "x86_64")]
fn missing_of_portable() -> Option<String> {
    let needed = [
        ("SSE4.2", std::is_x86_feature_detected!("sse4.2")),
        ("AVX", std::is_x86_feature_detected!("avx")),
        ("AVX2", std::is_x86_feature_detected!("avx2")),
        ("BMI2", std::is_x86_feature_detected!("bmi2")),
        ("FMA", std::is_x86_feature_detected!("fma")),
        ("F16C", std::is_x86_feature_detected!("f16c")),
    ];
    listed(needed.into_iter().filter(|(_, is_here)| !is_here).map(|(name, _)| name))
}

/// Elsewhere it is compiled for the least processor of its kind.
#[cfg(not(target_arch = "x86_64"))]
fn missing_of_portable() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let info = "processor\t: 0\nflags\t\t: fpu sse2 avx2 fma\nbugs\t\t: amx_tile\n";
        assert_eq!(missing_of("avx2 fma", info), None);
        assert_eq!(missing_of("avx2 amx_tile avx512f", info).as_deref(), Some("amx_tile, avx512f"));
        assert_eq!(missing_of("avx2", "").as_deref(), Some("avx2"));
    }
}
