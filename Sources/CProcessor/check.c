// All other modules are compiled for x86-64-v3. This one is not, so it runs on older processors and can say so.

#if defined(__x86_64__)
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void requireInstructionSet(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return;
  static const char sentence[] =
    "This processor has no AVX2 and FMA, which the package is compiled for; use one from 2015 or later, or change "
    "'instructionSet' in Package.swift.\n";
  (void)!write(STDERR_FILENO, sentence, strlen(sentence));
  _exit(1);
}
#endif
