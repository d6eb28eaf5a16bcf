/*
 * The limit: reads so many bytes and writes so many, once, as fast as one core can. It is what a pooling of that input
 * and output could cost at the least, since it does nothing else.
 *
 * Answers requests on stdin, "read written times store\n" (bytes; one of the two a multiple of the other; how often;
 * store 0 ordinary, 1 past the caches), with the nanoseconds of all the times. The sizes are those of the first request.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* One cache line; the compiler splits it into the machine's own vectors. */
typedef int32_t line __attribute__((vector_size(64), may_alias));

static inline void put(line *to, line value, int past_caches) {
#if defined(__AVX512F__)
  if (past_caches) {
    _mm512_stream_si512((__m512i *)to, (__m512i)value);
    return;
  }
#elif defined(__AVX__)
  if (past_caches) {
    const __m256i *half = (const __m256i *)&value;
    _mm256_stream_si256((__m256i *)to, half[0]);
    _mm256_stream_si256((__m256i *)to + 1, half[1]);
    return;
  }
#endif
  *to = value;
}

/* Folds `ratio` lines into each line written. */
static inline __attribute__((always_inline)) void fold(const line *from, line *to, size_t n, size_t ratio, int past) {
  for (size_t i = 0; i < n; i++, from += ratio) {
    line sum = from[0];
    for (size_t j = 1; j < ratio; j++) sum |= from[j];
    put(to + i, sum, past);
  }
}

/* Writes each line read `ratio` times. */
static inline __attribute__((always_inline)) void spread(const line *from, line *to, size_t n, size_t ratio, int past) {
  for (size_t i = 0; i < n; i++, to += ratio)
    for (size_t j = 0; j < ratio; j++) put(to + j, from[i], past);
}

static void stream(const line *from, line *to, size_t read, size_t written, int past) {
  size_t in = read / sizeof(line), out = written / sizeof(line);
  int ordinary = !past;
#define EACH(F, N, R) (ordinary ? F(from, to, N, R, 0) : F(from, to, N, R, 1))
  if (in >= out) {
    size_t ratio = in / out;
    if (ratio == 1) EACH(fold, out, 1);
    else if (ratio == 2) EACH(fold, out, 2);
    else if (ratio == 4) EACH(fold, out, 4);
    else EACH(fold, out, ratio);
  } else {
    size_t ratio = out / in;
    if (ratio == 2) EACH(spread, in, 2);
    else if (ratio == 4) EACH(spread, in, 4);
    else EACH(spread, in, ratio);
  }
#if defined(__SSE2__)
  if (past) _mm_sfence();
#endif
  __asm__ volatile("" ::: "memory");
}

/* Reads and writes at the same place of their pages would wait for each other, so one block starts half a page later. */
static line *touched(size_t bytes, size_t offset) {
  size_t page = 4096, whole = (offset + bytes + page - 1) / page * page;
  char *memory = aligned_alloc(page, whole);
  if (!memory) exit(1);
  memset(memory, 1, whole);
  return (line *)(memory + offset);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(void) {
  size_t read, written, times;
  int past;
  line *from = NULL, *to = NULL;
  while (scanf("%zu %zu %zu %d", &read, &written, &times, &past) == 4) {
    if (!from) from = touched(read, 0), to = touched(written, 2048);
    int64_t start = now();
    for (size_t i = 0; i < times; i++) stream(from, to, read, written, past);
    printf("%lld\n", (long long)(now() - start));
    fflush(stdout);
  }
  return 0;
}
