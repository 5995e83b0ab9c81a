// gnuplot-iostream behind a C interface. The library's own pipe is not used, because it drops gnuplot's exit status, prints
// to our standard error, and does not notice a missing program. We open the pipe and lend the library a copy.

#include "CGnuplot.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <new>
#include <pthread.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gnuplot-iostream.h>

namespace {

/// Holds SIGPIPE back on this thread and swallows the one a dead gnuplot gave rise to. The process's own handling
/// of the signal is left as it is.
class WithoutBrokenPipeSignal {
public:
  WithoutBrokenPipeSignal() {
    sigset_t pending;
    sigpending(&pending);
    already_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&broken_pipe_);
    sigaddset(&broken_pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }

  ~WithoutBrokenPipeSignal() {
    const int error = errno;
    if (!already_pending_) {
      const timespec at_once = {0, 0};
      while (sigtimedwait(&broken_pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }

private:
  sigset_t broken_pipe_, before_;
  bool already_pending_;
};

/// The program that a command line names: its first word.
std::string program_of(const std::string &command) {
  std::istringstream words(command);
  std::string word;
  words >> word;
  return word;
}

/// The shell would start anyway and report a missing program only on standard error, so we look for it first.
bool is_executable(const std::string &program) {
  if (program.empty()) return false;
  if (program.find('/') != std::string::npos) return access(program.c_str(), X_OK) == 0;
  const char *path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  std::string folder;
  while (std::getline(folders, folder, ':')) {
    if (folder.empty()) folder = ".";
    if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string quoted_for_shell(const std::string &text) {
  std::string quoted = "'";
  for (char character : text) {
    if (character == '\'') quoted += "'\\''";
    else quoted += character;
  }
  return quoted + "'";
}

int exit_status(int waited) {
  if (waited == -1) return -1;
  if (WIFEXITED(waited)) return WEXITSTATUS(waited);
  if (WIFSIGNALED(waited)) return 128 + WTERMSIG(waited);
  return -1;
}

}  // namespace

struct gnuplot_process {
  std::FILE *pipe = nullptr;
  std::unique_ptr<Gnuplot> stream;
};

namespace {

/// Runs one use of the stream; a failure of any kind becomes -1.
template <typename Action>
int guarded(gnuplot_process *process, Action action) {
  if (!process || !process->stream) {
    errno = EINVAL;
    return -1;
  }
  WithoutBrokenPipeSignal quiet;
  try {
    action(*process->stream);
    return process->stream->good() ? 0 : -1;
  } catch (...) {
    return -1;
  }
}

}  // namespace

extern "C" gnuplot_process *gnuplot_open(const char *command, const char *error_log) {
  try {
    std::string line = command ? command : "";
    if (!is_executable(program_of(line))) {
      errno = ENOENT;
      return nullptr;
    }
    // Whatever the user's locale: in "C" gnuplot cannot write UTF-8, and warns of it.
    line = "LC_ALL=C.UTF-8 exec " + line;
    // A picture that cannot be opened would be printed.
    if (error_log) line += " >/dev/null 2>" + quoted_for_shell(error_log);

    auto process = std::make_unique<gnuplot_process>();
    process->pipe = popen(line.c_str(), "we");  // e: a gnuplot started beside this one must not hold our end open
    if (!process->pipe) return nullptr;
    const int copy = fcntl(fileno(process->pipe), F_DUPFD_CLOEXEC, 3);
    std::FILE *lent = copy < 0 ? nullptr : fdopen(copy, "w");
    if (!lent) {
      const int error = errno;
      if (copy >= 0) close(copy);
      pclose(process->pipe);
      errno = error;
      return nullptr;
    }
    try {
      process->stream = std::make_unique<Gnuplot>(lent);
    } catch (...) {
      fclose(lent);
      pclose(process->pipe);
      errno = ENOMEM;
      return nullptr;
    }
    return process.release();
  } catch (...) {
    errno = ENOMEM;
    return nullptr;
  }
}

extern "C" int gnuplot_send_text(gnuplot_process *process, const char *text) {
  return guarded(process, [&](Gnuplot &stream) { stream << text << std::flush; });
}

extern "C" int gnuplot_close(gnuplot_process *process) {
  if (!process) return -1;
  WithoutBrokenPipeSignal quiet;
  try {
    process->stream.reset();
  } catch (...) {
  }
  const int status = exit_status(pclose(process->pipe));
  delete process;
  return status;
}
