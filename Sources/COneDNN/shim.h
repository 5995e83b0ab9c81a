// oneDNN's C interface, the two settings that every calling thread needs, and instructions that Swift cannot express.
#pragma once
#include <dlfcn.h>
#include <dnnl.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/// Prepares the calling thread for arithmetic: turns off oneDNN's own threads (parallelism is ours), and flushes denormal
/// numbers to zero, because they cost a hundred cycles each and a decaying moment estimate is full of them.
static inline void numeric_prepare_thread(void) {
  // Looked up by name, because a oneDNN built without OpenMP has no such function and needs none. (0 is RTLD_DEFAULT.)
  void (*set_threads)(int) = (void (*)(int))dlsym((void *)0, "omp_set_num_threads");
  if (set_threads) set_threads(1);
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  unsigned long control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" ::"r"(control | (1ul << 24)));
#endif
}

typedef dnnl_status_t (*numeric_bfloat16_gemm)(
    char, char, dnnl_dim_t, dnnl_dim_t, dnnl_dim_t, float, const unsigned short *, dnnl_dim_t, const unsigned short *,
    dnnl_dim_t, float, float *, dnnl_dim_t);

/// The product of bfloat16 matrices, with arguments as those of dnnl_sgemm; null where oneDNN has none.
static inline numeric_bfloat16_gemm numeric_find_bfloat16_gemm(void) {
  return (numeric_bfloat16_gemm)dlsym((void *)0, "dnnl_gemm_bf16bf16f32");
}

/// Prefetches `rows` rows of `bytes` each, `stride` bytes apart.
static inline void numeric_prefetch(const void *start, long stride, long rows, long bytes) {
  for (long row = 0; row < rows; row++) {
    const char *line = (const char *)start + row * stride;
    for (long offset = 0; offset < bytes; offset += 64) __builtin_prefetch(line + offset);
    __builtin_prefetch(line + bytes - 1);
  }
}

/// Tells the processor that a loop does nothing but wait: some tens of nanoseconds.
static inline void numeric_pause(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

typedef float numeric_float8 __attribute__((ext_vector_type(8)));

/// a b + c, rounded once. (Swift's SIMD8 computes it one number after the other.)
static inline numeric_float8 numeric_multiply_add(numeric_float8 a, numeric_float8 b, numeric_float8 c) {
  return __builtin_elementwise_fma(a, b, c);
}

// Shuffles of two registers that stay within their halves, as 256-bit processors do in one instruction.
static inline numeric_float8 numeric_interleave_low(numeric_float8 a, numeric_float8 b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
}
static inline numeric_float8 numeric_interleave_high(numeric_float8 a, numeric_float8 b) {
  return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}
static inline numeric_float8 numeric_join_low(numeric_float8 a, numeric_float8 b) {
  return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
}
static inline numeric_float8 numeric_join_high(numeric_float8 a, numeric_float8 b) {
  return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}
