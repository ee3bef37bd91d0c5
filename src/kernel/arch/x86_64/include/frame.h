/*
 * The trap frame: every door into the kernel leaves this same picture on the
 * process's kernel stack, lowest address first. The last five words are in the
 * order in which interrupt delivery pushes them (SDM vol. 3A, 6.14.2), so any
 * frame can be left by IRETQ; SYSCALL's stub builds them by hand.
 */
#pragma once

#define FRAME_VECTOR 120
#define FRAME_ERROR  128
#define FRAME_RIP    136
#define FRAME_CS     144
#define FRAME_RFLAGS 152
#define FRAME_RSP    160
#define FRAME_SS     168

/* Not a vector of the IDT: says that the frame was built by syscall_entry. */
#define VECTOR_SYSCALL 0x100

/* Offsets in struct cpu, reached through GS after SWAPGS. */
#define CPU_KERNEL_RSP 0
#define CPU_USER_RSP   8

/* Offset in struct flaws (kernel.h). */
#define FLAWS_CANONICAL_CHECK 7

#ifdef __ASSEMBLER__
.macro PUSH_REGISTERS
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %rax
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
.endm

.macro POP_REGISTERS
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
.endm
#else
struct frame {
    unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8;
    unsigned long rax, rcx, rdx, rsi, rdi;
    unsigned long vector, error;
    unsigned long rip, cs, rflags, rsp, ss;
};
#endif
