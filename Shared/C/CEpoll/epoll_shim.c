#define _GNU_SOURCE
#include "epoll_shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EVENTS_PER_WAIT = 256 };

int ikso_epoll_wait(int epoll, int32_t *descriptors, uint32_t *events, int capacity, int timeout_ms) {
  struct epoll_event ready[EVENTS_PER_WAIT];
  if (capacity > EVENTS_PER_WAIT) capacity = EVENTS_PER_WAIT;
  int count = epoll_wait(epoll, ready, capacity, timeout_ms);
  for (int i = 0; i < count; i++) {
    descriptors[i] = ready[i].data.fd;
    events[i] = ready[i].events;
  }
  return count;
}

int ikso_epoll_control(int epoll, int operation, int descriptor, uint32_t events) {
  struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int ikso_wake_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

// A full counter (EAGAIN) means that the thread is being woken already.
void ikso_wake(int descriptor) { eventfd_write(descriptor, 1); }

void ikso_wake_clear(int descriptor) {
  eventfd_t count;
  eventfd_read(descriptor, &count);
}

// The end that the handler writes to: a handler may call write(2) and little else (POSIX.1-2017,
// XSH 2.4.3). A pipe and not signalfd, as that needs the signals blocked in every thread, and the
// Swift runtime has started some before a program's first line.
static volatile int signal_pipe = -1;

static void on_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe means that signals are waiting to be read already.
  ssize_t written = write(signal_pipe, &byte, 1);
  (void)written;
  errno = saved;
}

int ikso_signal_descriptor(const int32_t *signals, int count) {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0) return -1;
  signal_pipe = ends[1];
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  // Whoever started the process may have left them blocked.
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) {
    if (sigaction(signals[i], &action, NULL) < 0) return -1;
    sigaddset(&set, signals[i]);
  }
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  return ends[0];
}

int ikso_signal_read(int descriptor) {
  unsigned char byte;
  ssize_t count = read(descriptor, &byte, 1);
  if (count == 1) return byte;
  if (count < 0 && errno != EAGAIN && errno != EINTR) return -1;
  return 0;
}

static _Thread_local const void *owner_of_thread;

const void *ikso_thread_owner(void) { return owner_of_thread; }

void ikso_thread_owner_set(const void *owner) { owner_of_thread = owner; }

int ikso_errno(void) { return errno; }

void ikso_thread_name_set(const char *name) { pthread_setname_np(pthread_self(), name); }

int ikso_core_dumps_forbid(void) {
  const struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) < 0) return -1;
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
