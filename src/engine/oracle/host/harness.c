/*
 * Runs single instructions on this processor and tells what they did.
 *
 * stdin: cases (struct test); stdout: results (struct outcome), in order. Each case is loaded by returning from a
 * signal handler into it with RFLAGS.TF set, so that the single-step trap behind its one instruction, or the
 * exception it raises, comes back to the handler with every register in the signal frame. A repeated string
 * instruction traps after every iteration and is continued until it has ended.
 *
 * With an argument it prints the processor's make, family and model, the features of the table it has, and LDT where
 * 16-bit code can run, and ends.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <asm/prctl.h>
#include <cpuid.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* caseLayout.ts has the same figures. */
#define CODE 0x10000fe0ul
#define DATA 0x10020000ul
#define FIRST (DATA + 0xfa0)
#define FIRST_BYTES 192
#define LAST (DATA + 0x1fc0)
#define LAST_BYTES 64
#define READ_ONLY 0x10040000ul
#define GS_BASE 0x10010000ul
#define PAGE 4096

#define REPEATED 1
#define CODE32 2
#define CODE16 4

struct test {
  uint8_t code[30];
  uint8_t end; /* 0: one instruction; else run until this many bytes behind the start */
  uint8_t flags;
  uint64_t reg[16]; /* RAX RCX RDX RBX RSP RBP RSI RDI R8..R15 */
  uint64_t rflags;
  uint8_t memory[FIRST_BYTES + LAST_BYTES];
};

struct outcome {
  uint64_t reg[16];
  uint64_t rip;
  uint64_t rflags;
  uint64_t cr2;
  uint32_t vector;
  uint32_t error;
  uint8_t memory[FIRST_BYTES + LAST_BYTES];
};

static const int ORDER[16] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};
/* SS, FS, GS and CS of the 64-bit and of the 32-bit code Linux gives a process, and of our 16-bit code. */
#define SELECTORS64 0x002b000000000033ul
#define SELECTORS32 0x002b000000000023ul
#define SELECTORS16 (((uint64_t)LDT(SS16) << 48) | LDT(CS16))
/* Entries of our local descriptor table, and their selectors. */
enum { CS16, DS16, ES16, SS16 };
#define LDT(entry) ((entry) << 3 | 7)
#define FLAT 0x2b
#define TF 0x100
#define NT 0x4000
#define AC 0x40000
#define ID 0x200000

static struct test *tests;
static struct outcome *outcomes;
static volatile long count, at;
static sigjmp_buf finished;

static uint64_t start(const struct test *t) {
  return t->flags & CODE16 ? CODE % PAGE : CODE;
}

/* 16- and 32-bit code addresses through DS and ES, which 64-bit processes leave null. */
static void loadDataSegments(unsigned ds, unsigned es) {
  __asm__ volatile("mov %0, %%ds\n\tmov %1, %%es" : : "r"(ds), "r"(es));
}

static void load(ucontext_t *context) {
  const struct test *t = &tests[at];
  greg_t *reg = context->uc_mcontext.gregs;
  for (int i = 0; i < 16; i++) reg[ORDER[i]] = (greg_t)t->reg[i];
  reg[REG_RIP] = (greg_t)start(t);
  reg[REG_EFL] = (greg_t)(t->rflags | TF);
  reg[REG_CSGSFS] = (greg_t)(t->flags & CODE16 ? SELECTORS16 : t->flags & CODE32 ? SELECTORS32 : SELECTORS64);
  if (t->flags & CODE16) loadDataSegments(LDT(DS16), LDT(ES16));
  else if (t->flags & CODE32) loadDataSegments(FLAT, FLAT);
  memcpy((void *)CODE, t->code, sizeof t->code);
  memcpy((void *)FIRST, t->memory, FIRST_BYTES);
  memcpy((void *)LAST, t->memory + FIRST_BYTES, LAST_BYTES);
}

static void store(const greg_t *reg) {
  struct outcome *o = &outcomes[at];
  for (int i = 0; i < 16; i++) o->reg[i] = (uint64_t)reg[ORDER[i]];
  o->rip = (uint64_t)reg[REG_RIP];
  o->rflags = (uint64_t)reg[REG_EFL];
  o->cr2 = (uint64_t)reg[REG_CR2];
  o->vector = (uint32_t)reg[REG_TRAPNO];
  o->error = (uint32_t)reg[REG_ERR];
  memcpy(o->memory, (void *)FIRST, FIRST_BYTES);
  memcpy(o->memory + FIRST_BYTES, (void *)LAST, LAST_BYTES);
}

