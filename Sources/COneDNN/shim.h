// oneDNN's C interface, and the one OpenMP call that switches its own threads off.
#pragma once
#include <dnnl.h>

/// Sets the number of OpenMP threads that products called from this thread may use (libgomp, which oneDNN links).
void omp_set_num_threads(int count);
