/*
 * Runs single x87, MMX and SSE instructions on this processor and tells what they did.
 *
 * stdin: a count and cases (struct test); stdout: results (struct outcome), in order. As in the integer harness each
 * case is loaded by returning from a signal handler into it with RFLAGS.TF set; the x87 and SSE registers are those
 * of the signal frame, which holds an FXSAVE image. With an argument the cases are 32-bit code.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

/* floatLayout.ts has the same figures. */
#define CODE 0x10000ff0ul
#define DATA 0x10020000ul
#define BLOCK (DATA + 0xec0)
#define BLOCK_BYTES 640
#define IMAGE_BYTES 416
#define PAGE 4096
#define TF 0x100
/* SS, FS, GS and CS of the 32-bit code Linux gives a process, and its data segment. */
#define SELECTORS32 0x002b000000000023ul
#define FLAT 0x2b

struct test {
  uint8_t code[16];
  uint64_t reg[16];
  uint64_t rflags;
  uint8_t image[IMAGE_BYTES];
  uint8_t memory[BLOCK_BYTES];
};

struct outcome {
  uint64_t reg[16];
  uint64_t rip;
  uint64_t rflags;
  uint64_t vector;
  uint8_t image[IMAGE_BYTES];
  uint8_t memory[BLOCK_BYTES];
};

static const int ORDER[16] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};
static struct test *tests;
static struct outcome *outcomes;
static volatile long count, at;
static int narrow;
static sigjmp_buf finished;

static void load(ucontext_t *context) {
  const struct test *t = &tests[at];
  greg_t *reg = context->uc_mcontext.gregs;
  for (int i = 0; i < 16; i++) reg[ORDER[i]] = (greg_t)t->reg[i];
  reg[REG_RIP] = (greg_t)CODE;
  reg[REG_EFL] = (greg_t)(t->rflags | TF);
  if (narrow) {
    reg[REG_CSGSFS] = (greg_t)SELECTORS32;
    /* 64-bit processes leave these null. */
    __asm__ volatile("mov %0, %%ds\n\tmov %0, %%es" : : "r"(FLAT));
  }
  uint8_t *image = (uint8_t *)context->uc_mcontext.fpregs;
  memcpy(image, t->image, 28);
  memcpy(image + 32, t->image + 32, IMAGE_BYTES - 32);
  /* x87 and SSE state is there: XSTATE_BV. */
  *(uint64_t *)(image + 512) |= 3;
  memcpy((void *)CODE, t->code, 15);
  memcpy((void *)BLOCK, t->memory, BLOCK_BYTES);
}

static void store(const ucontext_t *context) {
  struct outcome *o = &outcomes[at];
  const greg_t *reg = context->uc_mcontext.gregs;
  for (int i = 0; i < 16; i++) o->reg[i] = (uint64_t)reg[ORDER[i]];
  o->rip = (uint64_t)reg[REG_RIP];
  o->rflags = (uint64_t)reg[REG_EFL];
  o->vector = (uint64_t)reg[REG_TRAPNO];
  memcpy(o->image, context->uc_mcontext.fpregs, IMAGE_BYTES);
  memcpy(o->memory, (void *)BLOCK, BLOCK_BYTES);
}

static void handle(int signal, siginfo_t *info, void *frame) {
  (void)signal;
  (void)info;
  if (at >= 0) store(frame);
  if (++at >= count) siglongjmp(finished, 1);
  load(frame);
}

static void map(uint64_t where, size_t bytes, int rights) {
  void *p = mmap((void *)where, bytes, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (p != (void *)where) {
    perror("mmap");
    exit(1);
  }
}

static void readAll(void *to, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t n = read(0, (char *)to + done, bytes - done);
    if (n <= 0) exit(1);
    done += (size_t)n;
  }
}

static void writeAll(const void *from, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t n = write(1, (const char *)from + done, bytes - done);
    if (n <= 0) exit(1);
    done += (size_t)n;
  }
}

int main(int argc, char **argv) {
  (void)argv;
  narrow = argc > 1;
  map(CODE & ~(PAGE - 1ul), PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  map(DATA, 2 * PAGE, PROT_READ | PROT_WRITE);
  stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  const int signals[] = {SIGTRAP, SIGSEGV, SIGFPE, SIGILL, SIGBUS};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);

  uint64_t wanted;
  readAll(&wanted, sizeof wanted);
  count = (long)wanted;
  tests = malloc(wanted * sizeof *tests);
  outcomes = calloc(wanted, sizeof *outcomes);
  readAll(tests, wanted * sizeof *tests);
  at = -1;
  if (sigsetjmp(finished, 1) == 0 && count > 0) raise(SIGTRAP);
  writeAll(outcomes, wanted * sizeof *outcomes);
  return 0;
}
