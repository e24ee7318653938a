#define _GNU_SOURCE
#include "epoll_shim.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
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

int ikso_signal_descriptor(const int32_t *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (failed != 0) {
    errno = failed;
    return -1;
  }
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int ikso_signal_read(int descriptor) {
  struct signalfd_siginfo info;
  ssize_t count = read(descriptor, &info, sizeof info);
  if (count == (ssize_t)sizeof info) return (int)info.ssi_signo;
  if (count < 0 && errno != EAGAIN && errno != EINTR) return -1;
  return 0;
}

static _Thread_local const void *owner_of_thread;

const void *ikso_thread_owner(void) { return owner_of_thread; }

void ikso_thread_owner_set(const void *owner) { owner_of_thread = owner; }

int ikso_errno(void) { return errno; }

void ikso_thread_name_set(const char *name) { pthread_setname_np(pthread_self(), name); }
