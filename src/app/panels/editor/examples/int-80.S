# Another door: INT 80h goes through an interrupt gate. It reads the IDT, takes RSP0
# from the TSS and pushes five words, and IRETQ brings it back: SYSCALL does none
# of that. Both reach the same dispatcher. Watch "Next ring" on each.
#include "syscall.h"

    .text
    .globl _start
_start:
    movq $SYS_write, %rax
    movq $1, %rdi
    leaq by_gate(%rip), %rsi
    movq $by_gate_length, %rdx
    int $SYSCALL_INTERRUPT          # RCX and R11 survive this one

    movq $SYS_write, %rax
    movq $1, %rdi
    leaq by_syscall(%rip), %rsi
    movq $by_syscall_length, %rdx
    syscall

    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

    .section .rodata
by_gate:
    .ascii "by INT 80h\n"
    .set by_gate_length, . - by_gate
by_syscall:
    .ascii "by SYSCALL\n"
    .set by_syscall_length, . - by_syscall
