// Hash maps are seeded by these two, and so the same call costs something else in every run. In the benchmarks both say the
// same in each, and counts are the same again. Intervals are measured by the monotonic clock, which is left alone.
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

// What is freed at the end of the heap goes back to the system, to be taken anew page by page, and which row is there is
// chance. It stays.
__attribute__((constructor)) static void keep_memory(void) {
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
}
