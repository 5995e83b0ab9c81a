#include "CAllocator.h"

#include <malloc.h>

size_t allocator_bytes_taken(void) {
  struct mallinfo2 state = mallinfo2();
  return state.uordblks + state.hblkhd;
}
