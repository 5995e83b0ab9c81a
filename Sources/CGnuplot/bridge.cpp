#include "CGnuplot.h"
extern "C" int gnuplot_bridge_stub(void) { return 0; }
