/*
 * The talk with the harness. ACK says that we are up. A command is a letter
 * (which program), a decimal number (how many units) and a line feed. The answer
 * is STX when work begins and ETX when it is done, the checksum in eight
 * hexadecimal digits and a line feed; the harness takes the time at STX and ETX.
 */
#include "bench.h"

#define STX 2
#define ETX 3
#define ACK 6

static u32 run(u8 program, u32 n) {
  switch (program) {
    case 's': return sieve(n);
    case 'i': return integer_loop(n);
    case 'c': return copy_loop(n);
    case 'f': return fib32(n);
    case 'r': return rep_movsb(n);
    case 'b': return bytecode(n);
    case 'q': return quicksort(n);
    case 'h': return sha256(n);
    case 'n': return nbody(n);
    case 'v': return sse2_memcpy(n);
#ifdef __x86_64__
    case 'm': return multiply_mod(n);
#endif
#if defined(__x86_64__) && !__STDC_HOSTED__
    case 'y': return round_trips(n);
#endif
    default: return 0xffffffff;
  }
}

void bench_main(void) {
  put(ACK);
  for (;;) {
    u8 program = get();
    u32 n = 0;
    for (u8 digit = get(); digit != '\n'; digit = get()) n = n * 10 + (digit - '0');
    put(STX);
    u32 sum = run(program, n);
    put(ETX);
    for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[sum >> shift & 15]);
    put('\n');
  }
}