/* Whether the case has not ended with the single-step trap at `rip`. */
static int goesOn(const struct test *t, uint64_t rip) {
  if (t->flags & REPEATED) return rip == start(t);
  return t->end != 0 && rip != start(t) + t->end;
}

static void handle(int signal, siginfo_t *info, void *frame) {
  (void)info;
  /* With AC = 1 C's unaligned accesses would fault; NT and ID would stay set in later cases. */
  __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~(uint64_t)(AC | NT | ID));
  ucontext_t *context = frame;
  greg_t *reg = context->uc_mcontext.gregs;
  if (at >= 0) {
    if (signal == SIGTRAP && goesOn(&tests[at], (uint64_t)reg[REG_RIP])) {
      reg[REG_EFL] |= TF;
      return;
    }
    store(reg);
  }
  if (++at >= count) siglongjmp(finished, 1);
  load(context);
}

static int describeSegment(unsigned entry, unsigned base, unsigned limit, unsigned contents) {
  struct user_desc d = {.entry_number = entry, .base_addr = base, .limit = limit, .contents = contents, .useable = 1};
  return syscall(SYS_modify_ldt, 1, &d, sizeof d) == 0;
}

/* The segments of 16-bit code, as caseLayout.ts has them; 0 where the system has no local descriptor tables. */
static int describeSegments(void) {
  return describeSegment(CS16, CODE & ~(PAGE - 1ul), 0xffff, MODIFY_LDT_CONTENTS_CODE) &&
         describeSegment(DS16, DATA, 2 * PAGE - 1, MODIFY_LDT_CONTENTS_DATA) &&
         describeSegment(ES16, DATA, 0x7ff, MODIFY_LDT_CONTENTS_STACK) &&
         describeSegment(SS16, DATA, 2 * PAGE - 1, MODIFY_LDT_CONTENTS_DATA);
}

static void describe(void) {
  unsigned a, b, c, d, b7, c7;
  __cpuid(0, a, b, c, d);
  char vendor[13] = {0};
  memcpy(vendor, &b, 4);
  memcpy(vendor + 4, &d, 4);
  memcpy(vendor + 8, &c, 4);
  printf("%s", vendor);
  __cpuid(1, a, b, c, d);
  unsigned family = a >> 8 & 15, model = a >> 4 & 15;
  if (family == 15) family += a >> 20 & 255;
  if (family >= 6) model |= a >> 12 & 0xf0;
  printf("/%u/%u", family, model);
  if (c & bit_POPCNT) printf(" POPCNT");
  if (c & bit_MOVBE) printf(" MOVBE");
  if (c & bit_CMPXCHG16B) printf(" CMPXCHG16B");
  b7 = 0;
  __cpuid_count(7, 0, a, b7, c7, d);
  if (b7 & bit_BMI) printf(" BMI1");
  if (b7 & bit_BMI2) printf(" BMI2");
  if (b7 & bit_ADX) printf(" ADX");
  if (b7 & (1u << 23)) printf(" CLFLUSHOPT");
  if (b7 & (1u << 24)) printf(" CLWB");
  __cpuid(0x80000001, a, b, c, d);
  if (c & bit_LZCNT) printf(" LZCNT");
  if (c & bit_LAHF_LM) printf(" LAHF");
  if (c & bit_PRFCHW) printf(" PREFETCHW");
  if (describeSegments()) printf(" LDT");
  printf("\n");
}

static void *map(uint64_t where, size_t bytes, int rights) {
  void *p = mmap((void *)where, bytes, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (p != (void *)where) {
    perror("mmap");
    exit(1);
  }
  return p;
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
  if (argc > 1) {
    describe();
    return 0;
  }
  map(CODE & ~(PAGE - 1ul), PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  map(DATA, 2 * PAGE, PROT_READ | PROT_WRITE);
  map(READ_ONLY, PAGE, PROT_READ);
  /* Present from now on, as its page faults then say. */
  (void)*(volatile char *)READ_ONLY;
  syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE);
  describeSegments();

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
  /* Instructions may have left flags that C does not expect. */
  __asm__ volatile("cld");
  writeAll(outcomes, wanted * sizeof *outcomes);
  return 0;
}
