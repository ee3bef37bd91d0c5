/*
 * The guest's side of the talk with the harness, over COM1. It says R when it
 * is up. A command is a letter (which program), a decimal number (how many
 * units) and a line feed. The answer is S when work begins and E when it is
 * done, the checksum in eight hexadecimal digits and a line feed; the harness
 * takes the time at S and at E.
 */
#include "bench.h"

#define COM1 0x3f8
#define LSR (COM1 + 5)
#define LSR_DATA_READY 0x01
#define LSR_TRANSMITTER_EMPTY 0x20

static u8 in(unsigned short port) {
  u8 value;
  __asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static void out(unsigned short port, u8 value) {
  __asm__ volatile("outb %0, %w1" ::"a"(value), "Nd"(port));
}

static void put(u8 byte) {
  while (!(in(LSR) & LSR_TRANSMITTER_EMPTY)) {}
  out(COM1, byte);
}

static u8 get(void) {
  while (!(in(LSR) & LSR_DATA_READY)) {}
  return in(COM1);
}

static u32 run(u8 program, u32 n) {
  switch (program) {
    case 's': return sieve(n);
    case 'i': return integer_loop(n);
    case 'c': return copy_loop(n);
    case 'f': return fib32(n);
    case 'r': return rep_movsb(n);
#ifdef __x86_64__
    case 'y': return round_trips(n);
#endif
    default: return 0xffffffff;
  }
}

void bench_main(void) {
  put('R');
  for (;;) {
    u8 program = get();
    u32 n = 0;
    for (u8 digit = get(); digit != '\n'; digit = get()) n = n * 10 + (digit - '0');
    put('S');
    u32 sum = run(program, n);
    put('E');
    for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[sum >> shift & 15]);
    put('\n');
  }
}
