# A privileged instruction in ring 3: CLI needs CPL <= IOPL, and IOPL is 0. The
# processor raises #GP(0), the kernel ends the program, and the machine lives on.
# Try HLT, MOV to CR0 or WRMSR in its place.
#include "syscall.h"

    .text
    .globl _start
_start:
    movq $SYS_write, %rax
    movq $1, %rdi
    leaq before(%rip), %rsi
    movq $before_length, %rdx
    syscall

    cli                             # stops here

    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

    .section .rodata
before:
    .ascii "about to switch interrupts off\n"
    .set before_length, . - before
