/* The instructions C has no word for, and what the CPU told us about itself. */
#pragma once

#include "types.h"

static inline void outb(uint16_t port, uint8_t value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(uint16_t port, uint16_t value)
{
    asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
    uint8_t value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint64_t rdmsr(uint32_t msr)
{
    uint32_t low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
    asm volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static inline void cpuid(uint32_t leaf, uint32_t subleaf, uint32_t out[4])
{
    asm volatile("cpuid"
                 : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
                 : "a"(leaf), "c"(subleaf));
}

#define READ_CR(n) ({ uint64_t v_; asm volatile("movq %%cr" #n ", %0" : "=r"(v_)); v_; })
#define WRITE_CR(n, v) asm volatile("movq %0, %%cr" #n : : "r"((uint64_t)(v)) : "memory")

/*
 * Per-CPU data. IA32_KERNEL_GS_BASE holds its address while ring 3 runs and
 * SWAPGS brings it in; assembly reaches the first two words by %gs (frame.h).
 * C reads it by name only, so C never depends on which GS base is loaded.
 */
struct cpu {
    uint64_t kernel_rsp;    /* top of the current process's kernel stack */
    uint64_t user_rsp;      /* where syscall_entry keeps RSP for three instructions */
    struct process *current;
    bool nx, smep, smap;    /* from CPUID */
};

extern struct cpu cpu;
