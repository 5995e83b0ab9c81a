#pragma once
#include <stddef.h>

/// Bytes that the whole process has taken from the allocator and not given back, in all of its arenas and in
/// mappings of their own.
size_t allocator_bytes_taken(void);
