//! What waits and works: the CPU pool, the HTTP client, the local blob folder.
