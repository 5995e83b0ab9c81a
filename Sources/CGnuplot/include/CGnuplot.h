#ifndef CGNUPLOT_H
#define CGNUPLOT_H

// A plain C interface to gnuplot-iostream: one running gnuplot that reads commands from us through a pipe. No C++ exception
// leaves these functions, and a gnuplot that has died gives an error code, never a SIGPIPE.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gnuplot_process gnuplot_process;

/// Starts `command` (for example "gnuplot -d -"), with its standard error in `error_log` unless that is NULL.
/// Returns NULL, and errno says why, when its program is not on the PATH (ENOENT) or does not start.
gnuplot_process *gnuplot_open(const char *command, const char *error_log);

/// Sends commands; they end in a newline. Returns 0, or -1 when gnuplot is no longer there to read them.
int gnuplot_send_text(gnuplot_process *process, const char *text);

/// Ends gnuplot, waits for it and frees the process. Returns its exit status, 128 + n after signal n, or -1.
int gnuplot_close(gnuplot_process *process);

#ifdef __cplusplus
}
#endif

#endif
