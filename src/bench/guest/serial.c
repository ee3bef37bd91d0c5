/* The guests' end of the talk: COM1, without interrupts. */
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

void put(u8 byte) {
  while (!(in(LSR) & LSR_TRANSMITTER_EMPTY)) {}
  out(COM1, byte);
}

u8 get(void) {
  while (!(in(LSR) & LSR_DATA_READY)) {}
  return in(COM1);
}
