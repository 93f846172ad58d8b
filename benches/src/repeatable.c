// Hash maps take their seeds from these two functions, so the cost of a call differs from run to run. In the benchmarks both
// functions return the same values in every run, which makes the counts equal. The monotonic clock, which measures
// intervals, is not affected.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <malloc.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

ssize_t getrandom(void *buffer, size_t length, unsigned int flags) {
  (void)flags;
  memset(buffer, 7, length);
  return (ssize_t)length;
}

typedef int (*gettime)(clockid_t, struct timespec *);

int clock_gettime(clockid_t clock, struct timespec *now) {
  static gettime next;
  if (clock == CLOCK_REALTIME) {
    *now = (struct timespec){.tv_sec = 1700000000};
    return 0;
  }
  if (!next) {
    next = (gettime)dlsym(RTLD_NEXT, "clock_gettime");
  }
  return next(clock, now);
}

// Freed memory at the end of the heap would return to the system, and the next row would pay for the page faults. The
// allocator keeps the memory instead.
__attribute__((constructor)) static void keep_memory(void) {
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
}
