// A register holds two numbers for each of eight filters. In the forward pass they belong to two images with interleaved
// pixels; for dW, to two neighbouring weights, whose pixels are adjacent anyway. So every multiply-add loads two numbers
// and repeats them, no patch is copied, and every sum is added up in the order of its terms.
#include "CConvolution.h"

#include <string.h>

typedef float float16 __attribute__((ext_vector_type(16), aligned(4)));
typedef float float8 __attribute__((ext_vector_type(8), aligned(4)));
typedef double double8 __attribute__((ext_vector_type(8)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

/// p[0] and p[1], eight times.
#define REPEAT_PAIR(p) ((float16)(double8)(*(const pair *)(p)))
typedef double pair __attribute__((aligned(4), may_alias));

/// - at_once: places whose sums stay in registers.
INLINE void convolve_inline(
    const float *pixels, long side, const int *corners, long places, const float *weights, const float *bias, long f,
    float *first, float *second, long filters, long columns, const int at_once) {
  float16 b = *(const float16 *)bias;
  for (long place = 0; place < places; place += at_once) {
    const float *corner[at_once];
    float16 sum[at_once];
    UNROLL for (int i = 0; i < at_once; i++) {
      corner[i] = pixels + 2 * corners[place + i < places ? place + i : places - 1];
      sum[i] = 0;
    }
    const float *weight = weights;
    for (long row = 0; row < f; row++) {
      for (long column = 0; column < f; column++, weight += 16) {
        float16 w = *(const float16 *)weight;
        UNROLL for (int i = 0; i < at_once; i++)
          sum[i] = __builtin_elementwise_fma(REPEAT_PAIR(corner[i] + 2 * column), w, sum[i]);
      }
      UNROLL for (int i = 0; i < at_once; i++) corner[i] += 2 * side;
    }
    UNROLL for (int i = 0; i < at_once; i++) {
      if (place + i >= places) continue;
      float16 z = sum[i] + b;
      z = z <= 0 ? 0 : z;  // written this way, a NaN stays a NaN
      float8 even = z.even, odd = z.odd;
      float *y0 = first + (place + i) * filters, *y1 = second + (place + i) * filters;
      if (columns == 8) {
        *(float8 *)y0 = even;
        *(float8 *)y1 = odd;
      } else {
        memcpy(y0, &even, columns * sizeof(float));
        memcpy(y1, &odd, columns * sizeof(float));
      }
    }
  }
}

enum { pairs_at_once = 5 };

/// - rows: rows of a filter whose sums stay in registers; rows beyond its last are computed but not used.
INLINE void convolution_gradient_inline(
    const float *images, long side, const int *corners, long places, long first, long count, const float *dz,
    long filters, long f, float *sums, const int rows) {
  long pairs = (f + 2 * pairs_at_once - 1) / (2 * pairs_at_once) * pairs_at_once;
  for (long top = 0; top < f; top += rows) {
    for (long left = 0; left < f; left += 2 * pairs_at_once) {
      float *tile = sums + 16 * (top * pairs + left / 2);
      float16 sum[rows][pairs_at_once];
      long row[rows];
      UNROLL for (int i = 0; i < rows; i++) {
        row[i] = (top + i < f ? top + i : f - 1) * side + left;
        UNROLL for (int j = 0; j < pairs_at_once; j++) sum[i][j] = *(const float16 *)(tile + 16 * (i * pairs + j));
      }
      for (long start = first, end; start < first + count; start = end) {
        long image = start / places, next = (image + 1) * places;
        end = next < first + count ? next : first + count;
        const float *pixels = images + image * side * side;
        const int *corner_here = corners + start % places;
        const float *dz_here = dz + start * filters;
        for (long n = end - start; n > 0; n--, corner_here++, dz_here += filters) {
          float8 d = *(const float8 *)dz_here;
          float16 twice = __builtin_shufflevector(d, d, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
          const float *corner = pixels + *corner_here;
          UNROLL for (int i = 0; i < rows; i++) {
            UNROLL for (int j = 0; j < pairs_at_once; j++)
              sum[i][j] = __builtin_elementwise_fma(REPEAT_PAIR(corner + row[i] + 2 * j), twice, sum[i][j]);
          }
        }
      }
      UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < pairs_at_once; j++) *(float16 *)(tile + 16 * (i * pairs + j)) = sum[i][j];
      }
    }
  }
}

// MARK: - With the registers that the processor has: 32 of 16 numbers, or at least 16 of 8

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx512f,avx512vl,avx512dq")))

WIDE static void convolve_wide(
    const float *pixels, long side, const int *corners, long places, const float *weights, const float *bias, long f,
    float *first, float *second, long filters, long columns) {
  convolve_inline(pixels, side, corners, places, weights, bias, f, first, second, filters, columns, 8);
}

WIDE static void convolution_gradient_wide(
    const float *images, long side, const int *corners, long places, long first, long count, const float *dz,
    long filters, long f, float *sums) {
  convolution_gradient_inline(images, side, corners, places, first, count, dz, filters, f, sums, 5);
}

static int is_wide(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
#endif

void convolve(
    const float *pixels, long side, const int *corners, long places, const float *weights, const float *bias, long f,
    float *first, float *second, long filters, long columns) {
#if defined(__x86_64__)
  if (is_wide())
    return convolve_wide(pixels, side, corners, places, weights, bias, f, first, second, filters, columns);
#endif
  convolve_inline(pixels, side, corners, places, weights, bias, f, first, second, filters, columns, 4);
}

void convolution_gradient(
    const float *images, long side, const int *corners, long places, long first, long count, const float *dz,
    long filters, long f, float *sums) {
#if defined(__x86_64__)
  if (is_wide()) return convolution_gradient_wide(images, side, corners, places, first, count, dz, filters, f, sums);
#endif
  convolution_gradient_inline(images, side, corners, places, first, count, dz, filters, f, sums, 1);
}
