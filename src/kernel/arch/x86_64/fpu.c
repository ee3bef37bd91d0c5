/*
 * fpu.c: the x87, MMX and SSE registers. They belong to whoever runs in ring 3;
 * schedule() exchanges them eagerly, so that no process ever finds another's in
 * them. The lazy way, CR0.TS and #NM, leaves them there until somebody looks, and
 * processors have been seen to look by speculation.
 */
#include "kernel.h"
#include "msr.h"

_Static_assert(sizeof(struct fpu_state) == 512, "SDM vol. 2A, FXSAVE");

#define FCW_INITIAL 0x037f      /* all exceptions masked, 64-bit precision, to nearest: as after FNINIT */
#define MXCSR_INITIAL 0x1f80    /* all exceptions masked, to nearest: as after reset */

/* What a program starts with, as the System V ABI has it: every register empty or 0. */
const struct fpu_state fpu_initial = {.fcw = FCW_INITIAL, .mxcsr = MXCSR_INITIAL};

/* FXSAVE and SSE need no look at CPUID: every CPU with long mode has them. */
void fpu_init(void)
{
    WRITE_CR(0, (READ_CR(0) | CR0_MP | CR0_NE) & ~(uint64_t)(CR0_EM | CR0_TS));
    WRITE_CR(4, READ_CR(4) | CR4_OSFXSR | CR4_OSXMMEXCPT);
    fpu_load(&fpu_initial);
}

/* Neither of these two raises an x87 error that ring 3 has left pending: it comes when ring 3 goes on. */
void fpu_save(struct fpu_state *to)
{
    asm volatile("fxsave64 %0" : "=m"(*to));
}

void fpu_load(const struct fpu_state *from)
{
    asm volatile("fxrstor64 %0" : : "m"(*from));
}
