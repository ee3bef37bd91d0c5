/* The same programs as a process of the host: standard input and output instead of COM1, and the arrays. */
#include <stdlib.h>
#include <unistd.h>
#include "bench.h"

#define PAGE_ALIGNED __attribute__((aligned(4096)))

PAGE_ALIGNED u8 sieve_flags[1 << 20], copy_from[2 << 20], copy_to[2 << 20], rep_from[65 << 20], rep_to[65 << 20];

u8 get(void) {
  u8 byte;
  if (read(0, &byte, 1) != 1) exit(0);
  return byte;
}

void put(u8 byte) {
  if (write(1, &byte, 1) != 1) exit(1);
}

int main(void) {
  bench_main();
}
