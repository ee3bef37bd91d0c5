/*
 * pingpong.c: a user program of the Emergence kernel. Two processes give the CPU
 * to each other and do nothing else. It talks to the harness as main.c does,
 * over the kernel's console; one unit is 1,000 yields by each process.
 */
#include "bench.h"
#include "syscall.h"

#define STX 2
#define ETX 3
#define ACK 6

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

void put(u8 byte) {
  call(SYS_write, 1, (long)&byte, 1);
}

static void yields(u32 n) {
  for (u32 i = n * 1000; i != 0; i--) call(SYS_yield, 0, 0, 0);
}

__attribute__((section(".text.start"), noreturn)) void _start(void) {
  put(ACK);
  for (;;) {
    char line[LINE_SIZE];
    int code = -1;
    u32 n = 0;
    long length = call(SYS_read, 0, (long)line, sizeof(line));
    for (long i = 1; i < length && line[i] != '\n'; i++) n = n * 10 + (u32)(line[i] - '0');
    long child = call(SYS_fork, 0, 0, 0);
    if (child == 0) {
      yields(n);
      call(SYS_exit, (long)(n & 127), 0, 0);
    }
    put(STX);
    yields(n);
    put(ETX);
    call(SYS_waitpid, child, (long)&code, 0);
    u32 sum = (u32)code == (n & 127) ? n : 0xffffffff;
    for (int shift = 28; shift >= 0; shift -= 4) put((u8)"0123456789abcdef"[sum >> shift & 15]);
    put('\n');
  }
}
