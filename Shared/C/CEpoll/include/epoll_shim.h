// `struct epoll_event` is packed on x86-64 and its data is a union: both are out of Swift's reach.
#pragma once
#include <stdint.h>
#include <sys/epoll.h>

/// Waits as epoll_wait(2); fills descriptors and event masks; -1 with errno on failure.
int ikso_epoll_wait(int epoll, int32_t *descriptors, uint32_t *events, int capacity, int timeout_ms);
/// epoll_ctl(2) with the descriptor as the event's data; `operation` is EPOLL_CTL_ADD, MOD or DEL.
int ikso_epoll_control(int epoll, int operation, int descriptor, uint32_t events);
/// eventfd(2), non-blocking: wakes a thread out of epoll_wait.
int ikso_wake_descriptor(void);
void ikso_wake(int descriptor);
void ikso_wake_clear(int descriptor);
/// A non-blocking descriptor that becomes readable when one of `signals` comes, from now on and
/// in whichever thread; -1 with errno on failure. Once in a process.
int ikso_signal_descriptor(const int32_t *signals, int count);
/// Reads one signal number; 0 when there is none, -1 with errno on failure.
int ikso_signal_read(int descriptor);
/// The pointer that this thread stored with `ikso_thread_owner_set`, or NULL.
const void *ikso_thread_owner(void);
void ikso_thread_owner_set(const void *owner);
/// errno, which Swift may clobber between a call and the read of it.
int ikso_errno(void);
/// No core file, and no reading of this process's memory by others of its user (prctl(2)); -1 with
/// errno on failure.
int ikso_core_dumps_forbid(void);
/// Names the calling thread for debuggers and top(1); at most 15 bytes.
void ikso_thread_name_set(const char *name);
