/*
 * doors.S: the two older ways from ring 3 into the kernel. Both read descriptors
 * and both take the kernel stack from the TSS, which SYSCALL does not.
 */
#include "frame.h"
#include "msr.h"
#include "segment.h"
#include "syscall.h"

/*
 * interrupt_entry: INT 80h in ring 3, through a gate of DPL 3 (SDM vol. 3A,
 * 6.12.1.2). The CPU has switched to RSP0, pushed SS, RSP, RFLAGS, CS and RIP
 * and cleared IF.
 */
    .text
    .globl interrupt_entry
interrupt_entry:
    pushq $0
    pushq $SYSCALL_INTERRUPT
    jmp trap_common

/*
 * gate_entry: a far call in ring 3 to the call gate of GDT slot 38h (SDM vol.
 * 3A, 5.8.3.1). The CPU has switched to RSP0 and pushed SS, RSP, CS and RIP. It
 * has neither saved nor changed RFLAGS: interrupts may come before the CLI, on
 * this stack and with ring 3's GS, which is harmless because C never uses GS; so
 * may a #DB, if ring 3 set TF (trap.c).
 */
    .globl gate_entry
gate_entry:
    pushfq                      # first of all: these are ring 3's flags
    cli
    swapgs
    /* RFLAGS, RIP, CS, RSP, SS: rotate the first three into IRETQ's order. */
    pushq %rax
    movq 8(%rsp), %rax
    xchgq %rax, 24(%rsp)        # RFLAGS to where CS was
    xchgq %rax, 16(%rsp)        # CS to where RIP was
    movq %rax, 8(%rsp)          # RIP to the lowest word
    popq %rax
    pushq $0
    pushq $SYSCALL_INTERRUPT
    PUSH_REGISTERS
    pushq $RFLAGS_FIXED         # a call gate clears no flag: TF, NT, DF and AC are ring 3's
    popfq
    movq %rsp, %rdi
    call syscall_dispatch
    jmp return_to_user
