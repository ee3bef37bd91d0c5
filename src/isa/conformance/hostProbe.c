/*
 * Asks the processor itself how long instructions are and whether it knows them.
 *
 * Each record on stdin is 17 bytes: a length L (0 when the bytes are believed to be no instruction) and 16 bytes of code.
 * The first k bytes are put at the end of a page whose successor cannot be touched, and one instruction is run with the
 * trap flag set and every register 0. What arrives tells: SIGILL the processor raised #UD; a page fault fetching from the
 * next page, it wanted more than k bytes; anything else, k bytes were enough. The answer is one letter per probe
 * ('I', 'M', 'V'): with k = L and k = L - 1, or with k = 15 when L is 0 (then the second letter is '-').
 *
 * usage: hostProbe 64|32|16     (32-bit code runs in the 32-bit user segment, 16-bit code in a segment of our own LDT)
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096, USER32_CS = 0x23, LDT_ENTRY_0 = 0x07, TRAP_FLAG = 0x300, PAGE_FAULT = 14, FETCH = 0x10 };

static uint8_t *page;
static uint16_t code_selector; /* 0: stay in 64-bit mode */
static uint64_t code_base;
static uint64_t instruction; /* as RIP, i.e. relative to code_base */
static gregset_t ours;
static volatile sig_atomic_t probing;
static volatile int outcome;

/* SIGUSR1 enters the probed instruction by changing the context it returns to; every other signal comes back from it. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    (void)info;
    if (number == SIGUSR1) {
        memcpy(ours, regs, sizeof(gregset_t));
        for (int r = REG_R8; r <= REG_RCX; r++)
            regs[r] = 0;
        regs[REG_RSP] = 0;
        regs[REG_RIP] = (greg_t)instruction;
        regs[REG_EFL] = TRAP_FLAG | 2;
        if (code_selector != 0)
            regs[REG_CSGSFS] = (regs[REG_CSGSFS] & ~0xffffLL) | code_selector;
        probing = 1;
        return;
    }
    if (!probing)
        _exit(3); /* a fault of our own */
    probing = 0;
    int fetch = number == SIGSEGV && regs[REG_TRAPNO] == PAGE_FAULT && (regs[REG_ERR] & FETCH) != 0;
    int at_end = (uint64_t)regs[REG_CR2] == (uint64_t)page + PAGE && (uint64_t)regs[REG_RIP] == instruction;
    outcome = number == SIGILL ? 'I' : fetch && at_end ? 'M' : 'V';
    memcpy(regs, ours, sizeof(gregset_t));
}

static int probe(const uint8_t *code, int size)
{
    uint8_t *place = page + PAGE - size;
    memcpy(place, code, (size_t)size);
    instruction = (uint64_t)place - code_base;
    kill(getpid(), SIGUSR1);
    /* The instruction may have loaded these. */
    __asm__ volatile("mov %0, %%ds; mov %0, %%es" ::"r"(0));
    return outcome;
}

/* A 16-bit code segment over the page. */
static int make_16_bit_segment(void)
{
    struct user_desc segment = {.entry_number = 0,
                                .base_addr = (unsigned)(uintptr_t)page,
                                .limit = 0xffff,
                                .contents = MODIFY_LDT_CONTENTS_CODE,
                                .useable = 1};
    code_selector = LDT_ENTRY_0;
    code_base = (uint64_t)page;
    return (int)syscall(SYS_modify_ldt, 1, &segment, sizeof segment);
}

int main(int argc, char **argv)
{
    int bits = argc > 1 ? atoi(argv[1]) : 64;
    /* Far from everything else: stores through RIP-relative and absolute addresses hit nothing. */
    void *where = (void *)(bits == 64 ? 0x10000000000UL : 0x10000000UL);
    page = mmap(where, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (page == MAP_FAILED || mprotect(page + PAGE, PAGE, PROT_NONE) != 0)
        return 2;
    if (bits == 32)
        code_selector = USER32_CS;
    if (bits == 16 && make_16_bit_segment() != 0)
        return 2;

    static uint8_t alternate[1 << 18];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    const int signals[] = {SIGUSR1, SIGSEGV, SIGILL, SIGTRAP, SIGFPE, SIGBUS};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
        sigaction(signals[i], &action, NULL);
    }

    uint8_t record[17];
    while (fread(record, 1, sizeof record, stdin) == sizeof record) {
        int length = record[0];
        if (length == 0) {
            putchar(probe(record + 1, 15));
            putchar('-');
        } else {
            putchar(probe(record + 1, length));
            putchar(length > 1 ? probe(record + 1, length - 1) : 'M');
        }
    }
    fflush(stdout);
    _exit(0);
}
