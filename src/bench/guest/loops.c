/*
 * The programs that are measured. Each does `n` units of one kind of work and
 * returns a checksum, which must be the same in every emulator and word size.
 * Loops here, and the string instruction; algorithms.c and vectors.c have the rest.
 */
#include "bench.h"

#define SIEVE_LAST 1000000u
#define COPY_BYTES (1u << 20)

/* One unit: all primes up to SIEVE_LAST. */
u32 sieve(u32 n) {
  u32 found = 0;
  while (n-- > 0) {
    found = 0;
    for (u32 i = 0; i <= SIEVE_LAST; i++) sieve_flags[i] = 1;
    for (u32 i = 2; i * i <= SIEVE_LAST; i++) {
      if (!sieve_flags[i]) continue;
      for (u32 j = i * i; j <= SIEVE_LAST; j += i) sieve_flags[j] = 0;
    }
    for (u32 i = 2; i <= SIEVE_LAST; i++) found += sieve_flags[i];
  }
  return found;
}

/* One unit: a million turns of a loop whose every operation waits for the one before. */
u32 integer_loop(u32 n) {
  u32 a = 1, b = 2;
  while (n-- > 0) {
    for (u32 i = 1000000; i != 0; i--) {
      a += b;
      b ^= a >> 7;
      b += 0x9e3779b9u;
      a ^= b;
    }
  }
  return a ^ b;
}

/* One unit: a mebibyte, word by word. */
u32 copy_loop(u32 n) {
  u32 *from = (u32 *)copy_from, *to = (u32 *)copy_to;
  for (u32 i = 0; i < COPY_BYTES / 4; i++) from[i] = i * 2654435761u;
  while (n-- > 0) {
    from[n & 1023] ^= n;
    for (u32 i = 0; i < COPY_BYTES / 4; i++) to[i] = from[i];
  }
  return to[77] ^ to[COPY_BYTES / 4 - 1];
}

/* A call is what this one measures: the compiler must neither inline nor unroll it. */
__attribute__((noinline, noclone, optimize("no-optimize-sibling-calls", "no-inline", "no-partial-inlining")))
static u32 fib(u32 k) {
  return k < 2 ? k : fib(k - 1) + fib(k - 2);
}

/* One unit: fib(32), about seven million calls. */
u32 fib32(u32 n) {
  u32 sum = 0;
  while (n-- > 0) sum += fib(32);
  return sum;
}

/* One unit: 64 MiB by one REP MOVSB, neither end on a page's boundary. */
u32 rep_movsb(u32 n) {
  for (u32 i = 0; i < 16; i++) rep_from[i << 20] = (u8)(n + i);
  while (n-- > 0) {
    const u8 *from = rep_from;
    u8 *to = rep_to;
    word bytes = 64ul << 20;
    __asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(bytes)::"memory");
  }
  u32 sum = 0;
  for (u32 i = 0; i < 16; i++) sum = sum * 31 + rep_to[i << 20];
  return sum;
}
