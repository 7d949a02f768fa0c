# Read by CMake right after each `project()` of llama.cpp: `.cargo/config.toml` sets CMAKE_PROJECT_INCLUDE.
#
# The crate that builds it always asks for its helpers for programs (argument parsers, an HTTP client, chat formats). We call
# none of them, and they are a good part of what there is to compile.
if(PROJECT_NAME STREQUAL "llama.cpp")
    set(LLAMA_BUILD_COMMON OFF CACHE BOOL "" FORCE)
endif()
