# Count: a loop with one system call in each turn. The counter is in RBX, which
# SYSCALL keeps; in RCX it would be lost (see the example "RCX is lost").
#include "syscall.h"

    .text
    .globl _start
_start:
    movl $5, %ebx
again:
    leaq '0'(%rbx), %rax            # the digit as a character
    movb %al, digit(%rip)

    movq $SYS_write, %rax
    movq $1, %rdi
    leaq text(%rip), %rsi
    movq $text_length, %rdx
    syscall

    decl %ebx
    jnz again

    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

    .data
text:
    .ascii "T minus "
digit:
    .ascii "?\n"
    .set text_length, . - text
