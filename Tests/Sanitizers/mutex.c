// What the thread sanitizer has to know of Swift's Mutex.
//
// Its quick path is inlined into our code, so the sanitizer sees it. Its slow path, taken when two
// threads want the lock at a time, lies in libswiftSynchronization, which is not instrumented:
// without this file every contended lock is reported as a race of what it protects. The linker
// (--wrap) leads calls of the slow path here; each tells the sanitizer of the order that the lock
// has made, and goes on to the library.

#include <stdint.h>

#define SLOW_LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define SLOW_UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SELF __attribute__((swift_context))
#define SWIFT __attribute__((swiftcall))

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void real_lock(uint32_t thread, SELF void *handle) __asm__("__real_" SLOW_LOCK);
SWIFT void real_unlock(SELF void *handle) __asm__("__real_" SLOW_UNLOCK);
SWIFT void wrapped_lock(uint32_t thread, SELF void *handle) __asm__("__wrap_" SLOW_LOCK);
SWIFT void wrapped_unlock(SELF void *handle) __asm__("__wrap_" SLOW_UNLOCK);

SWIFT void wrapped_lock(uint32_t thread, SELF void *handle) {
  real_lock(thread, handle);
  __tsan_acquire(handle);
}

SWIFT void wrapped_unlock(SELF void *handle) {
  __tsan_release(handle);
  real_unlock(handle);
}
